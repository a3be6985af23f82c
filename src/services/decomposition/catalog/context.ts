/** Weighs a clause that nothing seems to cover once more, with what was said around it. */
import { isVague } from './clause-role.ts'
import type { Knowledge } from './knowledge.ts'
import { politeness } from './lexicon/function-words.ts'
import { worthOfMissing, type Evidence } from './matcher.ts'
import type { Part } from './part.ts'
import type { Profile } from './profile.ts'
import { filledPart } from './read-part.ts'
import type { Segment } from './segment.ts'
import { fill } from './slots/fill.ts'
import { isBareWish } from './symptom.ts'
import type { Word } from './word.ts'

/** Capabilities that are weighed again. */
const weighed = 4
/** Share of the score of the clause before that counts for this one, and the most that may count; more where a pronoun points back or nothing is named. */
const carried = { plain: 0.3, pointing: 0.6 }
const mostCarried = { plain: 1.5, pointing: 3.5 }
const agreement = 1
const pointers: ReadonlySet<string> = new Set(['it', 'its', 'that', 'this', 'them', 'they', 'their', 'those', 'these', 'him', 'his', 'her', 'there', 'so', 'same', 'one'])

/**
 * "We need revision 31 back", "please permit that": what a clause leaves out because it was said before counts as said,
 * and what the statement before it speaks of speaks for the same capability here.
 */
export function inContext(parts: readonly Part[], text: string, knowledge: Knowledge): Part[] {
  const named = namesOf(knowledge)
  const said = new Set<string>()
  return withSymptoms(parts, text, knowledge).map((part, at, parts) => {
    for (const call of part.calls) for (const name of Object.keys(call)) said.add(name)
    if (part.kind !== 'outOfScope') return part
    const around = parts.filter((other, place) => place !== at && place >= at - 2 && place <= at + 1 && isStatement(other) && Math.abs(other.segment.sentence - part.segment.sentence) <= 1)
    const candidates = part.segment.ranking.map((evidence, place) => (place < weighed && evidence.values ? again(evidence, part, around, said, named) : evidence)).sort((a, b) => b.score - a.score)
    const best = candidates[0]
    if (!best?.values) return part
    const { inScope, confidence } = knowledge.calibration.certainty(candidates)
    if (inScope < knowledge.calibration.threshold) return restates(part, parts[at - 1]) ? { ...part, kind: 'background' } : part
    return { ...filledPart(part.segment, best.profile, text, knowledge), confidence, elliptic: best.values.missing > 0 }
  })
}

/** Confidence with which a statement says what its bare wish is for. */
const plain = 0.5
/** Difference of scores within which what is done about it decides. */
const near = 1

/** "Anna cannot open the door. Could somebody see to it?": the statement says what is to be done. */
function withSymptoms(parts: readonly Part[], text: string, knowledge: Knowledge): Part[] {
  const result = [...parts]
  parts.forEach((part, at) => {
    const before = result[at - 1]
    if (part.kind !== 'outOfScope' && part.kind !== 'unclear' || !isBareWish(part.segment.words) || (part.segment.ranking[0]?.action ?? 0) >= 0.5) return
    if (before?.kind !== 'background' || !before.profile || isVague(before.segment.words, 0) || part.segment.sentence - before.segment.sentence > 1) return
    const meant = remedyOf(before) ?? (before.segment.confidence >= plain ? before.profile : null)
    if (!meant) return
    result[at - 1] = filledPart(before.segment, meant, text, knowledge)
    result[at] = { ...part, kind: 'background', profile: null, candidates: [] }
  })
  return result
}

/** The only capability near the best that does something about what is said. */
function remedyOf({ segment: { ranking } }: Part): Profile | null {
  const doing = ranking.filter(({ score, action }) => action >= 0.5 && score >= ranking[0]!.score - near)
  return doing.length === 1 ? doing[0]!.profile : null
}

/** "Postfix hangs, a fresh start should help": says once more what the statement before it was taken for. */
function restates({ segment }: Part, before: Part | undefined): boolean {
  if (before?.kind === 'call' && segment.sentence - before.segment.sentence <= 1 && !namesSomething(segment) && saysNothingNew(segment, before.profile!)) return true
  if (before?.kind !== 'call' || before.segment.imperative || segment.imperative || segment.sentence - before.segment.sentence > 1 || namesSomething(segment)) return false
  return segment.ranking.slice(0, 2).some(({ profile, action }) => profile === before.profile && action >= 0.5)
}

/** "Write me a summary", behind what a capability that summarises is called by: its own texts have every word of it. */
function saysNothingNew({ words }: Part['segment'], { stems, actions, things }: Profile): boolean {
  const content = words.filter((word) => word.kind === 'word' && !word.stop && !word.light && !politeness.has(word.word))
  const knows = (word: Word): boolean => (stems.get(word.stem) ?? 0) >= 0.3 || [...word.actions, ...word.things].some((group) => (actions.get(group) ?? things.get(group) ?? 0) >= 0.3)
  return content.length > 0 && content.length <= 3 && content.every(knows)
}

const namesSomething = ({ words }: Part['segment']): boolean => words.some((word) => word.kind === 'entity' || word.inEnum && !word.stop || word.name || word.capital)

const isStatement = ({ kind, segment }: Part): boolean => kind === 'background' || kind === 'outOfScope' || kind === 'forbidden' && !segment.imperative

/** The parameters of a capability that a clause has values for. */
type Named = (profile: Profile, segment: Segment) => ReadonlySet<string>

/** Remembers what it found: neighbouring clauses are asked for in turn. */
function namesOf({ slots, ...language }: Knowledge): Named {
  const known = new Map<Segment, Map<Profile, ReadonlySet<string>>>()
  return (profile, segment) => {
    const own = known.get(segment) ?? new Map<Profile, ReadonlySet<string>>()
    known.set(segment, own)
    const found = own.get(profile) ?? new Set(fill(segment.words, slots[profile.index]!, '', language).calls.flatMap((call) => Object.keys(call)))
    own.set(profile, found)
    return found
  }
}

function again(evidence: Evidence, { segment }: Part, around: readonly Part[], said: ReadonlySet<string>, named: Named): Evidence {
  const { profile } = evidence
  const [here, there] = [named(profile, segment), new Set(around.flatMap((part) => [...named(profile, part.segment)]))]
  const missing = profile.capability.parameters.filter((spec) => spec.required && !here.has(spec.name))
  const open = missing.filter((spec) => !there.has(spec.name) && !said.has(spec.name)).length
  const spoken = Math.max(0, ...around.map((part) => part.segment.ranking.find((other) => other.profile === evidence.profile)?.score ?? 0))
  const manner = segment.words.some((word) => pointers.has(word.word)) || missing.length > 0 && !namesSomething(segment) ? 'pointing' : 'plain'
  // What both the statement and the clause fit best is meant by them.
  const agreed = around.some(({ segment: { ranking } }) => ranking[0]?.profile === evidence.profile && ranking[0].action >= 0.5) && segment.ranking[0]?.profile === evidence.profile ? agreement : 0
  const relief = worthOfMissing(evidence.values!.missing) - worthOfMissing(Math.min(open, evidence.values!.missing))
  return { ...evidence, score: evidence.score + relief + agreed + Math.min(mostCarried[manner], carried[manner] * spoken) }
}
