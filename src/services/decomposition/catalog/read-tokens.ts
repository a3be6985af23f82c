/** From the text of a request to English tokens: data cut out, other languages translated, typos mended. */
import { withoutData } from './data-not-instruction.ts'
import type { Knowledge } from './knowledge.ts'
import type { Token } from './token.ts'
import { tokenize } from './tokenize.ts'
import { createTypoRepair } from './typos.ts'

/** Characters of a request that are read; the API takes no more. */
const longestRequest = 10_000

export type TokenReader = (text: string) => { readonly tokens: Token[]; readonly text: string; readonly cut: boolean }

export function createTokenReader({ english, lexicon, vocabulary }: Pick<Knowledge, 'english' | 'lexicon' | 'vocabulary'>): TokenReader {
  const isGood = (word: string): boolean => english.has(word) || vocabulary.words.has(word) || vocabulary.enums.has(word)
  const repair = createTypoRepair(vocabulary.words, lexicon.vocabulary(), isGood)
  return (raw) => {
    const text = raw.normalize('NFC').slice(0, longestRequest)
    const plain = withoutData(text)
    return { tokens: repair(tokenize(plain.text)), text: plain.text, cut: plain.cut }
  }
}
