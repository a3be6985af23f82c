/**
 * Whether words that a model answers stand in what the person wrote. A value from nowhere is an invention, or something
 * that an instruction in the request made the model say; neither may get into a plan.
 */
import { editDistance } from '../../../catalog/edit-distance.ts'

export type Grounding = {
  /** True when the text stands in the sources, or all its words do, small typos and inflections forgiven. */
  covers(text: string): boolean
  /** True when the text stands in the sources as it is, spaces and case aside. */
  quotes(text: string): boolean
}

/** @param sources the request, answers, and values that were accepted before */
export function createGrounding(sources: readonly string[]): Grounding {
  const whole = sources.map(normalize).join('\n')
  const words = Map.groupBy(new Set(wordsOf(whole)), (word) => word[0])
  const known = new Map<string, boolean>()
  const isKnown = (word: string) => {
    const before = known.get(word)
    if (before !== undefined) return before
    // Typos rarely are in the first letter, and looking at a few words only bounds the work.
    const found = (words.get(word[0]) ?? []).some((other) => other === word || isNear(word, other))
    known.set(word, found)
    return found
  }
  const quotes = (text: string) => {
    const wanted = normalize(text)
    return wanted !== '' && whole.includes(wanted)
  }
  return {
    quotes,
    covers(text) {
      if (quotes(text)) return true
      const wanted = wordsOf(normalize(text))
      return wanted.length > 0 && wanted.length <= 200 && wanted.every(isKnown)
    },
  }
}

const normalize = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? []

/** Digits carry no redundancy: 8081 is not a typo of 8080. */
function isNear(word: string, known: string): boolean {
  if (word.length < 4 || /\p{N}/u.test(word) || /\p{N}/u.test(known)) return false
  const limit = word.length < 8 ? 1 : 2
  return editDistance(word, known, limit) <= limit
}
