/** How the values that a span names fit the parameters of a capability, whatever else it says. */
import type { LanguageKnowledge } from './annotate.ts'
import type { Profile } from './profile.ts'
import { isSentence } from './slots/free-text.ts'
import type { Shape, SlotKnowledge } from './slots/slot-knowledge.ts'
import type { Word } from './word.ts'

/** Values of enums that are there and that few other capabilities know. */
export function ownValue(words: readonly Word[], { index, capability }: Profile, { english }: LanguageKnowledge): number {
  let most = 0
  for (const { enums, kind, word, name, capital } of words) {
    const own = enums.find((reference) => reference.capability === index)
    if (!own) continue
    const required = capability.parameters.some((parameter) => parameter.name === own.parameter && parameter.required)
    const common = kind === 'word' && !name && !capital && english.has(word)
    most = Math.max(most, (required ? 1 : 0.5) * (common ? 0.5 : 1) / new Set(enums.map((reference) => reference.capability)).size)
  }
  return most
}

/** Entities the capability's parameters take, and entities it has no place for. */
export function entityFit(words: readonly Word[], { types, index, capability, stems }: Profile, { english }: LanguageKnowledge, slots: SlotKnowledge): number {
  let fit = 0
  let count = 0
  for (const word of words) {
    if (word.enums.length) {
      count++
      const own = word.enums.find((reference) => reference.capability === index)
      const common = word.kind === 'word' && !word.name && !word.capital && english.has(word.word)
      if (own) fit += capability.parameters.some((parameter) => parameter.name === own.parameter && parameter.required) ? 1 : 0.5
      else if ((stems.get(word.stem) ?? 0) >= 0.8) fit += 0.5
      else fit -= common ? 0.1 : 0.7
      continue
    }
    if (word.timeStart) {
      count++
      // Few capabilities take a repetition, so one that does is meant.
      if (word.time === 'schedule' && types.has('schedule')) fit += 1
      fit += word.time === 'moment' ? (types.has('schedule') ? 0.5 : 0) : types.has(word.time!) ? 1 : word.time === 'duration' && types.has('integer') ? 0.7 : word.time === 'schedule' ? -0.8 : -0.2
    }
    if (word.inEnum || word.time || word.kind !== 'entity') continue
    // What is quoted at length is said or written somewhere.
    if (word.entity === 'quoted' && /\s\S+\s/.test(String(word.value))) {
      count++
      fit += capability.parameters.some((spec) => isSentence(spec) && spec.required) ? 1 : capability.parameters.some((spec) => isSentence(spec)) ? 0.5 : -0.3
      continue
    }
    const takes = takers[word.entity!]
    if (!takes) continue
    count++
    // What the examples have for values is as good as a type that is made for it.
    if (addresses.has(word.entity!) && slots.specs.some(({ name }) => (slots.shape(name, word.entity as Shape) ?? 0) >= half)) fit += 1
    else if (takes[0]!.some((type) => types.has(type))) fit += 1
    else if (takes[1]!.some((type) => types.has(type))) fit += 0.3
    else fit -= 0.6
  }
  return count === 0 ? 0 : fit / Math.max(count, 1)
}

const addresses: ReadonlySet<Word['entity']> = new Set(['ip', 'email', 'fqdn', 'url', 'path', 'file'])
const half = 0.3

type Type = Profile['types'] extends ReadonlySet<infer T> ? T : never

/** Types made for an entity, and types that can also hold it. */
const takers: Readonly<Record<string, readonly [readonly Type[], readonly Type[]]>> = {
  fqdn: [['fqdn'], ['hosts', 'string', 'list', 'username']],
  url: [[], ['string', 'fqdn', 'list']],
  email: [['username'], ['string', 'list']],
  ip: [['hosts'], ['string', 'list']],
  path: [[], ['string', 'list']],
  file: [[], ['string', 'list']],
  time: [['schedule'], ['string']],
  date: [['schedule'], ['string']],
  number: [['integer', 'port'], ['duration', 'schedule', 'string']],
  measure: [['integer', 'duration'], ['string']],
}
