/** How near words come to what the capabilities of a catalog are about, where neither they nor a synonym of theirs are named. */
import type { Profile } from './profile.ts'
import type { WordVectors } from './word-vectors.ts'

/** Per capability, how much nearer (-1..1) a word is to its words than to those of the others. */
export type Likeness = {
  /** To the words that say what is done. Null where the word has no meaning in the table. */
  toVerbs(stem: string): Float32Array | null
  /** To all its words. */
  toWords(stem: string): Float32Array | null
}

/** Similarity below which words have nothing to do with each other. */
const unrelated = 0.35
/** Words of a profile that it is surely about. */
const sure = 0.6
/** Words whose likeness is remembered. */
const mostRemembered = 4_000

export function buildLikeness(profiles: readonly Profile[], vectors: WordVectors): Likeness {
  return {
    toVerbs: remembered(comparer(profiles.map((profile) => profile.verbs), vectors)),
    toWords: remembered(comparer(profiles.map((profile) => profile.stems), vectors)),
  }
}

type Compare = (stem: string) => Float32Array | null

function comparer(weights: readonly ReadonlyMap<string, number>[], vectors: WordVectors): Compare {
  const places = new Map<string, number>()
  for (const map of weights) for (const [key, weight] of map) if (weight >= sure && !places.has(key) && vectors.find(key) >= 0) places.set(key, places.size)
  const rows = Int32Array.from(places.keys(), (key) => vectors.find(key))
  const own = weights.map((map) => [...map].flatMap(([key, weight]) => (weight >= sure && places.has(key) ? [{ place: places.get(key)!, weight }] : [])))
  return (stem) => {
    const row = vectors.find(stem)
    if (row < 0) return null
    const near = Float32Array.from(rows, (other) => Math.max(0, vectors.similarity(row, other) - unrelated) / (1 - unrelated))
    const best = Float32Array.from(own, (words) => words.reduce((most, { place, weight }) => Math.max(most, near[place]! * weight), 0))
    // What is near to every capability tells none of them.
    const usual = best.reduce((sum, value) => sum + value, 0) / (best.length || 1)
    return best.map((value) => value - (best.length > 1 ? usual : 0))
  }
}

function remembered(compare: Compare): Compare {
  const known = new Map<string, Float32Array | null>()
  return (stem) => {
    const before = known.get(stem)
    if (before !== undefined) return before
    const found = compare(stem)
    if (known.size < mostRemembered) known.set(stem, found)
    return found
  }
}
