/** Parameters that take a whole sentence, such as a topic or a message. */
import type { ParameterSpec } from '../../../../catalog/capability.ts'
import { determiners, politeness, prepositions } from '../lexicon/function-words.ts'
import { mainVerb } from '../profile.ts'
import type { LanguageKnowledge } from '../annotate.ts'
import type { Word } from '../word.ts'
import type { SlotKnowledge } from './slot-knowledge.ts'

/** True for parameters whose value is a sentence or a topic rather than a name. */
export function isSentence(spec: ParameterSpec): boolean {
  return spec.type === 'string' && /(?:^|_)(?:topic|question|message|text|notes?|reason|description|comment|content|body|query|complaint|issue|problem|feedback|instructions?|announcement|remark|purpose|justification|information|details|defect|fault|malfunction|symptoms?|greeting|wording)$/.test(spec.name)
}

const openers: ReadonlySet<string> = new Set(['about', 'regarding', 'concerning', 'that', 'saying', 'because', 'on', 'of', 'into', 'for', 'up', 'out', 'at', 'whether', 'if'])
/** How soon something is to be done is no part of a text. */
const urgency = /[\s,]+(?:as soon as (?:possible|you can)|right away|straight away|at once|at your earliest convenience|when you (?:can|have time))$/i
const messages = /message|text|note|announcement|content|body|comment/
const reasons = /(?:^|_)(?:reason|justification|purpose|issue|problem|complaint|diagnosis)$/

/** True for parameters that say why. */
export const isReason = (spec: ParameterSpec): boolean => spec.type === 'string' && reasons.test(spec.name)

/** "For a broken racket": a thing behind "for", no time and no value of another parameter. */
const gives = (word: Word | undefined, taken: ReadonlySet<number>): boolean => word !== undefined && word.kind === 'word' && !word.time && !word.name && !word.capital && !taken.has(word.index)

/**
 * The words of a sentence parameter: quoted text, else what follows "that", "about" or a colon, else for a required one
 * everything after the words that call the capability. `taken` are words that other parameters have.
 */
export function freeText(words: readonly Word[], spec: ParameterSpec, slots: SlotKnowledge, taken: ReadonlySet<number>, text: string, knowledge: LanguageKnowledge): { readonly value: string; readonly from: number } | null {
  const quoted = words.find((word) => word.entity === 'quoted' && !taken.has(word.index))
  if (quoted) return { value: String(quoted.value), from: quoted.index }
  const reason = reasons.test(spec.name)
  const cue = words.findIndex((word, at) => at > 0 && (word.text === ':' || ['saying', 'regarding', 'concerning'].includes(word.word) || (word.word === 'that' && !prepositions.has(words[at - 1]!.word) && messages.test(spec.name)) || (word.word === 'about' && (!reason || determiners.has(words[at + 1]?.word ?? ''))) || (reason && (['because', 'due', 'reason'].includes(word.word) || (word.word === 'as' || word.word === 'since') && says(words.slice(at + 2), knowledge) || word.word === 'for' && gives(words[at + 1], taken) && !slots.specs.some((other) => slots.preposition(other.name, 'for') > 0)))))
  // "The message sorry for the noise": what follows its own noun.
  const noun = cue >= 0 ? -1 : words.findIndex((word, at) => at > 0 && slots.cuesOf(word).includes(spec.name) && names(words[at - 1]!) && begins(words[at + 1], taken))
  let start = cue >= 0 ? cue + 1 : noun >= 0 ? noun + 1 : -1
  if (cue >= 0 && (words[cue]!.word === 'due' && words[cue + 1]?.word === 'to' || words[cue]!.word === 'because' && words[cue + 1]?.word === 'of')) start++
  if (start < 0) {
    if (!spec.required) return null
    start = afterTrigger(words, slots, knowledge)
  }
  let end = words.length
  while (end > start && (taken.has(words[end - 1]!.index) || words[end - 1]!.kind === 'punct' || (end < words.length && /^(?:by|on|at|for|to|in|until|from)$/.test(words[end - 1]!.word) && taken.has(words[end]!.index)) || politeness.has(words[end - 1]!.word) || end < words.length && taken.has(words[end]!.index) && slots.cuesOf(words[end - 1]!).length > 0)) end--
  while (end < words.length && end > start + 1 && taken.has((words[end]!.kind === 'word' && slots.cuesOf(words[end]!).length > 0 ? words[end + 1] ?? words[end] : words[end])!.index) && (prepositions.has(words[end - 1]!.word) || determiners.has(words[end - 1]!.word))) end--
  while (start < end && (words[start]!.kind === 'punct' || taken.has(words[start]!.index) || (start + 1 < end && ['to', 'for', 'of'].includes(words[start]!.word) && taken.has(words[start + 1]!.index)))) start++
  if (start >= end || !words.slice(start, end).some((word) => word.kind !== 'punct' && !word.stop)) return null
  // "Use sea.png": a file or an address alone is no text.
  if (end === start + 1 && /^(?:file|path|ip|fqdn|email)$/.test(words[start]!.entity ?? '') && cue < 0) return null
  return { value: text.slice(words[start]!.start, words[end - 1]!.end).replace(urgency, '').trim(), from: words[start]!.index }
}

const names = ({ word }: Word): boolean => determiners.has(word) || word === 'with' || word === 'and' || word === ','
const begins = (word: Word | undefined, taken: ReadonlySet<number>): boolean => word !== undefined && word.kind !== 'punct' && !taken.has(word.index) && !prepositions.has(word.word) && !/^(?:and|is|are|should|must|that|which)$/.test(word.word)

/** Where a text that is needed begins with "that": what is said in it is no value of anything else. */
export function toldFrom(words: readonly Word[], specs: readonly ParameterSpec[]): number {
  if (!specs.some((spec) => spec.required && isSentence(spec) && messages.test(spec.name))) return Infinity
  const that = words.findIndex(({ word }, at) => at > 1 && word === 'that' && words[at + 1]?.kind === 'word' && !prepositions.has(words[at - 1]!.word))
  return that < 0 ? Infinity : that
}

/** "As it leaks", but not "as urgent": a subject is followed by a verb. */
const says = (words: readonly Word[], { english }: LanguageKnowledge): boolean => words.slice(0, 6).some((word) => word.kind === 'word' && (/^[ze]/.test(english.tags(word.word)) || /^(?:is|are|was|were|has|have|will|can|cannot|can't|isn't|no)$/.test(word.word)))

/** First word after the verb that calls the capability and the words that belong to it. */
function afterTrigger(words: readonly Word[], slots: SlotKnowledge, knowledge: LanguageKnowledge): number {
  const verb = mainVerb(words, knowledge)
  let at = verb >= 0 && words[verb]!.actions.some((group) => (slots.profile.actions.get(group) ?? 0) > 0.2) ? verb + 1 : 0
  const isCall = (word: Word): boolean => word.light || (!word.name && !word.capital && (slots.profile.verbs.get(word.stem) ?? 0) > 0) || word.actions.some((group) => (slots.profile.actions.get(group) ?? 0) >= 0.3)
  while (at < words.length) {
    const word = words[at]!
    const skipped = word.kind === 'punct' || politeness.has(word.word) || (at < (verb < 0 ? words.length : verb) && word.stop) || isCall(word) || openers.has(word.word) || ['me', 'us', 'i', 'we'].includes(word.word)
    const article = determiners.has(word.word) && words[at + 1] && (isCall(words[at + 1]!) || slots.cuesOf(words[at + 1]!).length > 0)
    const cue = slots.cuesOf(word).length > 0 && ['of', 'about', 'on', ':'].includes(words[at + 1]?.word ?? '')
    if (!skipped && !article && !cue) break
    at++
  }
  return determiners.has(words[at]?.word ?? '') && at + 1 < words.length ? at : at
}
