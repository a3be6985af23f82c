/** Mends mistyped words towards the words of the catalog and the lexicon; good English words are left alone. */
import { editDistance } from '../../../catalog/edit-distance.ts'
import { stem } from './stem.ts'
import type { Token } from './token.ts'

export type TypoRepair = (tokens: readonly Token[]) => Token[]

/** Repairs per request; more mistyped words than that are hardly a language we read. */
const mostRepairs = 60

/**
 * @param preferred words of the catalog, before others of the same distance
 * @param others function words and words of the lexicon
 * @param isGood words that are never changed
 */
export function createTypoRepair(preferred: Iterable<string>, others: Iterable<string>, isGood: (word: string) => boolean): TypoRepair {
  const byShape = new Map<string, { word: string; rank: number }[]>()
  const add = (word: string, rank: number): void => {
    if (word.length < 3 || !/^[\p{L}]+$/u.test(word)) return
    const key = `${word[0]}${word.length}`
    const list = byShape.get(key) ?? []
    if (!list.some((entry) => entry.word === word)) list.push({ word, rank })
    byShape.set(key, list)
  }
  for (const word of preferred) add(word, 0)
  for (const word of others) add(word, 1)

  function repair(word: string): string | null {
    const limit = word.length <= 3 ? 1 : word.length <= 5 ? 1 : 2
    let best: { word: string; cost: number } | null = null
    for (const first of new Set([word[0]!, word[1]!])) {
      for (let length = word.length - limit; length <= word.length + limit; length++) {
        for (const candidate of byShape.get(`${first}${length}`) ?? []) {
          const distance = editDistance(word, candidate.word, limit)
          if (distance > limit || (word.length <= 3 && length !== word.length)) continue
          // A transposition or a missing letter is likelier than another letter; another first letter is the least likely.
          const sameLetters = [...word].sort().join('') === [...candidate.word].sort().join('')
          const cost = distance * 2 + candidate.rank * 0.9 + (sameLetters ? -0.6 : 0) + (candidate.word[0] === word[0] ? 0 : 0.7) + (Math.abs(length - word.length) === 0 ? 0.2 : 0)
          if (word.length <= 3 && !sameLetters) continue
          // In a short word another letter makes another name; only a slip to the next key is a typing error.
          if (word.length <= 4 && length === word.length && !sameLetters && !isSlip(word, candidate.word)) continue
          // Two letters are too much to take a name for a word that the catalog does not have.
          if (distance > 1 && !sameLetters && (candidate.rank > 0 || word.length < 7)) continue
          if (!best || cost < best.cost) best = { word: candidate.word, cost }
        }
      }
    }
    return best?.word ?? null
  }

  return (tokens) => {
    let left = mostRepairs
    const memory = new Map<string, string | null>()
    return tokens.map((token, index) => {
      // Two capitals in a row are a name, also where a sentence begins.
      if (/^\p{Lu}/u.test(token.text) && /^\p{Lu}\p{Ll}/u.test(tokens[index + 1]?.text ?? '')) return token
      if (isPlease(tokens, index)) return { ...token, word: 'please', stem: 'please', capital: false }
      if (isAnd(tokens, index)) return { ...token, word: 'and', stem: 'and' }
      if (token.kind !== 'word' || token.capital || token.word.length < 3 || !/^[a-z]+$/.test(token.word) || isGood(token.word)) return token
      let mended = memory.get(token.word)
      if (mended === undefined) {
        mended = left-- > 0 ? repair(token.word) : null
        memory.set(token.word, mended)
      }
      return mended ? { ...token, word: mended, stem: stem(mended) } : token
    })
  }
}

const rows: readonly string[] = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/** One letter typed as one of the keys beside it. */
function isSlip(word: string, other: string): boolean {
  const wrong = [...word].findIndex((letter, at) => letter !== other[at])
  if (wrong < 0 || word.slice(wrong + 1) !== other.slice(wrong + 1)) return false
  const at = (letter: string): readonly [number, number] => rows.map((row, number): readonly [number, number] => [number, row.indexOf(letter)]).find(([, column]) => column >= 0) ?? [9, 9]
  const [[row, column], [otherRow, otherColumn]] = [at(word[wrong]!), at(other[wrong]!)]
  return Math.abs(row - otherRow) <= 1 && Math.abs(column - otherColumn) <= 1
}

/** "Plese" and "pleas" at the edge of a clause: the word that is mistyped most is no name. */
function isPlease(tokens: readonly Token[], index: number): boolean {
  const [before, token, next] = [tokens[index - 1], tokens[index]!, tokens[index + 1]]
  return (!next || next.kind === 'punct' || !before || before.kind === 'punct') && /^pl?e?a?[a-z]{1,3}$/i.test(token.text) && token.word !== 'please' && token.word.length >= 4 && editDistance(token.word, 'please', 1) <= 1
}

/** "an drain b": no article stands before a consonant. */
function isAnd(tokens: readonly Token[], index: number): boolean {
  const [before, token, next] = [tokens[index - 1], tokens[index]!, tokens[index + 1]]
  return token.word === 'an' && token.text === 'an' && before !== undefined && before.kind !== 'punct' && next?.kind === 'word' && /^[bcdfgjklmnpqrstvwxyz]/.test(next.text) && next.text.length > 2
}
