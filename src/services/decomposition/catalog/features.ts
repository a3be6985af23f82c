/** Sparse features of a span of words: stems, synonyms, pairs, letter sequences and masked entities. */
import { numberWords } from './lexicon/function-words.ts'
import type { Word } from './word.ts'

/** Feature weights by key; not yet scaled by how telling a feature is. */
export type Features = Map<string, number>

/** Words of one span that are looked at; longer spans are not one task. */
const longestSpan = 60

export function featuresOf(words: readonly Word[]): Features {
  const features: Features = new Map()
  const add = (key: string, weight: number): void => {
    features.set(key, Math.max(features.get(key) ?? 0, weight))
  }
  let before = '^'
  let count = 0
  for (const word of words) {
    if (word.kind === 'punct') continue
    if (++count > longestSpan) break
    const mask = maskOf(word)
    if (mask) {
      if (features.has(mask) && word.kind === 'entity') add(`${mask} again`, 0.5)
      add(mask, 0.5)
      for (const look of looksOf(word)) add(look, 0.35)
      for (const { capability, parameter } of word.enums) add(`e:${capability}.${parameter}`, 0.5)
      // A value that is a plain word may also be the word that tells.
      if (word.inEnum && word.kind === 'word') add(`w:${word.stem}`, 0.3)
      before = mask
      continue
    }
    add(`w:${word.stem}`, word.stop ? 0.4 : 1)
    for (const group of word.actions) add(group, 0.5)
    for (const group of word.things) add(group, 0.6)
    for (const group of word.hints) add(group, 0.3)
    add(`b:${before} ${word.stem}`, 0.5)
    before = word.stem
    if (!word.stop && word.word.length >= 4) {
      const padded = `<${word.word}>`
      for (let at = 0; at + 4 <= padded.length; at++) add(`c:${padded.slice(at, at + 4)}`, 0.2)
    }
  }
  return features
}

/** Entities and names stand for any other of their kind, so that three examples cover every host. */
function maskOf(word: Word): string | null {
  if (word.inEnum) return 'm:enum'
  if (word.time) return `m:${word.time}`
  if (word.kind === 'word' && numberWords.has(word.word)) return 'm:number'
  if (word.kind === 'entity') return word.entity === 'measure' ? 'm:number' : `m:${word.entity}`
  return word.name ? 'm:name' : null
}

/** What names of one kind have in common: worker-3 and worker-12, svc_orders and svc_mail, AB-1 and CD-27. */
function looksOf({ text, entity, kind, inEnum, time, name }: Word): readonly string[] {
  if (inEnum || time || kind !== 'entity' && !name || entity !== null && entity !== 'name') return []
  const parts = text.match(/\p{L}+|\p{N}+|[^\p{L}\p{N}]/gu) ?? []
  if (parts.length < 2 || parts.length > 9) return []
  const form = parts.map((part) => (/\p{N}/u.test(part) ? '9' : /\p{Lu}/u.test(part[0]!) ? 'A' : /\p{L}/u.test(part) ? 'a' : part)).join('')
  return /\p{L}{2}/u.test(parts[0]!) ? [`s:${form}`, `s:${parts[0]!.toLowerCase()}${parts[1]!.replace(/\p{N}+/u, '9')}`] : [`s:${form}`]
}
