/** The verb and the object of what is asked for. */
import type { LanguageKnowledge } from './annotate.ts'
import { determiners, prepositions } from './lexicon/function-words.ts'
import type { Word } from './word.ts'

/** "Give it a restart": where a noun says what is done, the verb before it says nothing. */
export function withoutCarrier(words: readonly Word[], main: number): readonly Word[] {
  const article = words[main - 1]?.word === 'a' || words[main - 2]?.word === 'a'
  const carrier = article ? words.findLastIndex((word, at) => at < main && (word.light || word.word === 'give')) : -1
  return carrier >= 0 && main - carrier <= 5 ? words.toSpliced(carrier, 1) : words
}

/** "Find me a good restaurant": the plain words for the thing that a verb's object is, where it is none in particular. */
export function thingWanted(words: readonly Word[], main: number, { english }: LanguageKnowledge): readonly Word[] {
  const verb = words[main]
  if (!verb || verb.kind !== 'word') return []
  const from = words[main + 1]?.word === 'me' || words[main + 1]?.word === 'us' ? main + 2 : main + 1
  if (words[from]?.word !== 'a' && words[from]?.word !== 'an') return []
  let begin = from
  while (words[begin + 1]?.stop && words[begin + 1]!.kind === 'word' && !prepositions.has(words[begin + 1]!.word)) begin++
  const end = words.findIndex((word, at) => at > begin && (word.kind === 'punct' || prepositions.has(word.word) || word.stop))
  const object = words.slice(begin + 1, end < 0 ? words.length : end)
  const plain = object.every((word) => word.kind === 'word' && !word.inEnum && !word.time && !word.capital)
  return plain && object.some((word) => /n/.test(english.tags(word.word))) ? object : []
}

/** The verb of a command that has an object. */
export function commandOf(words: readonly Word[], main: number, { english }: LanguageKnowledge): Word | null {
  const verb = words[main]
  if (!verb || !english.canBeVerb(verb.word) || !words.slice(0, main).every((word) => word.stop || word.kind === 'punct')) return null
  const next = words[main + 1]
  return next?.kind === 'word' && !determiners.has(words[main - 1]?.word ?? '') && !verb.inEnum ? verb : null
}

/** "Design a logo": the verb that a clause begins with, where the lexicon has nothing for it. */
export function unknownCommand(words: readonly Word[], main: number): Word | null {
  const verb = words[main]
  if (!verb || verb.light || verb.actions.length > 0 || verb.hints.length > 0) return null
  return words.slice(0, main).every((word) => word.stop || word.kind === 'punct') ? verb : null
}
