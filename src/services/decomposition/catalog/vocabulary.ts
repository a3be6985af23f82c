/** What the texts of a catalog say, before any request is read: its words and the phrases of its enum values. */
import type { Capability } from '../../../catalog/capability.ts'
import { stem } from './stem.ts'
import { tokenize } from './tokenize.ts'
import type { EnumReference } from './word.ts'

export type Vocabulary = {
  /** Words of descriptions, ids, parameter names, examples and enum values, lower case. */
  readonly words: ReadonlySet<string>
  readonly stems: ReadonlySet<string>
  /** Words of examples, names included. */
  readonly seen: ReadonlySet<string>
  /** Enum values by their phrase: lower-case tokens joined by a space. */
  readonly enums: ReadonlyMap<string, readonly EnumReference[]>
  /** The same of single words by their stem: stage for staging. */
  readonly enumStems: ReadonlyMap<string, readonly EnumReference[]>
  /** Words of the longest such phrase by its first word. */
  readonly enumStarts: ReadonlyMap<string, number>
}

/** @param isLanguage words of the language, as against names of hosts and people that examples are full of */
export function buildVocabulary(capabilities: readonly Capability[], isLanguage: (word: string) => boolean): Vocabulary {
  const words = new Set<string>()
  const seen = new Set<string>()
  const enums = new Map<string, EnumReference[]>()
  const addText = (text: string): void => {
    for (const token of tokenize(text)) if (token.kind === 'word') words.add(token.word)
  }
  capabilities.forEach((capability, index) => {
    addText(capability.id.replaceAll(/[_-]/g, ' '))
    addText(capability.description)
    const counts = new Map<string, number>()
    for (const example of capability.examples) {
      for (const word of new Set(tokenize(example).flatMap((token) => (token.kind === 'word' && (isLanguage(token.word) || !token.capital && !/[-\d]/.test(token.word)) ? [token.word] : [])))) {
        counts.set(word, (counts.get(word) ?? 0) + 1)
      }
      for (const { kind, word } of tokenize(example)) if (kind === 'word') seen.add(word)
    }
    // A word that is none of the language belongs to the capability only where most examples have it; else it is a name.
    for (const [word, count] of counts) if (isLanguage(word) || count >= 2 && count * 2 > capability.examples.length) words.add(word)
    for (const list of Object.values(capability.words)) for (const text of list) addText(text)
    for (const parameter of capability.parameters) {
      addText(parameter.name.replaceAll('_', ' '))
      if (parameter.description) addText(parameter.description)
      const phrases = new Map((parameter.values ?? []).map((value): [string, string] => [value.toLowerCase(), value]))
      for (const [alias, value] of Object.entries(parameter.aliases ?? {})) phrases.set(alias, value)
      for (const [phrase, value] of phrases) {
        for (const spelling of spellings(phrase)) {
          addText(spelling)
          const tokens = tokenize(spelling)
          const key = enumKey(tokens.map((token) => token.word))
          const known = enums.get(key) ?? []
          if (!known.some((other) => other.capability === index && other.parameter === parameter.name)) known.push({ capability: index, parameter: parameter.name, value })
          enums.set(key, known)
        }
      }
    }
  })
  for (const noise of ['.', ',', '-']) words.delete(noise)
  const single = [...enums].filter(([key]) => /^[a-z]{5,}$/.test(key) && stem(key).length >= 4)
  const enumStems = new Map(single.map(([key, references]) => [stem(key), references]))
  const enumStarts = new Map<string, number>()
  for (const key of enums.keys()) {
    const [first, ...rest] = key.split(' ')
    enumStarts.set(first!, Math.max(enumStarts.get(first!) ?? 1, Math.min(longestPhrase, rest.length + 1)))
  }
  return { words, seen, enumStems, stems: new Set([...words].map(stem)), enums, enumStarts }
}

/** Words of a phrase for a value that are looked at. */
const longestPhrase = 8

export const enumKey = (words: readonly string[]): string => words.join(' ')

/** "high_priority", "high-priority" and "high priority" name the same value. */
function spellings(phrase: string): string[] {
  const spaced = phrase.replaceAll(/[_-]+/g, ' ')
  return [...new Set([phrase, spaced, phrase.replaceAll('_', '-'), spaced.replaceAll(' ', '')])].filter((spelling) => spelling.length > 0)
}
