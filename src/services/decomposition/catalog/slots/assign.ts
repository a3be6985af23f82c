/** Which parameter each candidate value of a clause belongs to. */
import type { ParameterSpec } from '../../../../catalog/capability.ts'
import { fit, textOf } from './fit.ts'
import { isSentence } from './free-text.ts'
import type { Item } from './item.ts'
import { shapeOf, type SlotKnowledge } from './slot-knowledge.ts'

export type Assignment = { readonly spec: ParameterSpec; readonly value: unknown; readonly item: Item; readonly score: number }

/** The parameter that a pronoun stands for, and the preposition before it. */
export type Reserved = { readonly name: string; readonly preposition: string }

/** Least score at which a value is taken for a parameter. */
const enough = 1.4

/** Assigns items to parameters, best fits first. Items of one group may share a parameter, others may not; a pronoun stands for what is `reserved`. */
export function assign(items: readonly Item[], slots: SlotKnowledge, pronoun: 'person' | 'thing' | null = null, reserved: Reserved | null = null): Assignment[] {
  const direct = directOf(slots)
  const candidates = items.flatMap((item, index) => isFormer(item, items[index + 1], slots) ? [] : slots.specs.flatMap((spec) => {
    const found = fit(item, spec, slots, direct)
    // "Make it a writer in crm": the pronoun is the object, and what a preposition leads to is something else.
    // "Give it to anna": nobody is called it.
    const given = pronoun === 'thing' && spec.type === 'username' && (item.preposition === 'to' || item.preposition === 'for')
    const score = (found?.score ?? 0) - (pronoun && !given && spec.name === direct && item.preposition !== '' && slots.preposition(spec.name, item.preposition) === 0 ? 2 : 0) - (spec.name === reserved?.name && item.preposition !== reserved.preposition ? 2 : 0)
    return found && score >= enough ? [{ spec, value: found.value, item, score, index }] : []
  })).sort((a, b) => b.score - a.score || a.index - b.index)
  const used = new Set<Item>()
  const groups = new Map<string, number>()
  const taken: Assignment[] = []
  const place = placesOf(items)
  for (const candidate of candidates) {
    if (used.has(candidate.item)) continue
    const group = groups.get(candidate.spec.name)
    const again = place.has(candidate.item) && taken.some((other) => other.spec === candidate.spec && place.get(other.item) === place.get(candidate.item))
    if (group !== undefined && group !== candidate.item.group && !again && !repeatable(candidate, taken)) continue
    used.add(candidate.item)
    groups.set(candidate.spec.name, candidate.item.group)
    taken.push(candidate)
  }
  const last = onlyOnePlace(items, used, taken, slots, direct)
  if (last) {
    used.add(last.item)
    taken.push(last)
  }
  swapWhereBetter(taken, candidates)
  // "the groups media and guests": what is joined to a value of a list is one, too.
  for (const { spec, item } of [...taken]) {
    if (spec.type !== 'list' && spec.type !== 'hosts') continue
    for (const other of items) {
      if (used.has(other) || other.possessed || other.group !== item.group || (other.kind !== 'text' && other.kind !== 'entity')) continue
      used.add(other)
      taken.push({ spec, item: other, value: [textOf(other)], score: 0 })
    }
  }
  return taken.sort((a, b) => a.item.from - b.item.from)
}

/** A name that is left over is what the only missing parameter needs, unless it looks like something else. */
function onlyOnePlace(items: readonly Item[], used: ReadonlySet<Item>, taken: readonly Assignment[], slots: SlotKnowledge, direct: string | null): Assignment | null {
  const missing = slots.specs.filter((spec) => spec.required && !taken.some((one) => one.spec === spec))
  const left = items.filter((item, index) => !used.has(item) && !isFormer(item, items[index + 1], slots) && (item.kind === 'entity' && item.words[0]!.entity !== 'quoted' || item.kind === 'text' && item.words.some((word) => word.name)))
  if (taken.length === 0 || missing.length !== 1 || left.length !== 1 || missing[0]!.type !== 'string' || isSentence(missing[0]!)) return null
  const found = fit(left[0]!, missing[0]!, slots, direct)
  return found && found.score >= bearable ? { spec: missing[0]!, item: left[0]!, ...found } : null
}
const bearable = -0.5

/** "From 100 to 150 GB": where no parameter asks for it, the value that was is not given. */
function isFormer(item: Item, next: Item | undefined, { specs, preposition }: SlotKnowledge): boolean {
  if (item.preposition !== 'from' || next?.preposition !== 'to' || next.kind !== item.kind || item.kind === 'time') return false
  return !specs.some((spec) => /(?:^|_)(?:from|source|origin|old|current|start|begin|since|min|lower|pickup|departure)(?:_|$)/.test(spec.name) || preposition(spec.name, 'from') > 0)
}

/** The parameter that an object without a preposition most likely is. */
function directOf({ specs }: SlotKnowledge): string | null {
  const texts = specs.filter((spec) => ['string', 'list', 'username', 'hosts', 'fqdn'].includes(spec.type) && !isSentence(spec))
  return (texts.find((spec) => spec.required) ?? texts[0])?.name ?? null
}

/** Best fits first may leave the rest with bad ones: two values change places where both together fit better. */
function swapWhereBetter(taken: Assignment[], candidates: readonly Assignment[]): void {
  if (taken.length < 2) return
  const byItem = Map.groupBy(candidates, (one) => one.item)
  const scoreOf = (item: Item, spec: ParameterSpec): Assignment | undefined => byItem.get(item)?.find((one) => one.spec === spec)
  // Changing places leaves as many values to each parameter as it had.
  const counts = Map.groupBy(taken, (one) => one.spec)
  const single = (one: Assignment): boolean => counts.get(one.spec)!.length === 1
  for (let first = 0; first < taken.length; first++) {
    if (!single(taken[first]!)) continue
    for (let second = first + 1; second < taken.length; second++) {
      const [a, b] = [taken[first]!, taken[second]!]
      if (a.spec === b.spec || !single(b)) continue
      const [x, y] = [scoreOf(a.item, b.spec), scoreOf(b.item, a.spec)]
      if (x && y && x.score + y.score > a.score + b.score) [taken[first], taken[second]] = [x, y]
    }
  }
}

/** "40 euros for a, 60 euros for b": the place of each item in a pattern that repeats; none where no pattern does. */
function placesOf(items: readonly Item[]): ReadonlyMap<Item, number> {
  const like = (a: Item, b: Item): boolean => a.kind === b.kind && a.words[0]!.entity === b.words[0]!.entity
  for (let period = 2; period <= 3; period++) {
    for (let start = 0; start + 2 * period <= items.length; start++) {
      let end = start + period
      while (end < items.length && like(items[end]!, items[end - period]!)) end++
      const whole = Math.floor((end - start) / period) * period
      const first = items.slice(start, start + period)
      const mixed = first.some((item) => !like(item, items[start]!)) || first.some((item) => item.preposition !== items[start]!.preposition) && first.every((item, at) => item.preposition === items[start + period + at]!.preposition)
      if (whole < 2 * period || !mixed || !items[start + period]!.follows) continue
      return new Map(items.slice(start, start + whole).map((item, at) => [item, at % period]))
    }
  }
  return new Map()
}

const isName = ({ words }: Item): boolean => words.length === 1 && words[0]!.name

/** "a to x and b to y": the same parameter again, in the same role. Mere words beside it are not enough. */
function repeatable({ spec, item, score }: Assignment, taken: readonly Assignment[]): boolean {
  return taken.some((other) => other.spec === spec && other.item.kind === item.kind && other.item.preposition === item.preposition && score >= 2.5
    && (item.kind !== 'text' || (item.cues.has(spec.name) && other.item.cues.has(spec.name)) || isName(item) && isName(other.item) && item.preposition !== '') && other.item.cues.has(spec.name) === item.cues.has(spec.name))
}

/** Items of an example that are told apart by trying every way to place them; more are placed best fits first. */
const mostTried = 5

/**
 * Places as many items of an example as there are parameters for, as well as they fit together: in an example every value
 * belongs somewhere. `bonus` is what is known about a value from elsewhere.
 */
export function assignEach(items: readonly Item[], slots: SlotKnowledge, bonus: (spec: ParameterSpec, item: Item) => number): Assignment[] {
  if (items.length > mostTried) return assign(items, slots)
  const direct = directOf(slots)
  const options = items.map((item) => slots.specs.flatMap((spec): Assignment[] => {
    const found = isSentence(spec) ? null : fit(item, spec, slots, direct)
    return found && found.score + bonus(spec, item) > leastPlausible ? [{ spec, item, value: found.value, score: found.score + bonus(spec, item) - (isAny(item) ? unnamed : isPlain(item, spec) ? ordinary : 0) }] : []
  }))
  let best: { worth: number; taken: readonly Assignment[] } = { worth: -Infinity, taken: [] }
  const place = (at: number, worth: number, taken: readonly Assignment[]): void => {
    if (at === items.length) {
      if (worth > best.worth) best = { worth, taken }
      return
    }
    for (const option of options[at]!) {
      const other = taken.find((one) => one.spec === option.spec)
      if (other && !(other.item.group === option.item.group && (option.spec.type === 'list' || option.spec.type === 'hosts'))) continue
      place(at + 1, worth + option.score + placed + (option.spec.required && !other ? needed : 0), [...taken, option])
    }
    place(at + 1, worth, taken)
  }
  place(0, 0, [])
  return [...best.taken]
}

/** "A dump of x": what has an indefinite article is hardly ever a value. */
const isAny = ({ words: [first], before }: Item): boolean => (before === 'a' || before === 'an') && first!.kind === 'word' && !first!.inEnum
const unnamed = 3
/** Ordinary words are less often values than names are. */
const isPlain = ({ kind, words, cues }: Item, spec: ParameterSpec): boolean => kind === 'text' && !cues.has(spec.name) && shapeOf(words) === 'plain'
const ordinary = 1.5

/** What placing a value at all is worth, what more where the call needs it, and the score below which it is no value. */
const placed = 2
const needed = 4
const leastPlausible = -2
