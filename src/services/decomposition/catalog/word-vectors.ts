import { readFileSync } from 'node:fs'

/** How alike common English words are, by their stems; see lexicon/word-vectors.README.md. */
export type WordVectors = {
  /** Place of a stem in the table; -1 where it is unknown. */
  find(stem: string): number
  /** Cosine (-1..1) of the words at two places. */
  similarity(one: number, other: number): number
}

export function loadWordVectors(): WordVectors {
  const file = readFileSync(new URL('./lexicon/word-vectors.bin', import.meta.url))
  const size = file.readUInt32LE(0)
  const listEnd = 8 + file.readUInt32LE(4)
  const places = new Map(file.toString('latin1', 8, listEnd).split('\n').map((stem, place) => [stem, place]))
  const values = new Int8Array(file.buffer, file.byteOffset + listEnd, places.size * size)
  const lengths = new Float32Array(places.size)
  const dot = (one: number, other: number): number => {
    let sum = 0
    for (let at = one * size, to = other * size, end = at + size; at < end; at++, to++) sum += values[at]! * values[to]!
    return sum
  }
  for (let place = 0; place < places.size; place++) lengths[place] = Math.sqrt(dot(place, place)) || 1
  return {
    find: (stem) => places.get(stem) ?? -1,
    similarity: (one, other) => dot(one, other) / (lengths[one]! * lengths[other]!),
  }
}
