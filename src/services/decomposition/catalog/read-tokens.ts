/** From the text of a request to English tokens: data cut out, other languages translated, typos mended. */
import type { Knowledge } from './knowledge.ts'
import type { Token } from './token.ts'
import { tokenize } from './tokenize.ts'
import { createTypoRepair } from './typos.ts'

/** Characters of a request that are read; the API takes no more. */
const longestRequest = 10_000

export type TokenReader = (text: string) => { readonly tokens: Token[]; readonly text: string }

export function createTokenReader({ english, lexicon, vocabulary }: Pick<Knowledge, 'english' | 'lexicon' | 'vocabulary'>): TokenReader {
  const isGood = (word: string): boolean => english.has(word) || vocabulary.words.has(word) || vocabulary.enums.has(word)
  const repair = createTypoRepair(vocabulary.words, lexicon.vocabulary(), isGood)
  return (raw) => {
    const text = raw.normalize('NFC').slice(0, longestRequest)
    return { tokens: repair(tokenize(text)), text }
  }
}
