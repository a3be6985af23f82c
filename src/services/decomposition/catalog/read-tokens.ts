/** From the text of a request to English tokens: data cut out, other languages translated, typos mended. */
import { createCompounds } from './compounds.ts'
import { withoutData } from './data-not-instruction.ts'
import type { Knowledge } from './knowledge.ts'
import { politeness, stopWords } from './lexicon/function-words.ts'
import { tidied } from './tidy-tokens.ts'
import type { Token } from './token.ts'
import { tokenize } from './tokenize.ts'
import { createTypoRepair } from './typos.ts'

/** Letters from which a function word is hardly a mistyped name: afterwards, meanwhile. */
const longWord = 8

/** Characters of a request that are read; the API takes no more. */
const longestRequest = 10_000

/** Tokens of a request that are read; people's requests have a tenth. */
const mostTokens = 1_200

/** `readTo` is the place in the text where the tokens end; what follows is unread. */
export type TokenReader = (text: string) => { readonly tokens: Token[]; readonly text: string; readonly cut: boolean; readonly readTo: number }

export function createTokenReader({ catalog, english, lexicon, vocabulary, translator }: Pick<Knowledge, 'catalog' | 'english' | 'lexicon' | 'vocabulary' | 'translator'>): TokenReader {
  const compounds = createCompounds(catalog.capabilities, lexicon, vocabulary)
  const isGood = (word: string): boolean => english.has(word) || vocabulary.words.has(word) || vocabulary.seen.has(word) || vocabulary.enums.has(word) || compounds.isCompound(word)
  const repair = createTypoRepair(vocabulary.words, [...lexicon.vocabulary(), ...[...politeness, ...stopWords].filter((word) => word.length >= longWord)], isGood)
  return (raw) => {
    const text = raw.normalize('NFC').slice(0, longestRequest)
    const plain = withoutData(text)
    const all = tokenize(plain.text, mostTokens + 1)
    const found = tidied(all)
    const language = translator.detect(found)
    const translated = language === 'en' ? found : translator.translate(found, language)
    const mended = language === 'zh' ? found : repair(found)
    // Mistyped English may look like another language where hardly any word is right.
    const english = compounds.respell(language === 'en' || language !== 'zh' && changes(mended) > Math.max(1, changes(translated)) ? mended : translated)
    // A run of Chinese is one token until it is translated.
    const tokens = english.length > mostTokens ? wholeSentences(english) : english
    return { tokens, text: plain.text, cut: plain.cut, readTo: all.length <= mostTokens && tokens === english ? text.length : tokens.at(-1)?.end ?? 0 }
  }
}

/** How many places are read as another word than the one that is written. */
const changes = (tokens: readonly Token[]): number => new Set(tokens.filter(({ text, word }) => text.toLowerCase() !== word).map(({ start }) => start)).size

/** Without the sentence that is cut off, unless it is nearly all there is. */
function wholeSentences(tokens: readonly Token[]): Token[] {
  const end = tokens.findLastIndex(({ kind, text }) => kind === 'punct' && /^[.!?;\n。！？；]$/.test(text))
  return tokens.slice(0, end > mostTokens / 2 ? end + 1 : mostTokens)
}
