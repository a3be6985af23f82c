/** Where a name begins and ends among the words of a clause. */
import type { EnglishWords } from '../english-words.ts'
import { determiners, prepositions } from '../lexicon/function-words.ts'
import type { NumberSpan } from '../numbers.ts'
import type { Word } from '../word.ts'
import type { SlotKnowledge } from './slot-knowledge.ts'

export const naming: ReadonlySet<string> = new Set(['called', 'named', 'labelled', 'labeled', 'titled', 'entitled', 'dubbed'])
export const joining: ReadonlySet<string> = new Set(['and', 'or', 'plus', 'nor', 'then'])
/** Participles that begin what is said or used: "a note to ops saying …". */
export const speaking: ReadonlySet<string> = new Set(['saying', 'stating', 'reading', 'telling', 'using', 'having', 'being', 'containing', 'showing'])
export const predicates: ReadonlySet<string> = new Set(['need', 'needs', 'has', 'have', 'is', 'are', 'was', 'were', 'should', 'must', 'can', 'could', 'may', 'might', 'will', 'would', 'shall', 'gets', 'get', 'wants', 'want'])

/** True for names and other words that are spelt like no ordinary ones, and where a colon leads to a value. */
export const isNameLike = (word: Word | undefined): boolean => word !== undefined && (word.kind === 'entity' && word.entity !== 'number' && word.entity !== 'measure' || word.name || word.capital || word.text === ':')

const isCoded = ({ text, entity }: Word): boolean => entity !== 'number' && /\p{L}/u.test(text) && /\d/.test(text)

/** True where the word at this place belongs to the name before it. */
export function extendsName(words: readonly Word[], at: number, slots: SlotKnowledge, isTrigger: (word: Word, at: number) => boolean, numbers: ReadonlyMap<number, NumberSpan>, english: EnglishWords): boolean {
  const word = words[at]!
  if (word.kind === 'punct' || word.timeStart || (word.enums.length && slots.takesEnum(word))) return false
  // "Ward 4", "gate 12": a thing and its number, where no number is asked for
  if (word.entity === 'number' && !slots.hasNumbers && !slots.cuesOf(words[at - 1]!).length && /^[nv]*n/.test(english.tags(words[at - 1]!.word)) && !words[at - 1]!.word.endsWith('s') && (words[at + 1]?.kind !== 'word' || words[at + 1]!.stop)) return true
  if (word.kind === 'entity') return (word.entity === 'name' || word.entity === 'number' && (!slots.hasNumbers || numbers.size > 1)) && words[at - 1]!.capital && slots.cuesOf(word).length === 0 && !slots.isUnit(words[at + 1]?.word ?? '')
  if (numbers.has(at)) return false
  // "Store in fz-4 S-120": two names with numbers are two.
  if (isCoded(word) && isCoded(words[at - 1]!)) return false
  // "B-310 drive": what has letters and digits is a whole name.
  if (isCoded(words[at - 1]!) && /[-_]/.test(words[at - 1]!.text) && word.kind === 'word' && !word.capital && !word.name) return false
  if (word.capital && words[at - 1]!.capital) return true
  if (word.inPhrase && words[at - 1]!.capital && !word.capital) return false
  // "Let Mrs Ito know": a verb behind a capital is not of the name.
  if (words[at - 1]!.capital && words[at - 1]!.kind === 'word' && /^v/.test(english.tags(word.word)) && !/n/.test(english.tags(word.word).slice(0, 2))) return false
  // "Cluster vega down", "dashboard sales fresh": what stands behind a noun and is none says how, not what.
  if (!word.capital && !word.name && (/^r/.test(english.tags(word.word)) || speaking.has(word.word) || /^j[^n]*$/.test(english.tags(word.word)) && !/^[jr]/.test(english.tags(words[at - 1]!.word)))) return false
  return !word.stop && !prepositions.has(word.word) && !joining.has(word.word) && slots.cuesOf(word).length === 0 && !isTrigger(word, at) && !naming.has(word.word)
}

const modals: ReadonlySet<string> = new Set(['can', 'could', 'should', 'must', 'may', 'might', 'will', 'would', 'shall', "can't", 'cannot', "won't", "shouldn't"])
const between: ReadonlySet<string> = new Set(['both', 'all', 'also', 'only', 'just', 'not', 'still', 'now', 'always', 'never'])
const progressive: ReadonlySet<string> = new Set(['is', 'are', 'was', 'were', 'be', 'been', 'keeps', 'keep', 'kept', 'started', 'starts', 'stop', 'stopped', 'am', "it's"])

/** A verb after its subject ("the patient arrived") ends a name. */
export function isFinite(words: readonly Word[], at: number, slots: SlotKnowledge, english: EnglishWords): boolean {
  const word = words[at]!
  if (at === 0 || word.kind !== 'word' || word.capital || word.name || word.inEnum && (word.enumLength !== 1 || slots.takesEnum(word))) return false
  const tags = english.tags(word.word)
  const before = words[at - 1]!
  // "a and b can both reach x"
  if (tags.includes('v') && at > 1 && modals.has((between.has(before.word) ? words[at - 2]! : before).word)) return true
  // "How it is doing", "has been dragging"
  if (/^g/.test(tags) && progressive.has(before.word)) return true
  if (determiners.has(before.word) || prepositions.has(before.word) || before.kind === 'punct' || before.entity === 'number' || before.entity === 'measure') return false
  return /^[ez]/.test(tags) || (tags.includes('z') && (before.name && (!tags.startsWith('n') || /[^a-z]/.test(before.text)) || before.kind === 'entity' || before.capital)) || word.word === 'left'
}

const copulas: ReadonlySet<string> = new Set(['is', 'are', 'was', 'were', 'has', 'should', 'must'])

/** "The database events", "table mailings gets": what stands behind its own noun is a name, also where it is spelt like a verb. */
export function isNamed(words: readonly Word[], at: number, main: number, cues: readonly string[], english: EnglishWords): boolean {
  const word = words[at]!
  const next = words[at + 1]
  if (!cues.length || word.kind !== 'word' || word.stop || word.light || word.inPhrase || word.time) return false
  if (main === at ? /^[vze]/.test(english.tags(word.word)) && !copulas.has(next?.word ?? '') : main < 0 || main >= at - 1) return main === at - 1 || main > at ? !!next && !/^[ve]/.test(english.tags(word.word)) && predicates.has(next.word) : false
  return !next || next.kind === 'punct' || prepositions.has(next.word) || joining.has(next.word) || predicates.has(next.word)
}

/** "The pvc scratch-2": where a name is spelt like no word, the small words before it say what it is. */
export function identifierAt(words: readonly Word[], from: number, to: number, english: EnglishWords): number {
  const last = words[to - 1]!
  const odd = /[-_\d]/.test(last.text) && !english.has(last.word)
  return odd && words.slice(from, to - 1).every((word) => word.kind === 'word' && !word.capital && !/[-_\d]/.test(word.text)) ? to - 1 : from
}
