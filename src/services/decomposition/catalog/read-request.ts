/** From the text of a request to its parts: what is called, forbidden, out of scope or background. */
import { annotate } from './annotate.ts'
import { sentencesOf } from './clause.ts'
import { isCourtesy, isForbidden, isPast, isPermission, isRequest, isTopic, isVague } from './clause-role.ts'
import { corrected } from './corrections.ts'
import { joined } from './joining.ts'
import type { Knowledge } from './knowledge.ts'
import { politeness } from './lexicon/function-words.ts'
import type { MarkerKind } from './markers.ts'
import type { Evidence } from './matcher.ts'
import type { Part } from './part.ts'
import { resolveReferences } from './references.ts'
import { createReader, segmentsOf, type Segment } from './segment.ts'
import { fill } from './slots/fill.ts'
import type { Token } from './token.ts'
import type { Word } from './word.ts'

export type ReadRequest = { readonly words: readonly Word[]; readonly parts: readonly Part[]; readonly unread: string | null }

const about = ({ cover, keys, entity }: Evidence): number => cover + keys + Math.max(0, entity)

/** Difference of scores within which capabilities fit equally well. */
const closeCall = 1.5
/** Confidence at which a statement counts as a request. */
const sureWish = 0.6

/** Sentences of one request that are read; the rest is reported as unread. */
const mostSentences = 120

export function readRequest(tokens: readonly Token[], text: string, knowledge: Knowledge): ReadRequest {
  const words = annotate(tokens, knowledge)
  const read = createReader(words, knowledge)
  const sentences = sentencesOf(words)
  const segments: Segment[] = []
  let unread: string | null = null
  let carried: readonly MarkerKind[] = []
  for (const [number, sentence] of sentences.entries()) {
    if (number >= mostSentences || read.exhausted()) {
      unread = text.slice(words[sentence.from]!.start).trim()
      break
    }
    const found = segmentsOf(words, sentence, number, carried, knowledge, read)
    segments.push(...found.segments)
    carried = found.left
  }
  const parts = withContext(joined(segments.map((segment) => partOf(segment, text, knowledge)), { words, text, knowledge, read }), text, knowledge)
  return { words, parts: resolveReferences(corrected(parts, text, knowledge), knowledge), unread }
}

export function partOf(segment: Segment, text: string, knowledge: Knowledge): Part {
  const { ranking, confidence, words, markers } = segment
  const best = ranking[0]
  const empty = { segment, profile: null, calls: [], unknown: [], confidence, candidates: [] }
  const conditional = markers.some((marker) => marker === 'if' || marker === 'unless' || marker === 'failing')
  const subordinate = conditional || markers.some((marker) => ['after', 'before', 'because', 'while', 'until'].includes(marker))
  const { threshold } = knowledge.calibration
  const fits = best !== undefined && segment.inScope >= (isPlain(best, subordinate || isPermission(words)) ? threshold * 0.6 : threshold)
  const forbidden = (isForbidden(words, fits ? best.profile : null, best?.action ?? 0) && !conditional && !markers.includes('before') && !markers.includes('after')) || markers.includes('without') || markers.includes('insteadOf') || markers.at(-1) === 'withdraw'
  if (forbidden) return { ...empty, kind: 'forbidden', ...(fits ? { profile: best.profile, calls: fill(words, knowledge.slots[best.profile.index]!, text, knowledge).calls as Part['calls'] } : {}) }
  if (isCourtesy(words) || !segment.clause && isTopic(words, segment.next)) return { ...empty, kind: 'background' }
  const content = words.filter((word) => word.kind !== 'punct' && !politeness.has(word.word))
  if (!content.some((word) => !word.stop || word.inEnum)) return { ...empty, kind: 'background' }
  const request = segment.item || isRequest(words, segment.question, knowledge.english)
  if (isVague(words) && (best?.action ?? 0) < 0.9) {
    const candidates = ranking.filter((evidence) => about(evidence) >= 0.7 || (fits && evidence === best)).slice(0, 4).map((evidence) => evidence.profile)
    if (candidates.length) return { ...empty, kind: 'unclear', profile: candidates[0]!, candidates }
  }
  if (!fits) {
    if (conditional) return { ...empty, kind: 'condition' }
    if (subordinate || !request || isLeftover(segment)) return { ...empty, kind: 'background' }
    return { ...empty, kind: 'outOfScope' }
  }
  if (markers.includes('because')) return { ...empty, kind: 'background' }
  // Where no verb decides, capabilities about the same things fit equally well.
  const silent = best.action <= 0.15
  const close = silent ? ranking.filter((evidence) => about(evidence) >= about(best) - 0.2 && about(evidence) >= 0.9 && evidence.action > -1 && evidence.score >= best.score - closeCall) : []
  if (close.length > 1 && request && !subordinate) return { ...empty, kind: 'unclear', profile: best.profile, candidates: close.slice(0, 4).map((evidence) => evidence.profile) }
  // "X may be restarted", "she gets access": a statement that says all a call needs, and not of the past, is a wish.
  const wish = !request && !subordinate && (best.action >= 0.5 && isPermission(words) || confidence >= sureWish && best.action >= (isPermission(words) ? 0 : 0.5) && best.values?.missing === 0 && !isPast(words, knowledge.english))
  if (!request && !subordinate && !wish) return { ...empty, kind: 'background', profile: best.profile }
  const filled = fill(words, knowledge.slots[best.profile.index]!, text, knowledge)
  return { segment, kind: 'call', profile: best.profile, calls: filled.calls.map((call) => ({ ...call })), unknown: filled.unknown, confidence, candidates: [] }
}

/** A piece of a few words without a verb, cut off by a comma: too little to be a wish of its own. */
const isLeftover = ({ item, clause, words, markers }: Segment): boolean => !item && !clause && markers.length > 0 && words.filter((word) => word.kind !== 'punct' && !word.stop).length <= 1

/** Where the verb is the capability's own and every value has its place, or a clause of the kind that speaks of tasks names its things, less certainty will do. */
function isPlain({ action, values, keys, cover }: Evidence, spoken: boolean): boolean {
  if (!values || values.missing > 0) return false
  return action >= 0.9 && values.leftEntities + values.leftWords === 0 && values.filled > 0 || spoken && (action >= 0.9 || keys >= 0.5 || cover >= 0.6)
}

/** If nothing but statements was said, the statement is the request; otherwise its values are there for the others. */
function withContext(parts: readonly Part[], text: string, knowledge: Knowledge): Part[] {
  const asks = parts.some((part) => part.kind === 'call' || part.kind === 'unclear' || part.kind === 'outOfScope')
  if (asks) return [...parts]
  return parts.map((part) => {
    if (part.kind !== 'background' || !part.profile) return part
    const filled = fill(part.segment.words, knowledge.slots[part.profile.index]!, text, knowledge)
    return { ...part, kind: 'call', calls: filled.calls.map((call) => ({ ...call })), unknown: filled.unknown }
  })
}
