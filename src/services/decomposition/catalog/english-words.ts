import { readFileSync } from 'node:fs'
import { stem } from './stem.ts'

/** Common English words with their parts of speech; see lexicon/english-words.README.md. */
export type EnglishWords = {
  has(word: string): boolean
  /** True for words that can open an imperative: base verbs. */
  canBeVerb(word: string): boolean
  /** True where the verb reading is the usual one. */
  isMainlyVerb(word: string): boolean
  /** Parts of speech as in the word list, '' when unknown. */
  tags(word: string): string
  words(): Iterable<string>
}

/** @param verbs words that are verbs where the list does not know them */
export function loadEnglishWords(verbs: Iterable<string> = []): EnglishWords {
  const tags = new Map<string, string>()
  for (const line of readFileSync(new URL('./lexicon/english-words.txt', import.meta.url), 'utf8').split('\n')) {
    const space = line.indexOf(' ')
    if (space > 0) tags.set(line.slice(0, space), line.slice(space + 1))
  }
  for (const verb of verbs) {
    if (tags.has(verb)) continue
    tags.set(verb, 'v').set(`${verb}s`, 'z').set(`${verb}ing`, 'g').set(`${verb}ed`, 'e')
  }
  // "repaint", "unfreeze": a verb with a prefix is a verb.
  const tagsOf = (word: string): string => tags.get(word) ?? (/^(?:re|un|de|dis|pre|mis|over)/.test(word) && word.length > 5 ? (tags.get(word.replace(/^(?:re|un|de|dis|pre|mis|over)-?/, '')) ?? '') : '').replaceAll(/[^vgez]/g, '')
  const stems = new Set([...tags.keys()].map(stem))
  return {
    has: (word) => tags.has(word) || /^(?:re|un|de|dis|pre|mis|over)-/.test(word) && tagsOf(word) !== '' || (word.length > 4 && stems.has(stem(word))),
    canBeVerb: (word) => tagsOf(word).includes('v'),
    isMainlyVerb: (word) => tagsOf(word).startsWith('v'),
    tags: tagsOf,
    words: () => tags.keys(),
  }
}
