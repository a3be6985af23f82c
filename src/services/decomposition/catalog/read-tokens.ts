/** From the text of a request to English tokens: data cut out, other languages translated, typos mended. */
import { withoutData } from './data-not-instruction.ts'
import type { Knowledge } from './knowledge.ts'
import type { Token } from './token.ts'
import { tokenize } from './tokenize.ts'
import { createTranslator } from './translate.ts'
import { createTypoRepair } from './typos.ts'

/** Characters of a request that are read; the API takes no more. */
const longestRequest = 10_000

export type TokenReader = (text: string) => { readonly tokens: Token[]; readonly text: string; readonly cut: boolean }

export function createTokenReader({ english, lexicon, vocabulary }: Pick<Knowledge, 'english' | 'lexicon' | 'vocabulary'>): TokenReader {
  const isGood = (word: string): boolean => english.has(word) || vocabulary.words.has(word) || vocabulary.enums.has(word)
  const repair = createTypoRepair(vocabulary.words, lexicon.vocabulary(), isGood)
  const translator = createTranslator((word) => english.has(word) || vocabulary.words.has(word), vocabulary.words)
  return (raw) => {
    const text = raw.normalize('NFC').slice(0, longestRequest)
    const plain = withoutData(text)
    const tokens = tokenize(plain.text)
    const language = translator.detect(tokens)
    return { tokens: language === 'en' ? repair(tokens) : translator.translate(tokens, language), text: plain.text, cut: plain.cut }
  }
}
