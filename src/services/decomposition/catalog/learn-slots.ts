/** Learns from the examples which prepositions lead to which parameter, and what its values look like. */
import type { ParameterSpec } from '../../../catalog/capability.ts'
import type { LanguageKnowledge } from './annotate.ts'
import type { Profile } from './profile.ts'
import { lookAt } from './slots/fill.ts'
import { assignEach, type Assignment } from './slots/assign.ts'
import { itemsOf, type Item } from './slots/item.ts'
import type { Word } from './word.ts'
import { buildSlotKnowledge, heldBy, isBeginning, shapeOf, spellingsOf, type Learned, type Shape, type SlotKnowledge } from './slots/slot-knowledge.ts'

type Examples = readonly (readonly Word[])[]
type Readings = readonly (readonly Assignment[])[]

/** What the slots of every capability are like. A value that one capability shows beyond doubt tells of the others. */
export function learnSlots(profiles: readonly Profile[], examples: readonly Examples[], language: LanguageKnowledge): SlotKnowledge[] {
  const plain = profiles.map((profile, index) => buildSlotKnowledge(profile, examples[index]!, language, nothing))
  const seen = new Set<string>()
  profiles.forEach((_, index) => {
    for (const reading of readingsOf(examples[index]!, plain[index]!, language, seen)) for (const { spec, item } of reading) {
      if (isText(spec) && (item.cues.has(spec.name) || plain[index]!.specs.filter(isText).length === 1)) seen.add(valueKey(spec.name, item.words))
    }
  })
  const taught = profiles.map((profile, index) => {
    const readings = readingsOf(examples[index]!, plain[index]!, language, seen)
    // What the examples of a single value teach tells the values of the others apart.
    const short = readings.filter((reading) => reading.length === 1)
    const clear = short.length > 0 && short.length < readings.length ? readingsOf(examples[index]!, buildSlotKnowledge(profile, examples[index]!, language, learned(short)), language, seen) : readings
    const own = examples[index]!
    if (own.length > fewExamples) return learned(readingsOf(own, buildSlotKnowledge(profile, own, language, learned(clear)), language, seen))
    // What an example was first taken for must not speak for itself: each is read by what the others taught.
    return learned(own.flatMap((example, at) => readingsOf([example], buildSlotKnowledge(profile, own, language, learned(clear.toSpliced(at, 1))), language, seen, clear[at])))
  })
  const kinds = kindsOf(taught, profiles)
  const kindShapes = shapesOfKinds(taught, profiles)
  return profiles.map((profile, index) => buildSlotKnowledge(profile, examples[index]!, language, { ...taught[index]!, kinds, kindShapes }))
}

/** Examples of a capability from which one more or less teaches nothing. */
const fewExamples = 12

const nothing: Learned = { prepositions: new Map(), shapes: new Map(), spellings: new Map(), kinds: new Map(), kindShapes: new Map() }

/** What values of a kind look like in all examples of the catalog. */
function shapesOfKinds(taught: readonly Learned[], profiles: readonly Profile[]): Learned['kindShapes'] {
  const all = profiles.flatMap(({ capability }, index) => capability.parameters.flatMap((spec) => (taught[index]!.shapes.get(spec.name) ?? []).map((shape) => ({ kind: heldBy(spec), shape }))))
  return new Map([...Map.groupBy(all, ({ kind }) => kind)].map(([kind, seen]): [string, readonly Shape[]] => [kind, seen.map(({ shape }) => shape)]))
}

/**
 * What the names of each beginning are in the whole catalog, by the parameters that have them: "R-9" is a reservation, "KX-9" a
 * vehicle. Parameters that share a beginning hold the same: machines, devices and the target of a test.
 */
function kindsOf(taught: readonly Learned[], profiles: readonly Profile[]): Learned['kinds'] {
  const kinds = countsOf(taught, profiles)
  const group = new Map<string, string>()
  const groupOf = (kind: string): string => (group.has(kind) ? groupOf(group.get(kind)!) : kind)
  for (const counts of kinds.values()) {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    // A single example may have been read wrongly.
    const [first, ...others] = [...counts].filter(([, count]) => count >= total * shared).map(([kind]) => groupOf(kind))
    for (const other of others) if (groupOf(other) !== groupOf(first!)) group.set(groupOf(other), groupOf(first!))
  }
  const members = Map.groupBy(new Set([...kinds.values()].flatMap((counts) => [...counts.keys()])), groupOf)
  return new Map([...kinds].map(([form, counts]): [string, ReadonlySet<string>] => {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    return [form, new Set(total < enoughNames ? [] : [...counts.keys()].flatMap((kind) => members.get(groupOf(kind))!))]
  }))
}

/** Share of the names of one beginning from which a parameter holds such names, and names that are enough to know. */
const shared = 0.15
const enoughNames = 3

function countsOf(taught: readonly Learned[], profiles: readonly Profile[]): Map<string, Map<string, number>> {
  const kinds = new Map<string, Map<string, number>>()
  profiles.forEach(({ capability }, index) => {
    for (const spec of capability.parameters) for (const form of taught[index]!.spellings.get(spec.name) ?? []) {
      if (!isBeginning(form)) continue
      const counts = kinds.get(form) ?? new Map<string, number>()
      kinds.set(form, counts.set(heldBy(spec), (counts.get(heldBy(spec)) ?? 0) + 1))
    }
  })
  return kinds
}
const isText = (spec: ParameterSpec): boolean => ['string', 'list', 'hosts', 'username', 'fqdn'].includes(spec.type)
const valueKey = (parameter: string, words: readonly Word[]): string => `${parameter} ${words.map((word) => word.word).join(' ')}`

/** @param before what the values were taken for, which counts where nothing speaks against it */
function readingsOf(examples: Examples, slots: SlotKnowledge, language: LanguageKnowledge, seen: ReadonlySet<string>, before: readonly Assignment[] = []): Readings {
  const taken = (spec: ParameterSpec, item: Item): boolean => before.some((one) => one.spec === spec && one.item.from === item.from)
  return examples.map((example) => assignEach(itemsOf(example, slots, lookAt(example, language), language.english), slots, (spec, item) => (seen.has(valueKey(spec.name, item.words)) ? 2 : 0) + (taken(spec, item) ? lasting : 0)))
}
const lasting = 1.6

function learned(readings: Readings): Learned {
  const shapes = new Map<string, Shape[]>()
  const spellings = new Map<string, string[]>()
  const counts = new Map<string, number>()
  const totals = new Map<string, number>()
  const totalOf = new Map<string, string>()
  for (const { spec, item } of readings.flat()) {
    if (item.kind !== 'enum' && (item.kind !== 'time' || spec.type === 'string')) shapes.set(spec.name, [...shapes.get(spec.name) ?? [], shapeOf(item.words)])
    spellings.set(spec.name, [...spellings.get(spec.name) ?? [], ...spellingsOf(item.words)])
    // Numbers and times are told apart from names by what they are.
    const total = `${isText(spec) ? 'text' : spec.type} ${item.preposition}`
    const key = `${spec.name} ${item.preposition}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    totals.set(total, (totals.get(total) ?? 0) + 1)
    totalOf.set(key, total)
  }
  return { prepositions: new Map([...counts].map(([key, count]): [string, number] => [key, count / totals.get(totalOf.get(key)!)!])), shapes, spellings, kinds: new Map(), kindShapes: new Map() }
}
