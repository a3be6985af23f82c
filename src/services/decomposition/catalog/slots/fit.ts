/** How well a candidate value fits a parameter, and the value it would be. */
import type { ParameterSpec } from '../../../../catalog/capability.ts'
import { parseParameterValue } from '../../parameter-values.ts'
import { prepositions } from '../lexicon/function-words.ts'
import { minutesPerUnit } from '../numbers.ts'
import { isSentence } from './free-text.ts'
import type { Item } from './item.ts'
import { isTelling, shapeOf, type Shape, type SlotKnowledge } from './slot-knowledge.ts'
import { places } from './usual-prepositions.ts'
import type { Word } from '../word.ts'

export type Fit = { readonly score: number; readonly value: unknown }

const timeLike = /(?:^|_)(?:date|day|time|when|deadline|start|end|until|due|slot|period|month|week|year|shift|begin|begins|at|starts|ends|departure|arrival|pickup|moment|checkin|checkout|check_in|check_out|hour|expiry|expires|eta|opening|closing|appointment)(?:_|$)/
/** Names of parameters that take a point in time or the name of one: the backup of monday, the backup before-upgrade. */
const pointLike = /(?:^|_)(?:point|since|as_of|backup|snapshot)(?:_|$)/
/** Months and weeks of longer units, which are no multiples in days. */
const calendar: Readonly<Record<string, number>> = { 'year 43200': 12, 'quarter 43200': 3, 'year 10080': 52, 'month 10080': 4 }
/** Names of parameters that take how often something is done: every 60 seconds. */
const repeating = /interval|every|frequency|period|cycle|rate/
const minuteUnits: readonly (readonly [RegExp, number])[] = [
  [/(?:^|_)(?:seconds?|secs?)(?:_|$)/, 1 / 60], [/(?:^|_)(?:minutes?|mins?)(?:_|$)/, 1], [/(?:^|_)(?:hours?|hrs?)(?:_|$)/, 60], [/(?:^|_)(?:days?)(?:_|$)/, 1440],
  [/(?:^|_)(?:nights?)(?:_|$)/, 1440], [/(?:^|_)(?:weeks?)(?:_|$)/, 10_080], [/(?:^|_)(?:months?)(?:_|$)/, 43_200],
]
const sizeUnits: readonly (readonly [RegExp, RegExp])[] = [
  [/(?:^|_)(?:gb|gigabytes?)(?:_|$)/, /^(?:gb|gib|gigabytes?|gigs?|g)$/], [/(?:^|_)(?:mb|megabytes?)(?:_|$)/, /^(?:mb|mib|megabytes?|m)$/], [/(?:^|_)(?:tb|terabytes?)(?:_|$)/, /^(?:tb|tib|terabytes?)$/],
  [/(?:^|_)(?:mbit|mbps|megabits?)(?:_|$)|bandwidth|rate_mb/, /^(?:mbit|mbps|megabits?|mb)$/], [/(?:^|_)(?:gbit|gbps|gigabits?)(?:_|$)/, /^(?:gbit|gbps|gigabits?)$/], [/(?:^|_)(?:kbit|kbps|kilobits?)(?:_|$)/, /^(?:kbit|kbps|kilobits?)$/],
  [/(?:^|_)(?:rps|requests|qps)(?:_|$)/, /^(?:rps|qps|requests|req)$/],
  [/percent|discount|rate|brightness|level|humidity|share|volume/, /^(?:%|percent|per cent)$/], [/degree|temp|celsius/, /^(?:degrees?|°c?|celsius|c)$/],
  [/amount|price|sum|eur|usd|cost|budget|value|limit|fee|fare|salary|total|balance|dollars|euros/, /^(?:€|\$|£|eur|euros?|usd|dollars?|pounds?|chf|francs?|yuan|pesos?)$/], [/kg|weight/, /^kg$/], [/km|distance|mileage|odometer/, /^(?:km|kilomet(?:er|re)s?|miles?|mi)$/],
  [/mg|dose|dosage/, /^(?:mg|ml|milligrams?)$/],
  [/quantity|count|amount|pieces|units|number|copies|items/, /^(?:pieces?|pcs|units?|copies|items?|boxes|packs?|bottles|times)$/],
]

export function fit(item: Item, spec: ParameterSpec, slots: SlotKnowledge, direct: string | null): Fit | null {
  const raw = rawFit(item, spec, slots)
  if (!raw) return null
  const parsed = parseParameterValue(spec.type === 'hosts' || spec.type === 'list' ? { ...spec, type: spec.type === 'hosts' ? 'hosts' : 'list' } : spec, spec.type === 'hosts' || spec.type === 'list' ? [raw.value] : raw.value)
  // A number beyond the bounds that is surely meant is asked about in the end, not left out.
  const isMeant = parsed.ok || parsed.rule === 'range' && (raw.score >= ownUnit || item.cues.has(spec.name))
  if (!isMeant) return null
  let score = raw.score
  if (item.cues.has(spec.name)) score += 3
  else if (item.cues.size > 0) score -= 2
  const learned = slots.preposition(spec.name, item.preposition)
  const usual = slots.usual(spec.name)
  if (learned > 0) score += item.preposition === '' ? (spec.name === direct ? 1 : 0.6 * learned) : 0.8 + 1.5 * learned
  // A preposition that leads to another parameter in the examples does not lead here.
  else if (item.preposition !== '' && slots.specs.some((other) => other !== spec && isText(other) === isText(spec) && slots.preposition(other.name, item.preposition) >= 0.5)) score -= 0.6
  else if (usual?.has(item.preposition) || item.owner && usual === places) score += 1.2
  else if (item.preposition !== '' && item.preposition !== 'of') score -= item.kind === 'entity' && item.words[0]!.entity !== 'name' ? 0.2 : 0.6
  if (item.preposition === 'called' && slots.nameLike.includes(spec.name)) score += 2
  if (!item.owner && (learned === 0 && (item.preposition === '' || item.preposition === 'of') || learned > 0 && item.preposition === 'of')) score += spec.name === direct ? 1 : usual && !usual.has('') && spec.name !== direct && learned === 0 ? -0.6 : 0
  // A parameter that is called like a preposition is led to by it.
  if (prepositions.has(spec.name) && !usual?.has(item.preposition) && !['from', 'since', 'after', 'until', 'till', 'to', 'before', 'via', 'through'].includes(item.preposition) && learned === 0 && !item.cues.has(spec.name)) score -= 2
  if (item.subject && (spec.type === 'username' || people.test(spec.name))) score += 2
  // "Check its state": what something has is not the thing.
  if (item.possessed && item.kind === 'text' && !item.cues.has(spec.name)) score -= 2
  if (spec.required) score += 0.4
  // "Our cluster" is a thing that is known, hardly the value of something that may be left out.
  else if (item.described && item.kind === 'text' && !item.cues.has(spec.name)) score -= 0.9
  score += shapeFit(item, spec, slots) + spelt * slots.spelling(spec.name, item.words) + kindFit(item, spec, slots)
  return { score, value: parsed.ok ? parsed.value : raw.value }
}

/** The score of a value that has the unit of its parameter. */
const ownUnit = 5

/** What it is worth to be spelt like the values of the examples. */
const spelt = 1.5

/** What begins as the names of other things do is hardly a value; to begin as it should makes up for little else. */
function kindFit(item: Item, spec: ParameterSpec, slots: SlotKnowledge): number {
  if (!isText(spec) || isSentence(spec)) return 0
  const kind = slots.kind(spec.name, item.words)
  return kind < 0 ? -otherKind : kind * sameKind
}
const otherKind = 4
const sameKind = 1.2

const isText = ({ type }: ParameterSpec): boolean => ['string', 'list', 'hosts', 'username', 'fqdn'].includes(type)

const people = /(?:^|_)(?:patient|customer|client|student|pupil|employee|person|guest|member|tenant|visitor|teacher|doctor|owner|parent|recipient|contact|manager|driver|applicant|candidate|colleague|assignee|attendee|participant|passenger|author|reviewer|host_name|full_name|first_name|last_name)(?:_|$)/

/** Against what none of many values of its kind looks like. */
const strange = 3

const typed: readonly Shape[] = ['email', 'fqdn', 'ip', 'url']

/** A value that looks like none of the examples is hardly one, unless its noun stands beside it. People have names. */
function shapeFit(item: Item, spec: ParameterSpec, slots: SlotKnowledge): number {
  if (item.words[0]!.entity === 'quoted' && /\s/.test(String(item.words[0]!.value))) return typed.some((shape) => slots.shape(spec.name, shape) === 1) ? -3 : 0
  if (item.kind === 'enum' || item.kind === 'time' || item.words[0]!.entity === 'quoted' || ['integer', 'port'].includes(spec.type)) return 0
  const shape = shapeOf(item.words)
  const share = slots.shape(spec.name, shape)
  if (isSentence(spec)) return 0
  const named = people.test(spec.name) ? (shape === 'capital' ? 0.8 : shape === 'plain' ? -0.8 : 0) : 0
  if (share === null) return named + (/(?:^|_)version(?:_|$)/.test(spec.name) ? (shape === 'number' ? 1 : -0.6) : 0)
  if (share > 0) return named + (isTelling(shape) ? 1 : 0.6 * share)
  if (slots.isStrange(spec.name, shape) && !slots.isNoun(spec.name, item.before)) return named - strange
  const certain = slots.isUniform(spec.name)
  // Where names have a number, one without it is not much odder.
  if (shape === 'odd' && (slots.shape(spec.name, 'coded') ?? 0) > 0) return named - (certain ? 1.2 : 0)
  // A file or an address is nothing else.
  if (isTelling(shape) && shape !== 'fqdn' && shape !== 'ip' && share === 0) return named - 2.5
  return named + (shape === 'plain' ? (certain ? -2.2 : -1.3) : certain ? -1.6 : -0.8)
}

/** The words of an item as they stand in the text. */
export const textOf = (item: Item): string => {
  const [first] = item.words
  if (item.words.length === 1 && first!.entity === 'quoted') return String(first!.value)
  // A word that was translated to two stands once in the text.
  const said = item.words.filter((word, at) => at === 0 || word.start !== item.words[at - 1]!.start)
  return said.map((word, at) => (at > 0 && word.start > said[at - 1]!.end ? ` ${word.text}` : word.text)).join('').trim()
}

function rawFit(item: Item, spec: ParameterSpec, slots: SlotKnowledge): Fit | null {
  const text = textOf(item)
  const first = item.words[0]!
  switch (spec.type) {
    case 'enum': {
      const reference = first.enums.find((one) => one.capability === slots.profile.index && one.parameter === spec.name)
      return item.kind === 'enum' && reference ? { score: 5, value: reference.value } : null
    }
    case 'integer': return item.kind === 'number' || item.kind === 'time' ? integerFit(item, spec, slots) : null
    case 'port': return item.kind === 'number' && !item.number?.unit?.match(/^(?:minutes?|hours?|gb|ms|%)$/) ? { score: 2.5, value: item.number!.value } : null
    case 'boolean': case 'secret': return null
    case 'schedule': return item.kind === 'time' ? { score: first.time === 'schedule' ? 5 : 2, value: text } : null
    case 'duration': return item.kind === 'time' ? { score: first.time === 'duration' ? 5 : -1, value: text.replace(/^(?:the|a|an)\s+(?=last|past|next|coming)/i, '') } : null
    case 'fqdn': return item.kind === 'entity' && first.entity === 'fqdn' ? { score: 5, value: text } : item.kind === 'entity' && first.entity === 'url' ? { score: 3, value: hostOf(text) } : null
    case 'hosts': return hostFit(item, text, slots)
    case 'username': return usernameFit(item, text)
    case 'string': return stringFit(item, spec, text, slots)
    case 'list': return item.kind === 'time' || item.kind === 'enum' || saysNothing(item, spec, slots) ? null : { score: item.kind === 'number' ? 0.5 : 2, value: text }
  }
}

const hostOf = (url: string) => URL.parse(url)?.hostname ?? url

function integerFit(item: Item, spec: ParameterSpec, slots: SlotKnowledge): Fit | null {
  const number = item.number
  if (!number) return null
  const unit = number.unit?.toLowerCase() ?? null
  const wantedTime = minuteUnits.find(([pattern]) => pattern.test(spec.name))
  if (item.kind === 'time' && item.words[0]!.time !== 'duration' && !(item.words[0]!.word === 'every' && repeating.test(spec.name))) return null
  if (unit && unit in minutesPerUnit && (item.kind === 'time' || wantedTime)) {
    // "Extend it by 2 nights": the number alone, where no parameter takes a time.
    if (!wantedTime) return spec.required && !slots.specs.some((other) => other.type === 'duration' || timeLike.test(other.name)) && Number.isInteger(number.value) ? { score: 1.2, value: number.value } : null
    const value = number.value * (calendar[`${unit.replace(/s$/, '')} ${wantedTime[1]}`] ?? minutesPerUnit[unit]! / wantedTime[1])
    return { score: 5, value: Math.round(value * 1000) / 1000 }
  }
  if (item.kind === 'time') return null
  const sized = sizeUnits.filter(([pattern]) => pattern.test(spec.name))
  if (unit && sized.some(([, units]) => units.test(unit))) return { score: 5, value: number.value }
  if (unit && /^(?:tb|tib|terabytes?)$/.test(unit) && /(?:^|_)gb(?:_|$)/.test(spec.name)) return { score: 4.5, value: number.value * 1000 }
  if (unit && spec.name.split('_').some((part) => part.length > 2 && (part === unit || `${part}s` === unit || part === `${unit}s`))) return { score: 5, value: number.value }
  if (unit && sizeUnits.some(([, units]) => units.test(unit))) return { score: 0.8, value: number.value }
  return { score: 2.2, value: number.value }
}

function hostFit(item: Item, text: string, slots: SlotKnowledge): Fit | null {
  const first = item.words[0]!
  if (item.kind === 'entity') {
    if (first.entity === 'ip') return { score: 4, value: text }
    if (first.entity === 'fqdn') return { score: 3, value: text }
    if (first.entity === 'name') return { score: 3, value: text }
    return first.entity === 'quoted' ? { score: 1, value: text } : null
  }
  if (item.kind !== 'text' || item.words.length > 1 || adjective(first, slots) || indefinite.has(first.word)) return null
  const placed = ['on', 'at', 'to', 'in', 'for', 'from', 'onto'].includes(item.preposition) || item.owner
  return { score: (first.name ? 2 : 0.6) + (placed ? 1.2 : -0.8), value: text }
}

function usernameFit(item: Item, text: string): Fit | null {
  const first = item.words[0]!
  if (item.kind === 'entity') {
    if (first.entity === 'email' || first.entity === 'name') return { score: 3, value: text.replace(/^@/, '') }
    return first.entity === 'fqdn' || first.entity === 'file' || first.entity === 'quoted' ? { score: 2.5, value: text } : null
  }
  if (item.kind !== 'text' || item.words.length > 1 || indefinite.has(first.word)) return null
  return { score: first.name ? 2.2 : 1, value: text }
}

function stringFit(item: Item, spec: ParameterSpec, text: string, slots: SlotKnowledge): Fit | null {
  const first = item.words[0]!
  const cued = item.cues.has(spec.name)
  if (isSentence(spec) && first.entity !== 'quoted') return null
  // "nightly" or "last Friday" may name a thing where no time can be meant.
  if (item.kind === 'time' && !timeLike.test(spec.name) && !pointLike.test(spec.name) && !slots.specs.some((other) => other.type === 'schedule' || other.type === 'duration' || timeLike.test(other.name))) {
    const shown = slots.shape(spec.name, 'time') ?? 0
    if (shown === 0 && /^(?:today|tonight|tomorrow|yesterday)$/.test(first.word)) return null
    if (shown > 0 || cued || item.words.length === 1 && first.kind === 'word') return { score: 0.6 + (shown > 0 ? 1.5 : 0), value: text }
    return spec.required ? { score: 0.1, value: text } : null
  }
  if (item.kind === 'time' && pointLike.test(spec.name)) return { score: first.time === 'moment' || first.word === 'last' || first.word === 'past' ? 3.5 : 1, value: text }
  if (item.kind === 'time') return timeLike.test(spec.name) ? { score: first.time === 'schedule' && !/when|time|shift/.test(spec.name) ? 2.5 : 4, value: text } : null
  if (timeLike.test(spec.name) && !cued && first.entity !== 'date' && first.entity !== 'time') return item.kind === 'text' && item.preposition !== '' ? { score: -0.5, value: text } : null
  if (item.kind === 'enum') return { score: -1, value: text }
  if (item.kind === 'number') return { score: cued ? 1.5 : /(?:^|_)(?:id|number|no|nr|code|version|room|order|invoice|ticket|case|ward|bed|gate|lane|bay|line|platform|track|route|floor|table|seat|unit|slot)(?:_|$)/.test(spec.name) || (slots.shape(spec.name, 'number') ?? 0) >= 0.5 && item.number?.unit === null ? 1.6 : -0.6, value: text }
  if (item.kind === 'entity') {
    if (first.entity === 'file' || first.entity === 'path') return { score: /image|file|playbook|document|attachment|script|path|report|template|picture|photo/.test(spec.name) ? 4 : slots.specs.some((other) => other !== spec && /image|file|document|attachment|script|picture|photo/.test(other.name)) ? 0.6 : 2, value: text }
    if (first.entity === 'email') return { score: /mail|recipient|to|address|contact|customer|user/.test(spec.name) ? 4 : 1.5, value: text }
    if (first.entity === 'ip') return { score: /(?:^|_)(?:ips?|address|cidr|subnet|network|range)(?:_|$)/.test(spec.name) ? 5 : 1.2, value: text }
    if (first.entity === 'url') return { score: /url|link|site|page|webhook/.test(spec.name) ? 5 : 1.5, value: text }
    if (first.entity === 'date') return { score: /date|day|deadline|due|when/.test(spec.name) ? 5 : 0.5, value: text }
    if (first.entity === 'time') return { score: timeLike.test(spec.name) ? 4 : 0, value: text }
    // A long quotation is somebody's text, not the name of a thing.
    if (first.entity === 'quoted') return text.split(/\s+/).length > (isSentence(spec) || !slots.specs.some(isSentence) ? 8 : /^\p{Ll}\S* /u.test(text) ? 1 : 3) ? null : { score: 3.5, value: text }
    if (first.entity === 'measure') return { score: cued ? 1.5 : 0.2, value: text }
    return { score: 2.5, value: text.replace(/^#(?=\d)/, '') }
  }
  if (saysNothing(item, spec, slots)) return null
  // A value that another parameter of the catalog knows is hardly one of this.
  if (!cued && first.enums.length > 0 && first.capital) return { score: 0.8, value: text }
  return { score: first.name || first.capital ? 2.2 : 1.5, value: text }
}

const indefinite: ReadonlySet<string> = new Set(['bigger', 'smaller', 'larger', 'faster', 'slower', 'longer', 'shorter', 'higher', 'lower', 'plenty', 'enough', 'different', 'other', 'another', 'certain', 'various', 'several', 'right', 'wrong', 'correct', 'suitable', 'usual', 'respective', 'specific', 'particular', 'separate', 'single', 'additional', 'further', 'extra', 'next', 'previous', 'new', 'old', 'good', 'better', 'best', 'free', 'own', 'hers', 'mine', 'yours', 'ours', 'theirs'])

/** Behind these an adjective alone is a name; "in full" and "for good" are none. */
const leadingToNames: ReadonlySet<string> = new Set(['from', 'to', 'into', 'onto', 'called'])

const saysNothing = (item: Item, spec: ParameterSpec, slots: SlotKnowledge): boolean => !item.cues.has(spec.name) && !(item.alone && (leadingToNames.has(item.preposition) || slots.preposition(spec.name, item.preposition) >= 0.6)) && item.words.every((word) => adjective(word, slots)) || item.words.every((word) => indefinite.has(word.word))

/** Adjectives and adverbs alone name nothing. */
const adjective = (word: Word, slots: SlotKnowledge): boolean => word.kind === 'word' && !word.capital && !word.name && /^[jr]/.test(slots.tags(word.word)) && !/n/.test(slots.tags(word.word))
