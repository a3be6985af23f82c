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

/** Bounds the work for an answer that is all invention; beyond it typos are no longer forgiven. */
const mostComparisons = 200_000

/** @param sources the request, answers, and values that were accepted before */
export function createGrounding(sources: readonly string[]): Grounding {
  const whole = sources.map(normalize).join('\n')
  const words = new Set(wordsOf(whole))
  const byInitial = Map.groupBy(words, (word) => word[0])
  const known = new Map<string, boolean>()
  let comparisons = 0

  function isKnown(word: string): boolean {
    if (words.has(word)) return true
    const before = known.get(word)
    if (before !== undefined) return before
    // Typos rarely are in the first letter.
    const candidates = byInitial.get(word[0]) ?? []
    comparisons += candidates.length
    const found = comparisons <= mostComparisons && candidates.some((other) => isNear(word, other))
    known.set(word, found)
    return found
  }

  function quotes(text: string): boolean {
    const wanted = normalize(text)
    if (wanted === '') return false
    for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + 1)) {
      if (!goesOn(whole.slice(Math.max(0, at - 2), at), wanted) && !goesOn(wanted, whole.slice(at + wanted.length, at + wanted.length + 2))) return true
    }
    return false
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

/** True when a word of one text goes on in the next: "web-0" does not stand in "web-01". Some scripts have no spaces. */
const goesOn = (left: string, right: string): boolean => {
  const [before, after] = [/[\p{L}\p{N}]$/u.exec(left)?.[0], /^[\p{L}\p{N}]/u.exec(right)?.[0]]
  return before !== undefined && after !== undefined && !unspaced.test(before) && !unspaced.test(after)
}
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u

/** Digits carry no redundancy: 8081 is not a typo of 8080. */
function isNear(word: string, known: string): boolean {
  if (word.length < 4 || /\p{N}/u.test(word) || /\p{N}/u.test(known)) return false
  const limit = word.length < 8 ? 1 : 2
  return editDistance(word, known, limit) <= limit
}
