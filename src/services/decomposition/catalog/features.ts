/** Sparse features of a span of words: stems, synonyms, pairs, letter sequences and masked entities. */
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
      add(mask, 0.5)
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
  if (word.kind === 'entity') return word.entity === 'measure' ? 'm:number' : `m:${word.entity}`
  return word.name ? 'm:name' : null
}
