/** Fills the parameters of a capability from the words of a clause; several values of a scalar make several calls. */
import type { ParameterSpec } from '../../../../catalog/capability.ts'
import type { LanguageKnowledge } from '../annotate.ts'
import { determiners } from '../lexicon/function-words.ts'
import { findNumbers, type NumberSpan } from '../numbers.ts'
import { mainVerb } from '../profile.ts'
import { stem } from '../stem.ts'
import type { Word } from '../word.ts'
import { assign, type Assignment, type Reserved } from './assign.ts'
import { booleanOf, directionOf } from './flags.ts'
import { freeText, isSentence, toldFrom } from './free-text.ts'
import { itemsOf, type Item } from './item.ts'
import { shapeOf, type SlotKnowledge } from './slot-knowledge.ts'

export type Call = Record<string, unknown>
/** Words where a value of a parameter was expected but the catalog does not know the value. */
export type UnknownValue = { readonly parameter: string; readonly said: string }
export type Filled = {
  readonly calls: readonly Call[]
  readonly unknown: readonly UnknownValue[]
  /** Candidate values that no parameter took. */
  readonly left: readonly Item[]
  /** How well each value fits the parameter that took it. */
  readonly scores: readonly number[]
  /** Ordinary words taken for values where the examples have none. */
  readonly odd: number
}

const objects: ReadonlySet<string> = new Set(['it', 'him', 'her', 'them', 'that', 'this', 'these', 'those'])

const persons: ReadonlySet<string> = new Set(['him', 'her', 'them', 'these', 'those'])

/** "Connect a to it": the parameter that the preposition before a pronoun leads to, where the examples put no other behind it. */
function ledTo(words: readonly Word[], slots: SlotKnowledge): Reserved | null {
  const prepositions = words.flatMap((word, at) => (objects.has(word.word) && at > 0 && (words[at + 1]?.kind !== 'word' || words[at + 1]!.stop) ? [words[at - 1]!.word] : []))
  for (const preposition of prepositions) {
    const spec = slots.specs.find((one) => slots.preposition(one.name, preposition) === 1)
    if (spec) return { name: spec.name, preposition }
  }
  return null
}

/** What is the same of a clause for all capabilities: the place of its main verb and its numbers by their place. */
export type Seen = { readonly main: number; readonly numbers: ReadonlyMap<number, NumberSpan> }

export function lookAt(words: readonly Word[], knowledge: LanguageKnowledge): Seen {
  return { main: mainVerb(words, knowledge), numbers: new Map(findNumbers(words).map((span) => [span.from, span])) }
}

export function fill(words: readonly Word[], slots: SlotKnowledge, text: string, knowledge: LanguageKnowledge, seen: Seen = lookAt(words, knowledge)): Filled {
  const { main } = seen
  const fixed: Call = {}
  const flags = new Set<number>()
  for (const flag of slots.flags) {
    const said = booleanOf(words, flag, knowledge)
    if (!said) continue
    fixed[flag.name] = said.value
    for (const index of said.words) flags.add(index)
  }
  const told = toldFrom(words, slots.specs)
  const items = itemsOf(words, slots, seen, knowledge.english).filter((item) => item.from < told && !item.words.every((word) => flags.has(word.index)))
  const pronoun = words.some((word, at) => objects.has(word.word) && (words[at + 1]?.kind !== 'word' || words[at + 1]!.stop) && (words[at - 1]?.light || words[at - 1]?.actions.length))
  const object = !pronoun ? null : words.some((word) => persons.has(word.word)) ? 'person' : 'thing'
  const assignments = assign(items, slots, object, ledTo(words, slots))
  const taken = new Set([...flags, ...assignments.flatMap(({ item }) => item.words.map((word) => word.index))])
  let sentence = Infinity
  for (const spec of slots.specs) {
    if (isSentence(spec) && !assignments.some((assignment) => assignment.spec === spec)) {
      const found = freeText(words, spec, slots, taken, text, knowledge)
      if (found) {
        fixed[spec.name] = found.value
        sentence = Math.min(sentence, found.from)
      }
    }
  }
  for (const spec of slots.specs) {
    if (spec.type === 'string' && !isSentence(spec) && slots.shape(spec.name, 'plain') !== 0 && !slots.isStrange(spec.name, 'plain') && !assignments.some((assignment) => assignment.spec === spec)) {
      const noun = words.find((word, at) => at !== main && !word.light && !word.actions.length && slots.cuesOf(word).includes(spec.name) && slots.isLooseCue(word))
      if (noun) fixed[spec.name] = noun.text
      else if (spec.required) {
        // "Repair the pump": a noun of the examples, where nothing else is left for what is needed.
        const often = words.find((word, at) => at !== main && at > 0 && determiners.has(words[at - 1]!.word) && slots.isExampleNoun(word) && !word.inEnum && !taken.has(word.index) && !slots.cuesOf(word).length)
        if (often) fixed[spec.name] = often.text
      }
    }
    if (spec.type !== 'enum' || assignments.some((assignment) => assignment.spec === spec)) continue
    const said = directionOf(words, spec, (word) => slots.cuesOf(word).length > 0) ?? alikeValue(words, spec, main) ?? meantValue(words, spec, knowledge) ?? wholeValue(words, spec)
    if (said !== null) fixed[spec.name] = said
  }
  const calls = paired(callsOf(assignments), slots.specs).map((call) => ({ ...fixed, ...call }))
  const free = items.filter((item) => !assignments.some((assignment) => assignment.item === item))
  return { calls, unknown: unknownValues(free, slots, calls), left: free.filter((item) => item.words[0]!.index < sentence), scores: assignments.map(({ score }) => score), odd: assignments.filter(({ spec, item }) => item.kind === 'text' && shapeOf(item.words) === 'plain' && slots.shape(spec.name, 'plain') === 0).length }
}

/** Assignments in the order of the text as calls: a scalar that is named again begins another call. */
function callsOf(assignments: readonly Assignment[]): Call[] {
  const calls: Call[] = [{}]
  const lists = new Map<string, number>()
  for (const { spec, value, item } of assignments) {
    const call = calls.at(-1)!
    if (spec.type === 'hosts' || spec.type === 'list') {
      const values = value as unknown[]
      const before = call[spec.name] as unknown[] | undefined
      if (before && lists.get(spec.name) !== item.group && calls.length > 1) calls.push({ [spec.name]: values })
      else call[spec.name] = before ? [...before, ...values.filter((one) => !before.includes(one))] : values
      lists.set(spec.name, item.group)
    } else if (Object.hasOwn(call, spec.name)) {
      if (call[spec.name] !== value) calls.push({ [spec.name]: value })
    } else call[spec.name] = value
  }
  if (calls.length === 1) return calls
  // What only one call names holds for all: "a and b on host x".
  const names = new Set(calls.flatMap((call) => Object.keys(call)))
  for (const name of names) {
    const holders = calls.filter((call) => Object.hasOwn(call, name))
    if (holders.length === 1 || name === [...names].find((one) => one === name && holders.length < calls.length)) {
      calls.forEach((call, index) => {
        if (Object.hasOwn(call, name)) return
        const next = calls.slice(index).find((other) => Object.hasOwn(other, name)) ?? calls.slice(0, index).findLast((other) => Object.hasOwn(other, name))
        if (next) call[name] = next[name]
      })
    }
  }
  return calls
}

/** "Swap a and b": two values of a kind for two parameters of that kind are one call. */
function paired(calls: Call[], specs: readonly ParameterSpec[]): Call[] {
  const [first, second] = calls
  if (calls.length !== 2 || !first || !second) return calls
  const twice = specs.find(({ name, required }) => required && Object.hasOwn(first, name) && first[name] !== second[name])
  const other = twice && specs.find((spec) => spec !== twice && spec.required && spec.type === twice.type && spec.type !== 'enum' && !Object.hasOwn(first, spec.name) && !Object.hasOwn(second, spec.name))
  const alike = specs.every(({ name }) => name === twice?.name || first[name] === second[name])
  return twice && other && alike && sharesWord(twice.name, other.name) ? [{ ...first, [other.name]: second[twice.name] }] : calls
}

/** "driver" and "with_driver", "first_node" and "second_node" */
const sharesWord = (one: string, other: string): boolean => one.split('_').some((part) => other.split('_').includes(part))

/** "the neurologist" for neurology: a word of the same origin, if it fits one value only. */
function alikeValue(words: readonly Word[], spec: ParameterSpec, main: number): string | null {
  const fitting = (spec.values ?? []).filter((value) => words.some((word, at) => {
    if (at === main || word.kind !== 'word' || word.stop || word.name || word.word.length < 6) return false
    let same = 0
    while (same < value.length && value[same]!.toLowerCase() === word.word[same]) same++
    return same >= 5 && same >= 0.7 * Math.max(value.length, word.word.length)
  }))
  return fitting.length === 1 ? fitting[0]! : null
}

/** "Every portal" for all of them */
const wholeValue = (words: readonly Word[], spec: ParameterSpec): string | null => (words.some((word, at) => /^(?:every|each|entire|whole|everything|completely|fully|entirely)$/.test(word.word) && !word.time && !words[at + 1]?.time) ? spec.values?.find((value) => /^(?:all|everything|full|whole)$/i.test(value)) ?? null : null)

/** "How hot is it", "if it's warmer than 27" for a temperature: the only value that a measure speaks of. */
function meantValue(words: readonly Word[], spec: ParameterSpec, { lexicon }: LanguageKnowledge): string | null {
  if (!words.some(({ word }) => word === 'how' || word === 'than')) return null
  const groupsOf = (value: string): readonly string[] => lexicon.match([stem(value.toLowerCase())], 0).flatMap(({ groups }) => groups.filter((group) => group.startsWith('t:')))
  const fitting = (spec.values ?? []).filter((value) => {
    const groups = /^[a-z]+$/i.test(value) ? groupsOf(value) : []
    return groups.length > 0 && words.some((word, at) => (words[at - 1]?.word === 'how' || words[at + 1]?.word === 'than') && word.kind === 'word' && [...word.things, ...word.hints].some((group) => groups.includes(group)))
  })
  return fitting.length === 1 ? fitting[0]! : null
}

function unknownValues(free: readonly Item[], slots: SlotKnowledge, calls: readonly Call[]): UnknownValue[] {
  return slots.specs.flatMap((spec): UnknownValue[] => {
    if (spec.type !== 'enum' || calls.some((call) => Object.hasOwn(call, spec.name))) return []
    const cued = free.find((item) => item.cues.has(spec.name) && item.kind !== 'time')
    const said = cued ?? (spec.required ? free.find((item) => (item.kind === 'text' || item.kind === 'entity') && (item.preposition === '' || item.preposition === 'of' || item.preposition === 'to')) : undefined)
    return said ? [{ parameter: spec.name, said: said.words.map((word) => word.text).join(' ') }] : []
  })
}
