/** How a clause and a command begin. */
import type { Sentence } from './clause.ts'
import type { EnglishWords } from './english-words.ts'
import { determiners, modals, numberWords, politeness, prepositions, questionWords } from './lexicon/function-words.ts'
import type { Word } from './word.ts'

const subjects: ReadonlySet<string> = new Set(['i', 'we', 'you', 'he', 'she', 'they', "i'd", "we'd", "i'll", "we'll", "let's", "i'm", "we're", 'it', "it's", "that's", "there's", "they're", "he's", "she's", 'somebody', 'someone'])
export const auxiliaries: ReadonlySet<string> = new Set(['is', 'are', 'was', 'were', 'be', 'been', 'has', 'had', 'have', 'will', 'would', 'can', 'could', 'should', 'must', 'may', 'might', 'shall', 'does', 'did', 'do', "isn't", "aren't", "doesn't", "don't", "can't", "won't", 'cannot', 'needs', 'need', 'ought', 'gets', 'got', 'keeps', 'seems', 'looks'])

/** True where the words can stand alone as a clause: they begin with an imperative, a subject and verb, or a question. */
export function beginsClause(words: readonly Word[], english: EnglishWords): boolean {
  const body = words.filter((word) => word.kind !== 'punct' && !politeness.has(word.word))
  const [first, second] = body
  if (!first) return false
  if (subjects.has(first.word) || questionWords.has(first.word)) return true
  if (modals.has(first.word) && second && subjects.has(second.word)) return true
  if (["don't", 'do', 'not', 'never', "doesn't", 'please', 'let', 'without'].includes(first.word)) return true
  if (isImperative(body, english)) return true
  return body.slice(1, 6).some((word) => word.kind === 'word' && auxiliaries.has(word.word)) && !prepositions.has(first.word)
}

/** True where what is left of a too long sentence begins with a command; anything else may be the middle of a clause. */
export function resumes(words: readonly Word[], { from, to }: Sentence, english: EnglishWords): boolean {
  const begin = words.findIndex((word, at) => at >= from && word.kind !== 'punct' && word.word !== 'and' && word.word !== 'then')
  return begin >= 0 && begin < to && isCommand(words.slice(begin, to), english)
}

/** True where the words, without politeness before them, are a command. */
export function isCommand(words: readonly Word[], english: EnglishWords): boolean {
  return isImperative(words.filter((word) => word.kind !== 'punct' && !politeness.has(word.word)), english)
}

const openingParticles: ReadonlySet<string> = new Set(['up', 'down', 'out', 'off', 'in', 'on', 'over', 'away', 'back'])

/** True where the first word reads as a command. */
export function isImperative(body: readonly Word[], english: EnglishWords): boolean {
  const [first, second] = body
  if (!first || first.kind !== 'word' || first.inEnum && !first.actions.length || first.capital && first.name) return false
  if (determiners.has(first.word) || prepositions.has(first.word)) return false
  const tags = english.tags(first.word)
  // "Water came through the roof": a thing and what it did
  const third = body[2]
  if (tags.startsWith('n') && second?.kind === 'word' && /^e[^j]*$/.test(english.tags(second.word)) && (!third || prepositions.has(third.word) || third.stop)) return false
  // "Text Mr Ito": a noun that names an action, before whom it is done to.
  const called = first.actions.length > 0 && !/^[^v]*z/.test(tags) && second !== undefined && (second.capital || second.name || /^(?:me|us|him|her|them)$/.test(second.word)) && !body.slice(1, 5).some((word) => word.kind === 'word' && (auxiliaries.has(word.word) || /^[ez]/.test(english.tags(word.word))))
  // "Room 214": a thing and its number
  if (second?.entity === 'number' && tags.startsWith('n') && !first.actions.length) return false
  const canBe = called || english.canBeVerb(first.word) || (first.actions.length > 0 && !/[gze]/.test(tags[0] ?? '') && !tags.startsWith('n')) || first.light
  if (!canBe) return false
  if (!second) return !first.inEnum && (tags.startsWith('v') || first.actions.length > 0)
  if (second.kind === 'word' && auxiliaries.has(second.word) && !['have', 'do', 'need', 'can'].includes(second.word)) return false
  if (second.kind === 'word' && second.word === 'of' && !tags.startsWith('v')) return false
  if (tags.startsWith('v') || first.light) return true
  if (tags.includes('v') && ['us', 'me', 'them', 'him', 'it'].includes(second.word)) return true
  // "Top up the coins", "hook up ev-5": a verb with its particle and what it is done to
  if (tags.includes('v') && openingParticles.has(second.word) && third && (determiners.has(third.word) || third.kind === 'entity' || third.name || third.inEnum)) return true
  // A word that is more often a noun: a command when something it acts on follows, unless it is the subject of a verb.
  const subject = body.slice(1, 4).some((word) => word.kind === 'word' && (auxiliaries.has(word.word) || /^[ez]/.test(english.tags(word.word)) && !word.inEnum && word !== second))
  if (subject && !determiners.has(second.word)) return false
  if (determiners.has(second.word) || numberWords.has(second.word) || prepositions.has(second.word) && first.actions.length > 0 || second.kind !== 'word' || second.name || second.inEnum || second.capital) return true
  return first.actions.length > 0 && first.known
}
