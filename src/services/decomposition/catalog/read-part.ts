/** What one clause is: a call of a capability, something forbidden, out of scope, unclear, a condition or background. */
import { isCourtesy, isForbidden, isPast, isPermission, isRequest, isTopic, isVague, wishes } from './clause-role.ts'
import { asksToBeTold } from './inquiry.ts'
import type { Knowledge } from './knowledge.ts'
import { politeness } from './lexicon/function-words.ts'
import type { MarkerKind } from './markers.ts'
import { asCondition, type Evidence } from './matcher.ts'
import type { Part } from './part.ts'
import type { Profile } from './profile.ts'
import type { Segment } from './segment.ts'
import { fill } from './slots/fill.ts'
import { bansOthers, bansUse, keepsFrom } from './prevention.ts'
import { isFailure } from './symptom.ts'
import type { Word } from './word.ts'

/** Confidence at which a statement counts as a request. */
const sureWish = 0.6
/** Difference of scores within which capabilities fit equally well. */
const closeCall = 0.6
/** Share of the threshold that is enough for clauses whose every word has its place. */
const lenience = 0.6
const mostChoices = 4
const plainMarkers: ReadonlySet<MarkerKind> = new Set(['and', 'comma', 'then', 'first', 'last', 'afterThat', 'beforeThat', 'parallel', 'but', 'colon', 'dash', 'after', 'before'])
const ordering: ReadonlySet<MarkerKind> = new Set(['first', 'then', 'last', 'beforeThat'])

/** What others said calls nothing, whatever it is about. */
export const toldPart = (segment: Segment): Part => ({ segment, kind: 'background', profile: null, calls: [], unknown: [], confidence: 0, candidates: [] })

export function readPart(said: Segment, text: string, knowledge: Knowledge): Part {
  const segment = said.markers.some((marker) => marker === 'if' || marker === 'unless') && said.ranking.length ? conditional(said, knowledge) : said
  const { ranking, confidence, words } = segment
  const best = ranking[0]
  const role = roleOf(segment)
  const { threshold } = knowledge.calibration
  const fits = best !== undefined && segment.inScope >= (isPlain(best, role.subordinate || isPermission(words)) ? threshold * lenience : threshold)
  const part = (kind: Part['kind'], profile: Profile | null = null, candidates: readonly Profile[] = []): Part => ({ segment, kind, profile, calls: [], unknown: [], confidence, candidates })

  if (segment.verbatim && segment.markers.every((marker) => plainMarkers.has(marker))) return filledPart(segment, segment.verbatim, text, knowledge)

  const action = best?.action ?? 0
  const failure = action >= 0 && action < 0.5 && isFailure(words)
  const ban = fits && !role.subordinate && (bansOthers(words) || action > 0 && bansUse(words)) && keepsFrom(best.profile, words)
  if (role.excluded || !role.awaited && !failure && !ban && isForbidden(words, fits ? best.profile : null, best?.action ?? 0)) {
    return fits ? { ...filledPart(segment, best.profile, text, knowledge), kind: 'forbidden', unknown: [] } : part('forbidden')
  }
  if (!hasContent(segment)) return part(role.conditional ? 'condition' : 'background')
  if ((role.conditional || segment.markers.includes('after')) && isState(words)) return part('condition')
  if (isCourtesy(words) || !segment.clause && isTopic(words, segment.next)) return part('background')
  // What is said to come first or last is to be done.
  const ordered = segment.markers.some((marker) => ordering.has(marker)) && !isPast(words, knowledge.english)
  const request = segment.item || ban || ordered && fits || isRequest(words, segment.question, knowledge.english)
  if (isVague(words, best?.action ?? 0) || request && action <= 0.15 && !role.subordinate && isBareName(segment, knowledge)) {
    const speaking = ranking.filter((evidence) => about(evidence) >= 0.7 || (fits && evidence === best))
    const candidates = (speaking.length ? speaking : ranking.filter(takesAll)).map((evidence) => evidence.profile)
    if (candidates.length) return part('unclear', candidates[0], candidates.slice(0, mostChoices))
  }
  if (!fits) {
    if (role.conditional) return part('condition')
    return part(role.subordinate || !request || isLeftover(segment) || isVague(words, best?.action ?? 0) ? 'background' : 'outOfScope')
  }
  if (segment.markers.includes('because') || role.subordinate && isRemembered(words, knowledge)) return part('background')
  const alike = request && !role.subordinate ? equallyFitting(ranking) : []
  // Of those that fit equally well the only one whose verb is there is meant.
  const acting = ranking.filter((evidence) => evidence.action >= 0.7 && alike.includes(evidence.profile))
  if (alike.length > 1 && acting.length === 1) return filledPart(segment, acting[0]!.profile, text, knowledge)
  if (alike.length > 1) return part('unclear', best.profile, alike.slice(0, mostChoices))
  if (!request && !role.subordinate && !isWish(segment, best, knowledge)) return part('background', best.profile)
  return filledPart(segment, best.profile, text, knowledge)
}

function conditional(segment: Segment, { calibration }: Knowledge): Segment {
  const ranking = asCondition(segment.ranking)
  return { ...segment, ranking, ...calibration.certainty(ranking) }
}

/** A call of the capability with the values of the clause. */
export function filledPart(segment: Segment, profile: Profile, text: string, knowledge: Knowledge): Part {
  const filled = fill(segment.words, knowledge.slots[profile.index]!, text, knowledge)
  return { segment, kind: 'call', profile, calls: filled.calls.map((call) => ({ ...call })), unknown: filled.unknown, confidence: segment.confidence, candidates: [] }
}

type Role = { readonly conditional: boolean; readonly subordinate: boolean; readonly excluded: boolean; readonly awaited: boolean }

function roleOf({ markers }: Segment): Role {
  const has = (...kinds: readonly MarkerKind[]): boolean => markers.some((marker) => kinds.includes(marker))
  const conditional = has('if', 'unless', 'failing')
  return {
    conditional,
    subordinate: conditional || has('after', 'before', 'because', 'while', 'until'),
    excluded: has('without', 'insteadOf') || markers.at(-1) === 'withdraw',
    // "If it is not valid", "before it is not": a negation that forbids nothing.
    awaited: conditional || has('before', 'after'),
  }
}

const state = /^(?:it be|it's|that's|they're|(?:it|that|this|they|things|everything) (?:still |really |all )?(?:is|are|was|were|isn't|aren't|looks?|seems?|turns? out|proves?))(?: still| to be| not)* (?:\w+ )?\w+$/

/** "If it is down": the state of what was spoken of, in a word or two. */
function isState(words: readonly Word[]): boolean {
  const body = words.filter((word) => word.kind !== 'punct' && !politeness.has(word.word))
  return body.every((word) => word.kind === 'word' && !word.name) && state.test(body.map((word) => word.word).join(' '))
}

function hasContent({ words }: Segment): boolean {
  return words.some((word) => word.kind !== 'punct' && !politeness.has(word.word) && (!word.stop || word.inEnum || word.opensPhrase))
}

/** "When I drove it round the block": what somebody tells of himself. */
const isRemembered = (words: readonly Word[], { english }: Knowledge): boolean => /^(?:i|we)$/.test(words[0]?.word ?? '') && /^e/.test(english.tags(words[1]?.word ?? '')) && isPast(words, english)

/** A piece of a word or so, or a relative clause, cut off by a comma: too little to be a wish of its own. */
function isLeftover({ item, clause, words, markers, question }: Segment): boolean {
  const said = words.filter((word) => word.kind !== 'punct')
  if (item) return false
  if (said.length <= 1) return true
  if (!question && (said[0]!.word === 'which' || said[0]!.word === 'who' && !wishes(said))) return true
  return !clause && markers.length > 0 && said.filter((word) => !word.stop).length <= 1
}

/** "KX-118, please": a name and nothing that says what to do with it. */
function isBareName({ words, markers, item, next, ranking }: Segment, { slots }: Knowledge): boolean {
  if (markers.length > 0 || asksToBeTold(words) || item || next?.kind === 'word' || /^[:–—-]$/.test(next?.text ?? '')) return false
  const isName = ({ text, time, entity }: Word): boolean => /\d/.test(text) && !time && entity !== 'measure'
  const said = words.filter((word) => word.kind !== 'punct' && !word.stop && !politeness.has(word.word))
  const nouns = said.filter((word) => !isName(word))
  return said.length - nouns.length === 1 && (nouns.length > 0 || said.some(({ text }) => /\p{L}/u.test(text))) && nouns.every((word) => ranking.some(({ profile }) => slots[profile.index]!.cuesOf(word).length > 0)) && ranking.filter(takesAll).length > 1
}

/** Certainty of all values together with which they tell the capability without a verb. */
const telling = 4

/**
 * Where the verb is the capability's own or says nothing and every value has its place, or where a clause of the kind that speaks of
 * tasks names its things, less certainty will do.
 */
function isPlain({ action, values, keys, cover, unexplained }: Evidence, spoken: boolean): boolean {
  if (!values || values.missing > 0) return false
  const whole = values.leftEntities + values.leftWords === 0 && values.filled > 0
  const valued = whole && action >= 0 && unexplained === 0 && values.filled >= 3 && values.sureness >= telling
  return action >= 0.7 && whole || valued || spoken && (action >= 0.9 || keys >= 0.5 || cover >= 0.6)
}

const isWhole = ({ values }: Evidence): boolean => values !== null && values.missing + values.leftEntities + values.leftWords === 0 && values.filled >= 2

/** Nothing is missing, and whatever is named has its place. */
const takesAll = ({ values }: Evidence): boolean => values !== null && values.missing + values.leftEntities === 0 && values.filled > 0

const about = ({ cover, keys, entity }: Evidence): number => cover + keys + Math.max(0, entity)

/** Where no verb decides, capabilities about the same things fit equally well. */
function equallyFitting(ranking: readonly Evidence[]): Profile[] {
  const best = ranking[0]!
  if (best.action > 0.15) return []
  return ranking.filter((evidence) => about(evidence) >= Math.max(0.9, about(best) - 0.2) && evidence.action > -1 && !(isWhole(best) && (evidence.values?.missing ?? 1) > 0) && evidence.score >= best.score - closeCall).map((evidence) => evidence.profile)
}

/** "X may be restarted", "she gets access": a statement that says all a call needs, and not of the past, is a wish. */
function isWish({ words, confidence }: Segment, { action, values }: Evidence, { english }: Knowledge): boolean {
  const permission = isPermission(words)
  if (permission && action >= 0.5) return true
  return confidence >= sureWish && action >= (permission ? 0 : 0.5) && values?.missing === 0 && !isPast(words, english)
}
