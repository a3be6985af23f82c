/** What a capability's own texts tell about where the values of its parameters stand. */
import type { ParameterSpec } from '../../../../catalog/capability.ts'
import type { LanguageKnowledge } from '../annotate.ts'
import { minutesPerUnit } from '../numbers.ts'
import { mainVerb, takesTasks, type Profile } from '../profile.ts'
import { stem } from '../stem.ts'
import { findTimes } from '../time-phrases.ts'
import type { EntityKind } from '../token.ts'
import { tokenize } from '../tokenize.ts'
import type { Word } from '../word.ts'
import { flagOf, type Flag } from './flags.ts'
import { usualPrepositionsOf } from './usual-prepositions.ts'

/** What a value looks like: a number, a point in time, a proper name, a word that is none of the language, one with letters and digits, or an ordinary word. */
export type Shape = 'number' | 'time' | 'capital' | 'odd' | 'coded' | 'plain' | 'email' | 'fqdn' | 'url' | 'ip' | 'path' | 'file' | 'date'

export function shapeOf(words: readonly Word[]): Shape {
  const first = words[0]!
  if (first.time) return 'time'
  if (first.entity === 'number' || first.entity === 'measure' || first.entity === 'name' && /^v?\d[\d.]*$/i.test(first.text)) return 'number'
  if (words.length === 1 && (first.kind === 'word' || first.entity === 'name') && /\p{L}/u.test(first.text) && /\d/.test(first.text)) return 'coded'
  if (first.kind === 'entity') return telling[first.entity!] ?? 'odd'
  return words.some((word) => word.capital) ? 'capital' : words.some((word) => word.name) ? 'odd' : 'plain'
}

const telling: Readonly<Partial<Record<EntityKind, Shape>>> = { email: 'email', fqdn: 'fqdn', url: 'url', ip: 'ip', path: 'path', file: 'file', date: 'date' }

/** True for shapes that only few parameters take. */
export const isTelling = (shape: Shape): boolean => Object.values(telling).includes(shape)

/** The shape of a value as such; null where it could be of several. */
export function shapeOfValue(value: string): Shape | null {
  const tokens = tokenize(value)
  if (findTimes(tokens).some((span) => span.from === 0 && span.to === tokens.length)) return 'time'
  if (tokens.length !== 1 || tokens[0]!.kind !== 'entity') return null
  return /^v?\d[\d.]*$/i.test(value) ? 'number' : telling[tokens[0]!.entity!] ?? null
}

/** What the examples taught: shares of prepositions by "parameter preposition", and the shapes and spellings of values by parameter. */
export type Learned = {
  readonly prepositions: ReadonlyMap<string, number>
  readonly shapes: ReadonlyMap<string, readonly Shape[]>
  readonly spellings: ReadonlyMap<string, readonly string[]>
  /** Of which kinds of parameters names with a beginning are, in the whole catalog; none where that is not known. */
  readonly kinds: ReadonlyMap<string, ReadonlySet<string>>
  /** The shapes of all values of a kind. */
  readonly kindShapes: ReadonlyMap<string, readonly Shape[]>
}

/** How names of one kind are spelt: "PO-9" and "PO-" of PO-1000, "a9" and "eth" of eth0; nothing of ordinary words. */
export function spellingsOf([word, ...others]: readonly Word[]): readonly string[] {
  if (!word || others.length || word.kind === 'word' && !word.name && !word.capital || word.entity !== null && word.entity !== 'name') return []
  return formsOf(word.text)
}

function formsOf(text: string): readonly string[] {
  const parts = text.match(/\p{L}+|\p{N}+|[^\p{L}\p{N}]/gu) ?? []
  if (parts.length < 2 || parts.length > 9) return []
  const form = parts.map((part) => (/\p{N}/u.test(part) ? '9' : /\p{Lu}/u.test(part[0]!) ? 'A' : /\p{L}/u.test(part) ? 'a' : part)).join('')
  return /\p{L}/u.test(parts[0]!) ? [form, `${parts[0]!.toLowerCase()} ${parts[1]!.replace(/\p{N}+/u, '9')}`] : [form]
}

/** True for a spelling that tells how a name begins. */
export const isBeginning = (form: string): boolean => form.includes(' ')

/** Parameters of one name hold the same kind of thing, be it one or several. */
export const kindOf = (parameter: string): string => parameter.replace(/(?<=[a-z]{2})s$/, '')

/** The kind of things a parameter holds: those of its type where the type tells, else those of its name. */
export const heldBy = ({ name, type }: ParameterSpec): string => (type === 'hosts' || type === 'username' || type === 'fqdn' ? type : kindOf(name))

export type SlotKnowledge = {
  readonly profile: Profile
  readonly specs: readonly ParameterSpec[]
  readonly hasNumbers: boolean
  /** What is to be done is a value of it: any verb may stand in one. */
  readonly takesTasks: boolean
  readonly flags: readonly Flag[]
  /** Parameters that "called X" names. */
  readonly nameLike: readonly string[]
  cuesOf(word: Word): readonly string[]
  /** True for the parameter's own noun. */
  isNoun(parameter: string, word: string): boolean
  /** True where the word is used for the parameter's own noun, and may therefore be the value itself. */
  isLooseCue(word: Word): boolean
  /** True for nouns that several examples have though the capability is not named by them: a value that is often taken. */
  isExampleNoun(word: Word): boolean
  tags(word: string): string
  takesEnum(word: Word): boolean
  isUnit(word: string): boolean
  /** True for words that say what the capability does. */
  isAct(word: Word): boolean
  /** Words of its description and id. */
  isOwn(word: Word): boolean
  /** Words that belong to the capability and are never a value of it. */
  isTrigger(word: Word): boolean
  /** How often (0..1) the examples put this preposition before the parameter. */
  preposition(parameter: string, preposition: string): number
  /** True where all values of the examples have one shape that few others have. */
  isUniform(parameter: string): boolean
  /** Prepositions that usually lead to a parameter of this name. */
  usual(parameter: string): ReadonlySet<string> | undefined
  /** Whether the words are spelt as values of the parameter in the examples (0.5, 1 with the same beginning), or as those of another one (less than 0). */
  spelling(parameter: string, words: readonly Word[]): number
  /** 1 where the words begin as names of this kind of parameter do in the catalog, -1 where as names of others, 0 where nothing is known. */
  kind(parameter: string, value: readonly Word[] | string): number
  /** True for ordinary words where many values of this kind are known and all of them are numbered or proper names. */
  isStrange(parameter: string, shape: Shape): boolean
  /** How often (0..1) values of the parameter have this shape in the examples; null where too few show it. */
  shape(parameter: string, shape: Shape): number | null
}

const uniform: readonly Shape[] = ['email', 'fqdn', 'ip', 'url', 'number', 'capital', 'coded', 'path', 'file']

/** Values of a kind from which what none of them looks like is none. */
const manyValues = 6

/** Example values that are enough to know what a parameter's values look like. */
const enoughShapes = 2

const meaningless: ReadonlySet<string> = new Set(['id', 'name', 'number', 'no', 'nr', 'value', 'new', 'old', 'target', 'source', 'to', 'from', 'of', 'for', 'in', 'gb', 'mb', 'tb', 'type', 'kind', 'is', 'by', 'on', 'at', 'max', 'min', 'current', 'list', 'code', 'the', 'a'])
const naming: ReadonlySet<string> = new Set(['name', 'title', 'label', 'tag', 'alias', 'caption', 'id', 'peer'])

const measures: ReadonlySet<string> = new Set([
  ...Object.keys(minutesPerUnit), 'mbit', 'gbit', 'kbit', 'mbps', 'gbps', 'kbps', 'megabit', 'megabits', 'gigabit', 'gigabits', 'rps', 'mhz', 'ghz', 'kwh', 'gb', 'gigabyte', 'gigabytes', 'gig', 'gigs', 'mb', 'megabyte', 'megabytes', 'tb', 'terabyte', 'terabytes', 'percent', '%', 'degrees', 'degree', 'celsius', '°c', '°', 'eur', 'euro', 'euros', 'dollar', 'dollars', 'usd', '€', '$', '£',
  'pounds', 'kg', 'km', 'ms', 'pieces', 'piece', 'units', 'pcs', 'times', 'litres', 'liters', 'ml', 'mg', 'meters', 'metres', 'cm', 'cents', 'chf', 'francs', 'yen', 'yuan', 'pesos',
])

export function buildSlotKnowledge(profile: Profile, examples: readonly (readonly Word[])[], language: LanguageKnowledge, { prepositions, shapes, spellings, kinds, kindShapes }: Learned): SlotKnowledge {
  const { capability } = profile
  const specs = capability.parameters
  const cues = new Map<string, string[]>()
  const addCue = (key: string, name: string): void => {
    const known = cues.get(key) ?? []
    if (!known.includes(name)) cues.set(key, [...known, name])
  }
  for (const spec of specs) {
    if (spec.type === 'boolean') continue
    const parts = spec.name.split(/[_-]/)
    const telling = parts.filter((part) => !meaningless.has(part))
    const whole = telling.length ? telling : parts
    for (const part of whole) {
      addCue(stem(part), spec.name)
      if (spec.type === 'integer' || spec.type === 'port' && part !== 'port') continue
      for (const { groups } of language.lexicon.match([stem(part)], 0)) for (const group of groups) if (group.startsWith('t:')) addCue(group, spec.name)
    }
    if (spec.type === 'hosts') for (const word of ['host', 'server', 'node', 'machine']) addCue(stem(word), spec.name)
    if (spec.type === 'username') for (const word of ['account', 'user', 'login']) addCue(stem(word), spec.name)
    if (naming.has(parts.at(-1)!)) addCue(stem(parts.at(-1)!), spec.name)
  }
  // "A new dashboard sales": what is made goes by its name.
  for (const spec of specs) if (/^(?:name|title|label|id)$/.test(spec.name)) for (const part of capability.id.split(/[_-]/).slice(1)) if (!cues.has(stem(part))) addCue(stem(part), spec.name)
  const counts = new Map<string, number>()
  for (const example of examples) for (const key of new Set(example.flatMap((word) => (word.capital || /[-_\d]/.test(word.text) ? [] : [word.stem])))) counts.set(key, (counts.get(key) ?? 0) + 1)
  const own = new Set<string>([...capability.id.split(/[_-]/), ...capability.description.toLowerCase().match(/[\p{L}]+/gu) ?? []].map(stem))
  const named = new Set(own)
  for (const [key, count] of counts) if (count >= 2) own.add(key)
  for (const example of examples) {
    const at = mainVerb(example, language)
    // "Set the retention of table orders": what stands behind the noun of a parameter is a value.
    if (at >= 0 && (at === 0 || !cues.has(example[at - 1]!.stem) || /^v/.test(language.english.tags(example[at]!.word)))) own.add(example[at]!.stem)
  }
  const ownGroups = new Set([...own].flatMap((key) => language.lexicon.match([key], 0).flatMap(({ groups }) => groups.filter((group) => group.startsWith('t:')))))
  const strings = specs.filter((spec) => spec.type === 'string' || spec.type === 'username' || spec.type === 'list')
  const nameable = strings.filter((spec) => /(?:^|_)(?:name|title|label|tag)$/.test(spec.name))
  // What the capability's own examples do not show those of others may.
  const shown = new Map(specs.map((spec): [string, readonly Shape[]] => {
    const own = shapes.get(spec.name) ?? []
    return [spec.name, own.length >= enoughShapes ? own : kindShapes.get(heldBy(spec)) ?? []]
  }))
  const shapeShares = new Map([...shown].flatMap(([name, seen]): [string, ReadonlyMap<Shape, number>][] => (seen.length < enoughShapes ? [] : [[name, new Map([...new Set(seen)].map((shape) => [shape, seen.filter((one) => one === shape).length / seen.length]))]])))
  const tasks = takesTasks(capability)
  const usual = new Map(specs.map((spec) => [spec.name, usualPrepositionsOf(spec.name)]))
  return {
    profile,
    specs,
    flags: specs.flatMap((spec) => (spec.type === 'boolean' ? flagOf(spec, language) : [])),
    takesTasks: tasks,
    hasNumbers: specs.some((spec) => spec.type === 'integer' || spec.type === 'port'),
    nameLike: (nameable.length ? nameable : strings.filter((spec) => spec.required).slice(0, 1)).map((spec) => spec.name),
    cuesOf(word) {
      if (word.kind !== 'word') return []
      const direct = cues.get(word.stem)
      if (direct) return direct
      for (const group of word.things) {
        const found = cues.get(group)
        if (found) return found
      }
      return []
    },
    isNoun: (parameter, word) => cues.get(stem(word))?.includes(parameter) ?? false,
    isLooseCue: (word) => !cues.has(word.stem) && !own.has(word.stem),
    isExampleNoun: (word) => word.kind === 'word' && !word.stop && !named.has(word.stem) && own.has(word.stem) && /^[nv]*n/.test(language.english.tags(word.word)) && !profile.verbs.has(word.stem),
    tags: (word) => language.english.tags(word),
    takesEnum: (word) => word.enums.some((reference) => reference.capability === profile.index),
    isUnit: (word) => measures.has(word.toLowerCase()),
    isAct: (word) => (profile.verbs.get(word.stem) ?? 0) >= 0.3 || word.actions.some((group) => (profile.actions.get(group) ?? 0) >= 0.3),
    isOwn: (word) => !word.name && (named.has(word.stem) || word.light),
    isTrigger: (word) => !word.name && (own.has(word.stem) || word.things.some((group) => ownGroups.has(group)) || word.light
      || !tasks && (/^[vge]/.test(language.english.tags(word.word)) && word.actions.some((group) => (profile.actions.get(group) ?? 0) >= 0.5))),
    preposition: (parameter, preposition) => prepositions.get(`${parameter} ${preposition}`) ?? 0,
    spelling(parameter, words) {
      const own = spellings.size > 0 ? spellingsOf(words) : []
      if (!own.length) return 0
      const known = (name: string): number => own.filter((one) => spellings.get(name)?.includes(one)).length / 2
      return known(parameter) - Math.max(0, ...specs.map((spec) => (spec.name === parameter ? 0 : known(spec.name))))
    },
    kind(parameter, value) {
      const beginning = kinds.size > 0 ? (typeof value === 'string' ? formsOf(value) : spellingsOf(value)).find(isBeginning) : undefined
      const known = beginning === undefined ? undefined : kinds.get(beginning)
      return !known?.size ? 0 : specs.some((spec) => spec.name === parameter && known.has(heldBy(spec))) ? 1 : -1
    },
    isStrange(parameter, shape) {
      const spec = specs.find(({ name }) => name === parameter)
      const seen = (spec && kindShapes.get(heldBy(spec))) ?? []
      return shape === 'plain' && seen.length >= manyValues && seen.every((one) => one !== 'plain' && one !== 'odd')
    },
    shape(parameter, shape) {
      const shares = shapeShares.get(parameter)
      // A name with a number may stand where others have none.
      return shares ? Math.max(shares.get(shape) ?? 0, shape === 'coded' ? shares.get('odd') ?? 0 : 0) : null
    },
    isUniform: (parameter) => uniform.some((shape) => shapeShares.get(parameter)?.get(shape) === 1),
    usual: (parameter) => usual.get(parameter),
  }
}
