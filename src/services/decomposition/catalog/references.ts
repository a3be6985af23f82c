/** Pronouns and "there": a value that was named before stands for them. */
import type { ParameterSpec } from '../../../catalog/capability.ts'
import { parseParameterValue } from '../parameter-values.ts'
import type { Knowledge } from './knowledge.ts'
import { prepositions } from './lexicon/function-words.ts'
import type { MarkerKind } from './markers.ts'
import type { Part } from './part.ts'
import { fill, type Call } from './slots/fill.ts'
import { kindOf, shapeOfValue, type SlotKnowledge } from './slots/slot-knowledge.ts'
import type { Word } from './word.ts'

/** A value that was mentioned, for a parameter of some capability; `foreign` in a task that is out of scope. */
type Mention = { readonly spec: ParameterSpec; readonly names: readonly string[]; readonly value: unknown; readonly sentence: number; readonly clause: number; readonly background: boolean; readonly withdrawn?: boolean; readonly foreign?: boolean }

const pronouns: ReadonlySet<string> = new Set(['it', 'its', 'that', 'this', 'them', 'they', 'their', 'those', 'these', 'him', 'his', 'her', 'he', 'she', 'same', 'one', 'itself', 'theirs', 'hers', 'latter', 'both'])
const places: ReadonlySet<string> = new Set(['there', 'here'])
const subordinate: ReadonlySet<MarkerKind> = new Set(['after', 'before', 'if', 'unless', 'until', 'while'])
const stepping: ReadonlySet<MarkerKind> = new Set(['then', 'last', 'afterThat', 'failing', 'if'])
const machines = /(?:^|_)(?:machine|server|host|node|device|vm|computer|box)(?:_|$)/
/** Types whose values are told by what they look like. */
const telling: ReadonlySet<string> = new Set(['fqdn', 'hosts', 'username'])
const only = (mentions: readonly Mention[]): readonly Mention[] => (new Set(mentions.map(({ value }) => JSON.stringify(value))).size === 1 ? mentions : [])
/** Markers behind which a clause may leave out what the one before named. */
const continuing: ReadonlySet<MarkerKind> = new Set(['and', 'failing'])
const plural: ReadonlySet<string> = new Set(['both', 'them', 'those', 'these'])
const singular: ReadonlySet<string> = new Set(['it', 'its', 'him', 'his', 'her'])
const placeNames = /(?:^|_)(?:hosts?|servers?|nodes?|machine|location|room|ward|place|floor|building|site|zone|area|environment|env|target|station|warehouse|branch|store|destination|shop)(?:_|$)/

export function resolveReferences(parts: readonly Part[], knowledge: Knowledge): Part[] {
  const mentions: Mention[] = []
  const open = parts.some((part) => isOpen(part))
  const mention = (part: Part, clause: number, call: Call, background: boolean): void => {
    const { capability } = part.profile!
    for (const spec of capability.parameters) {
      if (!Object.hasOwn(call, spec.name)) continue
      mentions.push({ spec, names: namesOf(spec, capability.id), value: call[spec.name], sentence: part.segment.sentence, clause, background, withdrawn: part.kind === 'forbidden' })
    }
  }
  const resolved = parts.map((part, clause): Part => {
    const { words, sentence } = part.segment
    if (part.kind === 'call' && part.profile) {
      const conditional = parts[clause - 1]?.kind === 'condition' && parts[clause - 1]!.segment.sentence === sentence
      const calls = several(part, mentions, knowledge).map((call) => completed(call, conditional ? { ...part, segment: { ...part.segment, markers: [...part.segment.markers, 'if'] } } : part, clause, mentions, knowledge, (at) => isFronted(parts[at]!)))
      for (const call of calls) mention(part, clause, call, false)
      return { ...part, calls, unknown: part.unknown.filter((one) => !calls.every((call) => Object.hasOwn(call, one.parameter))) }
    }
    // What was withdrawn may still be what "it" means; its mentions rank behind all others.
    if (open) {
      const read = mentioned(words, knowledge)
      mentions.push(...read.map((one) => ({ ...one, sentence, clause, background: true, withdrawn: part.kind === 'forbidden', foreign: part.kind === 'outOfScope' })))
      if (part.profile) for (const call of part.calls) mention(part, clause, call, true)
    }
    return part
  })
  return resolved.map((part, index) => (isSame(part, parts[index]!, resolved[index - 1]) ? { ...part, kind: 'background' as const, calls: [] } : ahead(part, resolved.slice(index + 1))))
}

/** "Drain a and b and reboot them": a second command for the same call, with nothing of its own. */
function isSame(part: Part, said: Part, before: Part | undefined): boolean {
  return part.kind === 'call' && before?.kind === 'call' && part.profile === before.profile && part.segment.sentence === before.segment.sentence && said.calls.every((call) => Object.keys(call).length === 0)
    && part.calls.some((call) => Object.keys(call).length > 0) && JSON.stringify(part.calls) === JSON.stringify(before.calls)
}

/** Begins with what is led to by a preposition, before its verb. */
const isFronted = ({ segment: { words } }: Part): boolean => /^(?:on|for|at|in)$/.test(words[0]?.word ?? '')

/** "After taking a backup, move shop.example.com": what a subordinate clause leaves out is said behind it. */
function ahead(part: Part, later: readonly Part[]): Part {
  if (part.kind !== 'call' || !part.segment.markers.some((marker) => subordinate.has(marker))) return part
  const missing = part.profile!.capability.parameters.filter((spec) => spec.required && part.calls.some((call) => !Object.hasOwn(call, spec.name)))
  const added = missing.flatMap((spec): [string, unknown][] => {
    const calls = later.filter(({ kind, segment }) => kind === 'call' && segment.sentence === part.segment.sentence).flatMap((one) => one.calls.map((call) => ({ call, specs: one.profile!.capability.parameters })))
    for (const { call, specs } of calls) {
      const from = specs.find((one) => Object.hasOwn(call, one.name) && (isSameKind(one, spec) || one.type === spec.type && telling.has(one.type)))
      const value = from && converted(call[from.name], from, spec)
      if (value !== undefined) return [[spec.name, value]]
    }
    return []
  })
  return added.length ? { ...part, calls: part.calls.map((call) => ({ ...Object.fromEntries(added), ...call })) } : part
}

const isSameKind = (one: ParameterSpec, other: ParameterSpec): boolean => kindOf(one.name) === kindOf(other.name)

/** Under what a value is spoken of: the noun of its parameter, or what is made under that name. */
function namesOf(spec: ParameterSpec, id: string): readonly string[] {
  return /^(?:name|id|title|label)$/.test(spec.name) ? [spec.name, ...id.split(/[_-]/).slice(1)] : [...new Set([spec.name, kindOf(spec.name), ...spec.name.split('_')])]
}

/** "Check both": a call for each of several values that were named together. */
function several(part: Part, mentions: readonly Mention[], knowledge: Knowledge): readonly Call[] {
  const [call] = part.calls
  const { words } = part.segment
  if (part.calls.length !== 1 || !words.some((word) => plural.has(word.word) && !isDeterminer(words, word))) return part.calls
  const missing = part.profile!.capability.parameters.filter((one) => one.required && !Object.hasOwn(call!, one.name) && one.type !== 'boolean')
  const spec = missing.find((one) => one.type === 'hosts' || one.type === 'list') ?? (words.some((word) => singular.has(word.word)) ? undefined : missing[0])
  if (!spec) return part.calls
  const values = together(spec, mentions, knowledge.slots[part.profile!.index]!)
  if (values.length < 2) return part.calls
  return spec.type === 'hosts' || spec.type === 'list' ? [{ ...call, [spec.name]: values.flat() }] : values.map((value) => ({ ...call, [spec.name]: value }))
}

/** The values that were last named at least two of a kind: in one clause, in one sentence, or in all that was said. */
function together(spec: ParameterSpec, mentions: readonly Mention[], slots: SlotKnowledge): unknown[] {
  // What a background clause names beside other things is hardly meant.
  const listed = mentions.filter((mention) => !mention.withdrawn && (!mention.background || mention.spec.type === 'hosts' || mention.spec.type === 'list' || mention.names.includes(spec.name)))
  for (const key of [({ clause }: Mention) => clause, ({ sentence }: Mention) => sentence, () => 0]) {
    for (const within of [...Map.groupBy(listed, key).values()].reverse()) {
      const groups = [...Map.groupBy(within, (mention) => mention.spec.name).values()].sort((a, b) => Number(isSameKind(b[0]!.spec, spec)) - Number(isSameKind(a[0]!.spec, spec)))
      for (const group of groups) {
        const values = group.flatMap((mention) => (Array.isArray(mention.value) ? mention.value : [mention.value])).map((value) => converted(value, group[0]!.spec, spec)).filter((value) => value !== undefined && likeness(value, spec, slots) >= 0)
        const distinct = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
        if (distinct.length > 1) return distinct
      }
    }
  }
  return []
}

/** True for calls that something said elsewhere may complete. */
function isOpen({ kind, profile, calls, segment, elliptic }: Part): boolean {
  if (kind !== 'call' || !profile) return false
  if (elliptic || segment.words.some((word) => pronouns.has(word.word) || places.has(word.word))) return true
  return profile.capability.parameters.some((spec) => (spec.required || spec.type === 'hosts') && calls.some((call) => !Object.hasOwn(call, spec.name)))
}

/** Values in clauses that call nothing: read with the eyes of every capability that has a place for them. */
function mentioned(words: readonly Word[], knowledge: Knowledge): Pick<Mention, 'spec' | 'names' | 'value'>[] {
  const named = words.some((word) => word.inEnum || word.kind === 'entity' || word.name || word.capital)
  return knowledge.slots.slice(0, 60).flatMap((slots) => {
    const names = (spec: ParameterSpec): readonly string[] => namesOf(spec, slots.profile.capability.id)
    const beside = words.flatMap((word, at) => {
      const next = words[at + 1]
      // "The service web hangs": the word behind the noun, where it is not the verb.
      const spec = slots.specs.find((one) => (one.type === 'string' || one.type === 'username') && slots.cuesOf(word).includes(one.name))
      if (!spec || !next || next.kind !== 'word' || next.stop || next.light || next.time || next.inEnum || /^[ze]/.test(slots.tags(next.word)) || slots.cuesOf(next).length) return []
      return [{ spec, names: names(spec), value: next.text }]
    })
    if (!named) return beside
    const [call = {}] = fill(words, slots, '', knowledge).calls
    return [...beside, ...slots.specs.flatMap((spec) => (Object.hasOwn(call, spec.name) && spec.type !== 'boolean' ? [{ spec, names: names(spec), value: call[spec.name] }] : []))]
  })
}

function completed(call: Call, part: Part, clause: number, mentions: readonly Mention[], knowledge: Knowledge, opening: (clause: number) => boolean): Call {
  const { words, sentence } = part.segment
  const pronoun = part.elliptic === true || words.some((word) => pronouns.has(word.word) && !isDeterminer(words, word))
  const place = words.some((word) => places.has(word.word))
  const result = { ...call }
  for (const spec of part.profile!.capability.parameters) {
    const meant = meantBy(result[spec.name], spec, words, mentions)
    if (meant !== undefined) result[spec.name] = meant
  }
  const taken = new Set(Object.values(result).map((value) => JSON.stringify(value)))
  const slots = knowledge.slots[part.profile!.index]!
  const earlier = mentions.filter((mention) => mention.sentence === sentence && mention.background && !mention.withdrawn && !mention.foreign)
  const certain = mentions.filter((mention) => !mention.withdrawn)
  // One pronoun stands for one value, and for one that is needed before one that is not.
  let left = words.filter((word) => pronouns.has(word.word)).length
  const open = part.profile!.capability.parameters.filter((spec) => !Object.hasOwn(result, spec.name) && spec.type !== 'boolean' && spec.type !== 'secret')
  for (const spec of [...open.filter((one) => one.required), ...open.filter((one) => !one.required)]) {
    const named = words.some((word) => slots.cuesOf(word).includes(spec.name))
    const there = place && (spec.type === 'hosts' || placeNames.test(spec.name) || leading.some((word) => slots.preposition(spec.name, word) > 0))
    // "Run x on it": what the examples put behind that preposition.
    const led = pronoun && left > 0 && leadIn(words).some((word) => slots.preposition(spec.name, word) >= likely)
    const owned = pronoun && left > 0 && spec.type === 'hosts' && words.some((word) => word.word === 'its' || word.word === 'their')
    const has = (kinds: ReadonlySet<MarkerKind>): boolean => part.segment.markers.some((marker) => kinds.has(marker))
    // "For a and b: do this and do that": what the sentence begins with holds for all of it.
    const fronted = spec.type === 'hosts' && has(continuing) ? certain.filter((mention) => mention.sentence === sentence && mention.spec.type === 'hosts' && opening(mention.clause)) : []
    const wanted = spec.required ? pronoun || place || (named && certain.some((mention) => isSameKind(mention.spec, spec))) : there || led || owned || (pronoun && left > 0 && prepositionBeforePronoun(words))
    // "A works on Monday and may see the files": one subject for both clauses of a sentence.
    const alike = (mention: Mention): boolean => isSameKind(mention.spec, spec) || mention.spec.type === spec.type && telling.has(spec.type) || likeness(Array.isArray(mention.value) ? mention.value[0] : mention.value, spec, slots) > 0
    const shared = !spec.required ? [] : [
      ...has(continuing) ? certain.filter((mention) => mention.sentence === sentence && !mention.background && mention.clause === clause - 1 && alike(mention)) : [],
      ...has(subordinate) ? certain.filter((mention) => mention.sentence === sentence && !mention.background && isSameKind(mention.spec, spec)) : [],
      // "Next comes the switch": a request about one thing speaks of it throughout.
      ...has(stepping) ? only(certain.filter((mention) => alike(mention))) : [],
      // "Hand over a, but fill it up beforehand" without the "it": the only thing of its kind that is spoken of.
      ...only(certain.filter((mention) => isSameKind(mention.spec, spec) && !mention.foreign && typeof mention.value !== 'number')),
    ]
    const pool = wanted ? (pronoun ? mentions : certain) : shared.length > 0 ? shared : fronted.length > 0 ? fronted : spec.required || spec.type === 'hosts' ? earlier : []
    const looks = (value: unknown): boolean => likeness(value, spec, slots) > 0
    const found = bestMention(spec, spec.required || there ? pool : led ? pool.filter((mention) => alike(mention) || spec.type === 'hosts' && /[-_\d]/.test(String(mention.value)) || placeNames.test(spec.type === 'hosts' ? 'host' : spec.name) && placeNames.test(mention.spec.name)) : pool.filter((mention) => isSameKind(mention.spec, spec) || mention.names.includes(spec.name) || spec.type === 'hosts' && (mention.spec.type === 'hosts' || machines.test(mention.spec.name))), { clause, taken, place: place && !pronoun, named: named && !pronoun, slots })
      // "Forward it there": no place, but a value of the right kind.
      ?? (spec.required && place ? bestMention(spec, certain.filter((mention) => looks(Array.isArray(mention.value) ? mention.value[0] : mention.value)), { clause, taken, place: false, named: false, slots }) : undefined)
    if (found === undefined) continue
    result[spec.name] = found
    taken.add(JSON.stringify(found))
    if (wanted && pronoun && !place) left--
  }
  return result
}

/** "Check the cluster": a thing that was named before under that noun is meant by its name. */
function meantBy(value: unknown, spec: ParameterSpec, words: readonly Word[], mentions: readonly Mention[]): unknown {
  const said: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
  if (typeof said !== 'string' || /[^a-z]/.test(said)) return undefined
  const at = words.findIndex((word) => word.word === said)
  if (at < 1 || !['the', 'that', 'this'].includes(words[at - 1]!.word)) return undefined
  const mention = mentions.findLast((one) => !one.withdrawn && one.names.includes(said) && one.value !== said)
  return mention && converted(mention.value, mention.spec, spec)
}

/** Share of the examples from which a preposition leads to a parameter. */
const likely = 0.3

/** The prepositions directly before a pronoun. */
const leadIn = (words: readonly Word[]): string[] => words.flatMap((word, at) => (pronouns.has(word.word) && prepositions.has(words[at - 1]?.word ?? '') ? [words[at - 1]!.word] : []))

/** Prepositions of places. */
const leading = ['in', 'on', 'at', 'into', 'onto'] as const

/** "that server" names a thing, "restart that" does not. */
function isDeterminer(words: readonly Word[], word: Word): boolean {
  const next = words[words.indexOf(word) + 1]
  if (!next || next.kind === 'punct' || next.stop) return word.word === 'one' && words[words.indexOf(word) - 1]?.kind === 'entity'
  return false
}

const prepositionBeforePronoun = (words: readonly Word[]): boolean => words.some((word, at) => ['it', 'them', 'that', 'there', 'same', 'this', 'him', 'her', 'his', 'their', 'its'].includes(word.word) && ['on', 'to', 'at', 'in', 'for', 'from', 'with', 'the', 'of', 'onto', 'into', 'by', 'about'].includes(words[at - 1]?.word ?? ''))

type Wanted = { readonly clause: number; readonly taken: ReadonlySet<string>; readonly place: boolean; readonly named: boolean; readonly slots: SlotKnowledge }

/** The latest value that fits: the same parameter before the same type before what can be converted. */
function bestMention(spec: ParameterSpec, mentions: readonly Mention[], { clause, taken, place, named, slots }: Wanted): unknown {
  let best: { rank: number; value: unknown } | null = null
  mentions.forEach((mention, index) => {
    const same = isSameKind(mention.spec, spec) || mention.names.includes(spec.name)
    if (place && !same && !placeNames.test(mention.spec.name)) return
    if (named && !same && spec.type !== 'fqdn' && spec.type !== 'username') return
    const value = converted(mention.value, mention.spec, spec)
    if (value === undefined || taken.has(JSON.stringify(value)) || isOther(value, spec, slots)) return
    const rank = (same ? 3 : 0) + (mention.spec.type === spec.type ? 1.5 : 0) + index / (mentions.length + 1) - (clause - mention.clause) * 0.3 + (mention.background ? -0.5 : 0) + (mention.withdrawn ? -4 : 0) + likeness(value, spec, slots)
    if (!best || rank > best.rank) best = { rank, value }
  })
  return (best as { value: unknown } | null)?.value
}

/** True for the name of something else, such as an order where a person is meant. */
const isOther = (value: unknown, spec: ParameterSpec, slots: SlotKnowledge): boolean => [value].flat().some((one) => typeof one === 'string' && slots.kind(spec.name, one) < 0)

/** Whether the value looks like those of the parameter's examples. */
function likeness(value: unknown, spec: ParameterSpec, slots: SlotKnowledge): number {
  const first: unknown = Array.isArray(value) ? value[0] : value
  const kind = typeof first === 'string' ? slots.kind(spec.name, first) : 0
  if (kind !== 0) return kind < 0 ? -3 : 1.5
  const shape = typeof first === 'string' && spec.type !== 'fqdn' ? shapeOfValue(first) : null
  const share = shape === null ? null : slots.shape(spec.name, shape)
  return share === null ? (shape === 'time' || shape === 'number' && (spec.type === 'hosts' || spec.type === 'username') ? -3 : 0) : share > 0 ? 1 : -3
}

/** Numbers, times and booleans are not what "it" means; texts stand for hosts and hosts for texts. */
function converted(value: unknown, from: ParameterSpec, to: ParameterSpec): unknown {
  const whole = new Set(['integer', 'port', 'boolean', 'schedule', 'duration', 'secret'])
  if (whole.has(from.type) || whole.has(to.type)) return from.type === to.type && isSameKind(from, to) ? value : undefined
  const single = Array.isArray(value) && to.type !== 'hosts' && to.type !== 'list' ? (value.length === 1 ? value[0] : undefined) : value
  if (single === undefined) return undefined
  if (from.type === 'enum' && to.type !== 'enum' && !isSameKind(from, to)) return undefined
  const parsed = parseParameterValue(to, to.type === 'hosts' || to.type === 'list' ? (Array.isArray(single) ? single : [single]) : single)
  return parsed.ok ? parsed.value : undefined
}
