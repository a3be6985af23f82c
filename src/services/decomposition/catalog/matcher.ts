/** Which capability a span of words calls, by evidence that is scored per capability. */
import { actionFitOf, ownVerb, veto } from './action-fit.ts'
import type { LanguageKnowledge } from './annotate.ts'
import { commandOf, thingWanted, unknownCommand, withoutCarrier } from './command.ts'
import { entityFit, ownValue } from './entity-fit.ts'
import { buildExampleIndex, type ExampleIndex, type Sample } from './example-index.ts'
import { featuresOf } from './features.ts'
import { asksToBeTold, findsOut } from './inquiry.ts'
import { bansOthers, keepsFrom } from './prevention.ts'
import { mainVerb, type Profile } from './profile.ts'
import { fill, lookAt, type Seen } from './slots/fill.ts'
import type { Item } from './slots/item.ts'
import type { SlotKnowledge } from './slots/slot-knowledge.ts'
import type { Word } from './word.ts'

/** How well one capability fits, part by part; higher is better. */
export type Evidence = {
  readonly profile: Profile
  /** How far (0..1) the linear model of the examples is above chance. */
  readonly linear: number
  /** -2.5 the opposite is asked, -0.4 something else, 0 nothing said, 1 the capability's own verb. */
  readonly action: number
  /** Share of the content words that the capability's texts explain. */
  readonly cover: number
  /** Share of the capability's own nouns that are there. */
  readonly keys: number
  /** Entities it takes, against entities it does not. */
  readonly entity: number
  /** 1 where a value of one of its required parameters is there that no other capability knows, less where others do. */
  readonly own: number
  /** 1 where it is a command by a verb that neither the lexicon nor the capability knows. */
  readonly foreign: number
  /** 1 where nothing but the verb fits and the rest speaks of other things. */
  readonly strange: number
  /** 1 where a thing is asked for, such as "a haiku", that it does not know. */
  readonly alien: number
  /** 1 where the plain nouns are none of its own, 2 where somebody calls them his. */
  readonly apart: number
  /** Of a question: 1 for a capability that finds something out, -1 for another; of a ban 1 for one that keeps from it; else 0. */
  readonly asked: number
  /** Content words beside the verb that none of its texts explain. */
  readonly unexplained: number
  /** How the values that are there fit its parameters; null for capabilities that are far behind. */
  readonly values: ValueFit | null
  readonly score: number
}

/** Counts of parameters and values. */
export type ValueFit = {
  readonly missing: number
  readonly filled: number
  readonly leftEntities: number
  readonly leftWords: number
  /** Ordinary words taken for values where the examples have none. */
  readonly odd: number
  /** How surely the values are those of their parameters, in all. */
  readonly sureness: number
}

export type Matcher = {
  /** All capabilities, best first; only the best few are of use. */
  match(words: readonly Word[]): readonly Evidence[]
}

/**
 * Weights of the parts, fitted on labelled requests of eleven domains, once with the hints of the lexicon and once without
 * them, as requests are whose words it does not know; those of `missingUnsaid`, `alien`, `asked` and `apart` tried out on all
 * (evaluation/README.md).
 */
const weights = {
  linear: 3, linearBegin: 12.1, action: 0.4, otherAction: 5.2, opposite: 3.2, cover: 1.35, keys: 0.55, entity: 0.7, otherEntity: 3.8,
  own: 4.2, foreign: 1.25,
  missing: 1.45, missingUnsaid: 0.5, leftEntity: 1.55, whole: 2.4, sureness: 0.3, strange: 4.1, alien: 3, asked: 2, told: 1.2, apart: 1,
}

/** What the linear model says counts most where it begins to lean. */
const leaning = 0.3

/** Capabilities of which one that stands out says as much as it can. */
const many = 12
type Parts = Omit<Evidence, 'score' | 'profile' | 'values' | 'unexplained' | 'strange'>

function scoreOf({ linear, action, cover, keys, entity, own, foreign, alien, asked }: Parts): number {
  return weights.linear * linear + weights.linearBegin * Math.min(leaning, linear) + weights.cover * cover + weights.keys * keys
    + weights.own * own - weights.foreign * foreign - weights.alien * alien + weights.asked * asked
    + (action >= 0 ? weights.action : action === veto ? weights.opposite : weights.otherAction) * action + (entity >= 0 ? weights.entity : weights.otherEntity) * entity
}

export function buildMatcher(profiles: readonly Profile[], slots: readonly SlotKnowledge[], samples: readonly Sample[], knowledge: LanguageKnowledge): Matcher {
  const index: ExampleIndex = buildExampleIndex(samples, profiles.length)
  const spread = new Map<string, number>()
  for (const profile of profiles) for (const key of [...profile.stems.keys(), ...profile.things.keys()]) spread.set(key, (spread.get(key) ?? 0) + 1)
  const telling = (key: string): number => Math.log(1 + profiles.length / (spread.get(key) ?? 0.7))

  const groups = new Map(profiles.flatMap((profile) => [...profile.keys.keys()]).map((key): [string, readonly string[]] => [key, knowledge.lexicon.match([key], 0).flatMap((match) => match.groups.filter((group) => group.startsWith('t:')))]))
  const groupsOf = (key: string): readonly string[] => groups.get(key) ?? []

  // Among few capabilities one of them stands out whatever is said.
  const trust = Math.min(1, Math.log(Math.max(2, profiles.length)) / Math.log(many))

  return {
    match(words) {
      const main = mainVerb(words, knowledge)
      const linear = index.score(featuresOf(withoutCarrier(words, main)))
      const content = words.filter((word) => word.kind === 'word' && !word.stop && !word.inEnum && !word.name && !word.light && !word.time && !word.inPhrase)
      const command = unknownCommand(words, main)
      const wanted = thingWanted(words, main, knowledge)
      const actionFit = actionFitOf(words, main, knowledge)
      const asks = asksToBeTold(words)
      const banned = bansOthers(words)
      const ordered = commandOf(words, main, knowledge)
      const named = words.some((word) => word.name || word.kind === 'entity' || word.inEnum)
      const plain = content.filter((word) => word !== words[main] && !word.capital && /n/.test(knowledge.english.tags(word.word)))
      const own = plain.some((word) => words[words.indexOf(word) - 1]?.word === 'my')
      const ranking = profiles.map((profile): Evidence => {
        const parts = {
          linear: linear[profile.index]! * (profiles.length === 1 || saysItsVerb(words[main], profile) ? 1 : trust),
          action: actionFit(profile),
          cover: coverOf(content, main >= 0 ? words[main]! : null, profile, telling),
          keys: keysOf(words, ordered, profile, telling, groupsOf),
          entity: entityFit(words, profile, knowledge, slots[profile.index]!),
          foreign: command && (profile.verbs.get(command.stem) ?? 0) < 0.3 ? 1 : 0,
          own: ownValue(words, profile, knowledge),
          asked: banned && keepsFrom(profile, words) ? 1 : asks ? (findsOut(profile) ? 1 : -1) : 0,
          apart: plain.length > 0 && !plain.some((word) => explains(profile, word)) ? (own ? 2 : 1) : 0,
          alien: wanted.length > 0 && !profile.freeText && !wanted.some((word) => knows(profile, word)) ? 1 : 0,
        }
        // Where any words may follow the verb, they say nothing against it.
        if (profile.freeText && parts.action >= 0.8) parts.cover = Math.max(parts.cover, 0.5)
        const objects = content.filter((word) => word !== words[main])
        const strange = objects.length > 0 && !named && !profile.freeText && parts.keys < 0.1 && parts.entity < 0.3 && !objects.some((word) => explains(profile, word)) ? 1 : 0
        const unexplained = named ? 0 : objects.filter((word) => !explains(profile, word)).length
        return { profile, ...parts, strange, unexplained, values: null, score: scoreOf(parts) }
      }).sort((a, b) => b.score - a.score)
      return withValues(ranking, words, slots, knowledge)
    },
  }
}

/** Capabilities whose parameters are looked at, best first; the values decide between those that are near each other. */
const contenders = 12
const decided = 5

function withValues(ranking: Evidence[], words: readonly Word[], slots: readonly SlotKnowledge[], knowledge: LanguageKnowledge): Evidence[] {
  const seen = lookAt(words, knowledge)
  for (let looked = 0; looked < contenders; looked++) {
    const place = ranking.findIndex((evidence) => evidence.values === null)
    if (place < 0 || place >= decided) break
    const [evidence] = ranking.splice(place, 1)
    const values = valueFit(words, slots[evidence!.profile.index]!, knowledge, seen)
    const score = evidence!.score + worthOf(values, evidence!)
    const below = ranking.findIndex((other) => other.score < score)
    ranking.splice(below < 0 ? ranking.length : below, 0, { ...evidence!, values, score })
  }
  return withOwnVerb(ranking)
}

/** "Restart n4": of two that fit about equally the one that has the verb goes before the one whose verb is only like it. */
function withOwnVerb(ranking: Evidence[]): Evidence[] {
  const best = ranking[0]
  if (!best?.values || best.action < 0 || best.action > likeIt) return ranking
  const place = ranking.findIndex(({ action, values, score }) => action >= ownIt && values !== null && score >= best.score - about && values.missing <= best.values!.missing && values.leftEntities <= best.values!.leftEntities)
  if (place < 1) return ranking
  const [own] = ranking.splice(place, 1)
  return [{ ...own!, score: best.score }, { ...best, score: own!.score }, ...ranking.slice(1)]
}
const likeIt = 0.76
const ownIt = 0.9
const about = 1.2

/** What so many missing required values cost; the second one less than the first. */
export const worthOfMissing = (missing: number): number => weights.missing * Math.min(1.4, missing)

function worthOf(values: ValueFit, evidence: Evidence): number {
  const { missing, leftEntities, leftWords, sureness } = values
  return weights.sureness * sureness - worthOfMissing(missing) - (evidence.action < 0.5 ? weights.missingUnsaid * Math.min(1, missing) : 0) - weights.leftEntity * Math.min(2, leftEntities)
    + (isWhole(values, evidence) ? weights.whole : 0) - (leftEntities + leftWords > 0 ? weights.strange * evidence.strange : 0) - (leftWords + values.odd > 0 ? weights.apart * evidence.apart : 0)
}

/** True where nothing is missing and nothing is left over: the verb, and a value for each word that is not explained. */
function isWhole({ missing, filled, leftEntities, leftWords }: ValueFit, { action, unexplained }: Evidence): boolean {
  return action >= 0.7 && missing + leftEntities + leftWords + unexplained === 0 && filled > 0
}

export function valueFit(words: readonly Word[], slots: SlotKnowledge, knowledge: LanguageKnowledge, seen?: Seen): ValueFit {
  const { calls, left, scores, odd } = fill(words, slots, '', knowledge, seen)
  const has = (name: string): boolean => calls.some((call) => Object.hasOwn(call, name))
  const missing = slots.specs.filter((spec) => spec.required && !has(spec.name)).length
  // "This afternoon", "from now on": a time that any request may have.
  const told = left.filter((item) => (item.kind !== 'time' || item.words[0]!.time !== 'moment') && !isHour(item))
  const named = told.filter((item) => item.kind !== 'text' || item.words.some((word) => word.name || word.capital))
  // A pronoun stands for a value that was named before.
  const standsIn = missing > 0 && words.some((word) => standIns.has(word.word)) ? 1 : 0
  return {
    sureness: scores.slice(0, mostSure).reduce((sum, score) => sum + Math.max(0, Math.min(5, score) - 2), 0),
    missing: missing - standsIn,
    filled: standsIn + slots.specs.filter((spec) => spec.type !== 'boolean' && has(spec.name)).length,
    leftEntities: named.length,
    leftWords: told.length - named.length,
    odd,
  }
}

/** "Drain it at 5" */
const isHour = ({ kind, preposition, number }: Item): boolean => kind === 'number' && preposition === 'at' && number !== null && number.unit === null && number.value <= 24

/** Values of a clause whose certainty counts: a long list is no surer than a short one. */
const mostSure = 10

const standIns: ReadonlySet<string> = new Set(['it', 'them', 'him', 'her', 'there', 'these', 'those', 'its', 'their', 'his', 'same', 'both'])

/** The same where the words are a condition: "if it shows more than 30" is for a capability that finds that out. */
export function asCondition(ranking: readonly Evidence[]): readonly Evidence[] {
  return ranking.map((evidence): Evidence => {
    const asked = findsOut(evidence.profile) ? 1 : -1
    const values = evidence.values
    // "If x.example.net turns out to be down": all that has to be known to find it out is there.
    const told = asked > 0 && evidence.action >= 0 && evidence.entity > 0 && values !== null && values.filled > 0 && values.missing + values.leftEntities === 0 ? weights.told : 0
    return { ...evidence, asked, score: evidence.score + told + weights.asked * (asked - evidence.asked) }
  }).sort((a, b) => b.score - a.score)
}

/** Score that the best capability would have whose opposite is asked for; what is said is about it, and nothing else fits. */
export function undoneScore(ranking: readonly Evidence[]): number {
  // A verb that undoes one capability and is not that of the best speaks for neither.
  const likelier = (ranking[0]?.action ?? 0) < 0.3 ? undoneUnlessSaid : 0
  return ranking.reduce((most, { action, score }) => (action === veto ? Math.max(most, score - weights.opposite * veto + likelier) : most), -Infinity)
}

/** True where the opposite of what the capability does is asked for. */
export const isUndone = ({ action }: Evidence): boolean => action === veto

const undoneUnlessSaid = 1.5

const saysItsVerb = (verb: Word | undefined, profile: Profile): boolean => verb !== undefined && !verb.light && (profile.verbs.get(verb.stem) ?? 0) >= ownVerb

/** True where the capability's texts have the word or one like it, however rarely. */
const knows = ({ stems, things, actions }: Profile, word: Word): boolean => (stems.get(word.stem) ?? 0) >= 0.3
  || [...word.things, ...word.hints, ...word.actions].some((group) => (things.get(group) ?? actions.get(group) ?? 0) >= 0.3)

const explains = ({ stems, things }: Profile, word: Word): boolean => (stems.get(word.stem) ?? 0) >= 0.6
  || [...word.things, ...word.hints].some((group) => (things.get(group) ?? 0) >= 0.6)

function coverOf(content: readonly Word[], main: Word | null, profile: Profile, telling: (key: string) => number): number {
  let explained = 0
  let total = 0
  let slots = profile.textSlots
  let before = -2
  for (const word of content) {
    if (word === main) continue
    let weight = telling(word.stem)
    let fit = profile.stems.get(word.stem) ?? 0
    for (const group of word.things) {
      const groupFit = (profile.things.get(group) ?? 0) * 0.85
      if (groupFit > fit) {
        fit = groupFit
        weight = Math.min(weight, telling(group))
      }
    }
    for (const group of word.hints) fit = Math.max(fit, (profile.things.get(group) ?? 0) * 0.6)
    if (fit === 0 && [...word.actions, ...word.hints].some((group) => (profile.actions.get(group) ?? 0) >= 0.5)) fit = 0.7
    // A text parameter may hold any words, but only so many, and they say nothing for the capability.
    if (fit === 0 && !word.known) {
      if (word.index !== before + 1) slots--
      before = word.index
      weight *= profile.freeText ? 0.15 : slots >= 0 ? 0.45 : 0.8
    }
    explained += weight * fit
    total += weight
  }
  return total === 0 ? 0.3 : explained / total
}

/** Of another thing that the capability is about. */
const near = 0.5

function keysOf(words: readonly Word[], command: Word | null, profile: Profile, telling: (key: string) => number, groupsOf: (key: string) => readonly string[]): number {
  let found = 0
  let total = 0
  for (const [key, weight] of profile.keys) {
    const value = weight * telling(key)
    total += value
    let fit = 0
    for (const word of words) {
      // "Order pizza" does not speak of an order.
      if (word.kind !== 'word' || word === command) continue
      if (word.stem === key) fit = 1
      else if (fit < 0.8 && word.things.some((group) => group === `t:${key}` || groupsOf(key).includes(group) && (profile.things.get(group) ?? 0) >= 0.9)) fit = 0.8
      else if (fit < near && word.things.some((group) => (profile.things.get(group) ?? 0) >= 0.9)) fit = near
      else if (fit < 0.5 && word.hints.some((group) => groupsOf(key).includes(group) && (profile.things.get(group) ?? 0) >= 0.9)) fit = 0.5
    }
    found += value * fit
  }
  return total === 0 ? 0.2 : found / total
}
