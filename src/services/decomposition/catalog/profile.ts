/** What a capability is about, from its own texts: what it does, to what, and which entities it takes. */
import type { Capability, ParameterSpec } from '../../../catalog/capability.ts'
import { annotate, verbsOf, type LanguageKnowledge } from './annotate.ts'
import { determiners, numberWords, politeness } from './lexicon/function-words.ts'
import type { GroupId } from './lexicon.ts'
import { stem } from './stem.ts'
import { tokenize } from './tokenize.ts'
import type { Word } from './word.ts'

export type Profile = {
  readonly index: number
  readonly capability: Capability
  /** Words that say what is done, and their groups, 0..1 by how often the texts use them. */
  readonly verbs: ReadonlyMap<string, number>
  readonly actions: ReadonlyMap<GroupId, number>
  /** Words and groups of the things it is about, 0..1. */
  readonly stems: ReadonlyMap<string, number>
  readonly things: ReadonlyMap<GroupId, number>
  /** Nouns that name this capability: of its id, or repeated in its examples. */
  readonly keys: ReadonlyMap<string, number>
  readonly types: ReadonlySet<ParameterSpec['type']>
  /** What its own examples negate, such as "no alarms": such words forbid nothing. */
  readonly negations: ReadonlySet<string>
  /** Number of text parameters, which may hold any words. */
  readonly textSlots: number
  readonly freeText: boolean
}

export function buildProfile(index: number, capability: Capability, knowledge: LanguageKnowledge, examples: readonly (readonly Word[])[]): Profile {
  const verbs = new Map<string, number>()
  const actions = new Map<GroupId, number>()
  const stems = new Map<string, number>()
  const things = new Map<GroupId, number>()
  const raise = (map: Map<string, number>, key: string, weight: number, most = 1): void => {
    const before = map.get(key) ?? 0
    map.set(key, Math.max(before, Math.min(most, before + weight)))
  }
  const read = (text: string) => annotate(tokenize(text), knowledge)
  const idWords = read(capability.id.replaceAll(/[_-]/g, ' '))
  const description = read(capability.description)
  const parameterWords = capability.parameters.flatMap((parameter) => read(parameter.name.replaceAll('_', ' ')))
  const sure = new Set([...idWords, ...description, ...parameterWords].map((word) => word.stem))
  const counts = new Map<string, number>()
  for (const example of examples) for (const key of new Set(example.map((word) => word.stem))) counts.set(key, (counts.get(key) ?? 0) + 1)

  const share = 1 / Math.max(1, examples.length)
  for (const example of examples) {
    const main = mainVerb(example, knowledge)
    example.forEach((word, at) => {
      if (word.kind !== 'word' || word.inEnum || word.name) return
      // "Not for rent": what an example denies is not done.
      const isMain = at === main && !/^(?:not|no|never|nobody|don't)$/.test(example[at - 1]?.word ?? '') && !(example[at - 1]?.stop && /^(?:not|no|never)$/.test(example[at - 2]?.word ?? ''))
      // "Bring up": without its particle the verb is another one.
      if (isMain && !word.stop) raise(verbs, word.stem, word.opensPhrase && word.actions.length > 0 ? 0.5 : 1)
      if (word.actions.length && (isMain || !word.light && /^[vge]/.test(knowledge.english.tags(word.word)))) {
        for (const group of word.actions) raise(actions, group, (isMain ? 1 : 0.5) * Math.max(share, 0.34), certainty(word, group))
        if (!isMain) raise(verbs, word.stem, 0.6)
      }
      if (word.stop) return
      const often = (counts.get(word.stem) ?? 0) >= 2
      // A noun that only one example has may be a value in it.
      raise(stems, word.stem, sure.has(word.stem) || often || isMain ? 1 : word.things.length > 0 ? 0.7 : 0.4)
      for (const group of word.things) raise(things, group, often || sure.has(word.stem) ? 1 : 0.7)
      for (const group of word.hints) raise(group.startsWith('t:') ? things : actions, group, 0.2)
    })
  }
  idWords.forEach((word, at) => {
    if (word.stop) return
    raise(stems, word.stem, 1)
    for (const group of word.actions) raise(actions, group, at === 0 ? 0.7 : 0.3, certainty(word, group))
    for (const group of word.things) raise(things, group, 1)
    if (at === 0 && word.actions.length) raise(verbs, word.stem, 1)
  })
  // "Run migrations": to migrate is to do what is run.
  const deed = idWords.at(-1)
  if (deed && carriers.has(idWords[0]!.word)) for (const verb of verbsOf(deed.word.replace(/s$/, '')).filter((one) => knowledge.english.canBeVerb(one))) {
    raise(verbs, stem(verb), 0.9)
    raise(stems, stem(verb), 0.8)
  }
  description.forEach((word, at) => {
    if (word.stop || word.kind !== 'word') return
    raise(stems, word.stem, 0.8)
    for (const group of word.actions) raise(actions, group, at === 0 ? 0.6 : 0.15, certainty(word, group))
    if (at === 0 && word.actions.length) raise(verbs, word.stem, 0.9)
    for (const group of word.things) raise(things, group, 0.8)
  })
  for (const word of parameterWords) {
    raise(stems, word.stem, 0.7)
    for (const group of word.things) raise(things, group, 0.6)
  }
  const keys = new Map<string, number>()
  for (const word of idWords.slice(1)) if (!word.stop) keys.set(word.stem, 1)
  for (const [key, count] of counts) {
    if (count * 2 > examples.length && stems.has(key) && !verbs.has(key)) keys.set(key, Math.max(keys.get(key) ?? 0, 0.8))
  }
  const texts = capability.parameters.filter((parameter) => ['string', 'list'].includes(parameter.type))
  return {
    index, capability, verbs, actions, stems, things, keys, negations: new Set(examples.map(negationOf).filter((found) => found !== null)),
    types: new Set(capability.parameters.map((parameter) => parameter.type)),
    textSlots: texts.length + (capability.parameters.some((parameter) => ['hosts', 'username'].includes(parameter.type)) ? 1 : 0),
    freeText: texts.some(isFreeText),
  }
}

/** The negation in these words with the word after it, such as "not start"; null where there is none. */
export function negationOf(words: readonly Word[]): string | null {
  const said = words.map((word) => word.word).join(' ').replaceAll(/n't\b/g, ' not')
  return /\b(?:no|not|never|without)\b \w+/.exec(said)?.[0] ?? null
}

/** A verb of many groups tells less of each, but for the one that is named after it. */
function certainty(word: Word, group: GroupId): number {
  return group === `a:${word.word}` || stem(group.slice(2)) === word.stem ? 1 : 1 / Math.sqrt(Math.min(4, word.actions.length))
}

/** Parameters that hold sentences rather than names. */
export function isFreeText(parameter: ParameterSpec): boolean {
  return parameter.type === 'string' && /(?:^|_)(?:topic|question|message|text|note|notes|reason|description|subject|comment|content|body|task|summary|details|instructions?|issue|problem|purpose|title|query|remark|what|theme|announcement|complaint|request|info|information|agenda|diagnosis|symptoms?|feedback|activity|justification|headline)$/.test(parameter.name)
}

/** True for a capability that plans what is done again and again: any verb may be its value. */
export const takesTasks = ({ parameters }: Capability): boolean => parameters.some(({ type, required }) => type === 'schedule' && required) && parameters.some(({ type, name }) => type === 'string' && /(?:^|_)(?:task|job|routine|activity|work|chore|action|duty)(?:_|$)/.test(name))

const beforeVerb: ReadonlySet<string> = new Set([
  'to', 'please', 'i', 'we', 'you', 'they', 'he', 'she', "let's", 'should', 'must', 'can', 'could', 'would', 'will', 'shall', 'may', 'not', "don't", 'and', 'then', 'or', 'kindly', 'also', 'just', 'never', 'now',
])
const beforeNoun: ReadonlySet<string> = new Set(['of', 'in', 'on', 'at', 'for', 'from', 'with', 'into', 'about', 'as', 'under'])

/**
 * Place of the word that says what is done: a verb where verbs stand, else a noun that names an action ("a restart of").
 * -1 where there is none.
 */
export function mainVerb(words: readonly Word[], { english }: Pick<LanguageKnowledge, 'english'>): number {
  let light = -1
  let noun = -1
  let plain = -1
  let before: Word | null = null
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word.kind === 'punct') continue
    const previous = before
    before = word
    // "How warm is it"
    if (previous?.word === 'how') continue
    if (word.kind !== 'word' || word.time || word.name || word.inPhrase && !word.opensPhrase && !word.actions.length || naming.has(word.word)) continue
    // A value that is also a verb is one where a verb stands.
    if (word.inEnum && (!word.actions.length || at > 0 && !beforeVerb.has(previous?.word ?? '') && !politeness.has(previous?.word ?? ''))) continue
    if (word.light || carriers.has(word.word)) {
      const given = nounGiven(words, at, { english })
      if (given > 0) return given
    }
    if (word.light) {
      if (light < 0) light = at
      continue
    }
    const acts = word.actions.length > 0 || word.hints.some((group) => group.startsWith('a:') && /[vzeg]/.test(english.tags(word.word)))
    // "If it turns out to be down"
    if (/^(?:turns?|turned|prove[sd]?|happens|seems)$/.test(word.word) && /^(?:out|to)$/.test(words[at + 1]?.word ?? '') && words.slice(at + 1, at + 4).some((next) => next.word === 'be' || next.word === 'that')) continue
    // "I'm asking for it to be done"
    if (word.word === 'asking' && words[at + 1]?.word === 'for') continue
    // A stop word has actions only as the head of a phrase: "should happen", "must not be able".
    if (word.stop && word.actions.length > 0) return at
    if (word.stop) continue
    const tags = english.tags(word.word)
    if (!acts && !/[vge]/.test(tags)) continue
    // "Could I have it, covering the last week": what a participle adds is not what is to be done.
    if (light >= 0 && /^g/.test(tags) && words[at - 1]?.text === ',') continue
    // "A code that takes 15 percent off": what a thing does is not what is to be done.
    if (at > 1 && relative.has(previous?.word ?? '') && /z/.test(tags) && !beforeVerb.has(words[at - 2]!.word) && words[at - 2]!.kind !== 'punct') continue
    const lead = !previous || (politeness.has(previous.word) && at <= 3) || beforeVerb.has(previous.word)
    const next = words[at + 1]
    // "Order 5 is cancelled", "run 7 failed": a thing and its number, of which something is said.
    if (lead && tags.includes('n') && (next?.entity === 'number' || next?.name) && words[at + 2] && finite.has(words[at + 2]!.word)) continue
    const command = acts || tags.startsWith('v') || (tags.includes('v') && next !== undefined && (determiners.has(next.word) || next.word === 'me' || next.word === 'us'))
    if (lead && command && !(words[at + 1] && finite.has(words[at + 1]!.word) && tags.startsWith('n'))) return at
    const verbFirst = /^[vge]/.test(tags) || (tags === '' && acts)
    const blocked = previous !== null && (determiners.has(previous.word) || numberWords.has(previous.word) || previous.entity === 'number' || previous.name && determiners.has(words[at - 2]?.word ?? '') || (beforeNoun.has(previous.word) && !tags.startsWith('g')))
    if (verbFirst && !blocked && acts) return at
    if (verbFirst && !blocked && light < 0 && plain < 0) plain = at
    if (acts && noun < 0) noun = at
  }
  if (plain >= 0) return plain
  if (noun >= 0) return noun
  return light >= 0 && words[light]!.actions.length ? light : -1
}

/** "give it a kick", "do a full restart", "run a virus check": the noun after a light verb says what is done. */
function nounGiven(words: readonly Word[], light: number, { english }: Pick<LanguageKnowledge, 'english'>): number {
  const article = words.findIndex((word, at) => at > light && at <= light + 4 && (word.word === 'a' || word.word === 'an' || word.word === 'another'))
  if (article < 0) return -1
  for (let at = article + 1; at <= article + 3 && at < words.length; at++) {
    const word = words[at]!
    if (word.kind !== 'word' || word.stop || word.inEnum) return -1
    const next = words[at + 1]
    const last = !next || next.kind !== 'word' || next.stop || next.inEnum || next.name
    if (word.actions.length > 0 && (last || at === article + 1) || word.hints.some((group) => group.startsWith('a:')) && words[at + 1]?.inPhrase) return at
    if (!/[nj]/.test(english.tags(word.word))) return -1
  }
  return -1
}

/** Verbs that are light where a noun after them says what is done. */
const carriers: ReadonlySet<string> = new Set(['run', 'perform', 'conduct', 'execute', 'give'])

/** "called X": participles that give a name. */
export const naming: ReadonlySet<string> = new Set(['called', 'named', 'labelled', 'labeled', 'titled', 'entitled', 'dubbed'])
const relative: ReadonlySet<string> = new Set(['that', 'which', 'who'])
const finite: ReadonlySet<string> = new Set(['is', 'are', 'was', 'were', 'has', 'had', 'should', 'must', 'can', 'will', 'would', 'could', 'may', 'might', 'needs'])
