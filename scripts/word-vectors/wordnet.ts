import { readFileSync } from 'node:fs'

/** Other words and how near they are (0..1). */
export type Neighbours = ReadonlyMap<number, ReadonlyMap<number, number>>

type Synset = { readonly words: readonly string[]; readonly pointers: readonly { kind: string; target: string; from: number; to: number }[] }

const parts = { n: 'noun', v: 'verb', a: 'adj', r: 'adv' } as const
/** Meanings of a word that are looked at, the usual ones first. */
const mostMeanings = 8

/**
 * Words that share a meaning (1 for the usual one, less for rarer ones), derivations and near meanings (0.6 of it), and
 * what a usual meaning is a kind of (0.4 of it).
 *
 * @param folder the `dict` folder of WordNet
 * @param indexOf place of a word; undefined for words that are not wanted
 */
export function wordNetNeighbours(folder: string, indexOf: (word: string) => number | undefined): Neighbours {
  const synsets = readSynsets(folder)
  const near = new Map<number, Map<number, number>>()
  const note = (one: number, word: string, weight: number): void => {
    const other = indexOf(word)
    if (other === undefined || other === one) return
    const known = near.get(one) ?? new Map<number, number>()
    near.set(one, known.set(other, Math.max(known.get(other) ?? 0, weight)))
  }
  for (const [part, name] of Object.entries(parts)) {
    for (const fields of lines(`${folder}/index.${name}`)) {
      const word = fields[0]!
      const one = indexOf(word)
      if (one === undefined) continue
      fields.slice(6 + Number(fields[3])).slice(0, mostMeanings).forEach((offset, rank) => {
        const weight = 1 / (1 + rank * 0.5)
        const { words, pointers } = synsets.get(part + offset)!
        for (const other of words) note(one, other, weight)
        for (const { kind, target, from, to } of pointers) {
          const others = synsets.get(target)?.words ?? []
          if (kind === '@' && rank < 3) for (const other of others) note(one, other, 0.4 * weight)
          if (kind === '+' && (from === 0 || words[from - 1]!.toLowerCase() === word)) for (const other of to ? [others[to - 1]!] : others) note(one, other, 0.6 * weight)
          if (['\\', '&', '$'].includes(kind)) for (const other of others) note(one, other, 0.6 * weight)
        }
      })
    }
  }
  return near
}

function readSynsets(folder: string): Map<string, Synset> {
  const synsets = new Map<string, Synset>()
  for (const [part, name] of Object.entries(parts)) {
    for (const fields of lines(`${folder}/data.${name}`)) {
      const count = Number.parseInt(fields[3]!, 16)
      const words = Array.from({ length: count }, (_, at) => fields[4 + 2 * at]!.split('(')[0]!)
      const at = 4 + 2 * count
      const pointers = Array.from({ length: Number(fields[at]) }, (_, number) => {
        const [kind, offset, of, place] = fields.slice(at + 1 + 4 * number)
        return { kind: kind!, target: (of === 's' ? 'a' : of!) + offset!, from: Number.parseInt(place!.slice(0, 2), 16), to: Number.parseInt(place!.slice(2), 16) }
      })
      synsets.set(part + fields[0]!, { words, pointers })
    }
  }
  return synsets
}

/** Fields of the lines of a WordNet file; its licence stands in lines that begin with spaces. */
function* lines(file: string): Generator<string[]> {
  for (const line of readFileSync(file, 'latin1').split('\n')) if (line && !line.startsWith('  ')) yield line.split('|')[0]!.trim().split(/\s+/)
}
