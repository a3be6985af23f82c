/** Puts together what belongs to one call: a list cut in two, a statement and the request it prepares, an addition. */
import { withEntries } from './entries.ts'
import type { Knowledge } from './knowledge.ts'
import { determiners, prepositions } from './lexicon/function-words.ts'
import type { Evidence } from './matcher.ts'
import type { Part } from './part.ts'
import type { Profile } from './profile.ts'
import type { Reader, Segment } from './segment.ts'
import { isReason, isSentence } from './slots/free-text.ts'
import { fill, lookAt, type Call } from './slots/fill.ts'
import { withoutTopics } from './topics.ts'
import type { Word } from './word.ts'

type Context = { readonly words: readonly Word[]; readonly text: string; readonly knowledge: Knowledge; readonly read: Reader }

export function joined(clauses: readonly Part[], context: Context): Part[] {
  const parts = withoutTopics(clauses)
  return withStatements(again(additions(withEntries(lists(dictated(parts, context), context), context.text, context.knowledge), context), context), context)
}

/** "A note for Ms Lang: her keys are here": what follows the colon is the text that the call needs. */
function dictated(parts: readonly Part[], { text }: Context): Part[] {
  const result = [...parts]
  for (let at = 0; at + 1 < result.length; at++) {
    const [part, next] = [result[at]!, result[at + 1]!]
    const spec = part.kind === 'call' && part.calls.length === 1 ? part.profile!.capability.parameters.find((one) => isSentence(one) && one.required && !Object.hasOwn(part.calls[0]!, one.name)) : undefined
    if (!spec || next.segment.sentence !== part.segment.sentence || !next.segment.markers.includes('colon')) continue
    let last = at + 1
    while (result[last + 1]?.segment.sentence === part.segment.sentence && !result[last + 1]!.segment.imperative) last++
    const said = text.slice(next.segment.words[0]!.start, result[last]!.segment.words.at(-1)!.end)
    result[at] = { ...part, calls: [{ ...part.calls[0], [spec.name]: said }] }
    for (let told = at + 1; told <= last; told++) result[told] = { ...result[told]!, kind: 'background', profile: null, calls: [], unknown: [], candidates: [] }
  }
  return result
}

const loose = (part: Part): boolean => part.segment.markers.every((marker) => ['comma', 'and', 'dash', 'colon', 'or'].includes(marker))

/** "a laptop | and a camera to X": two pieces that call the same, the second without a verb of its own. */
function lists(parts: readonly Part[], { words, text, knowledge, read }: Context): Part[] {
  const result: Part[] = []
  for (const part of parts) {
    const before = result.at(-1)
    const same = before?.kind === 'call' && part.kind === 'call' && before.profile === part.profile && before.segment.sentence === part.segment.sentence
    if (same && (loose(part) || part.segment.markers.join() === 'after') && complete(before, part)) {
      result[result.length - 1] = { ...before, calls: [{ ...before.calls[0], ...part.calls[0] }], unknown: [...before.unknown, ...part.unknown], confidence: Math.max(before.confidence, part.confidence) }
      continue
    }
    if (!same || (part.segment.clause && before.segment.clause && !isAccompanying(part, knowledge)) || part.segment.imperative && !isFronted(before.segment) || !loose(part)) {
      result.push(part)
      continue
    }
    const segment = span(before.segment, part.segment, words, read)
    const filled = fill(segment.words, knowledge.slots[part.profile!.index]!, text, knowledge)
    result[result.length - 1] = { ...before, segment, calls: filled.calls.map((call) => ({ ...call })), unknown: filled.unknown, confidence: Math.max(before.confidence, part.confidence) }
  }
  return result
}

/** "…, fading over 30 seconds": a participle tells how, and calls nothing itself. */
const isAccompanying = ({ segment: { words, markers } }: Part, { english }: Knowledge): boolean => markers.join() === 'comma' && (/^g/.test(english.tags(words[0]?.word ?? '')) || /.{3}ing$/.test(words[0]?.word ?? ''))

/** "From pool a to pool b, move x": a clause that begins with what is led to by a preposition. */
const isFronted = ({ words, clause }: Segment): boolean => !clause && prepositions.has(words[0]?.word ?? '')

/** "Logs of the stream x: keep for 14 days": each of two calls has what the other needs. */
function complete(before: Part, part: Part): boolean {
  const [one, other] = [before.calls[0], part.calls[0]]
  if (!one || !other || before.calls.length > 1 || part.calls.length > 1 || isFronted(before.segment)) return false
  const missing = (call: Call): string[] => before.profile!.capability.parameters.filter((spec) => spec.required && !Object.hasOwn(call, spec.name)).map((spec) => spec.name)
  const [first, second] = [missing(one), missing(other)]
  const told = second.length > 0 || part.segment.markers.includes('after')
  return first.length > 0 && told && Object.keys(one).length > 0 && Object.keys(other).length > 0 && first.every((name) => Object.hasOwn(other, name)) && second.every((name) => Object.hasOwn(one, name)) && !Object.keys(one).some((name) => Object.hasOwn(other, name))
}

function span(first: Segment, second: Segment, words: readonly Word[], read: Reader): Segment {
  const from = first.words[0]!.index
  return { ...first, to: second.to, words: words.slice(from, second.to), trailing: [...first.trailing, ...second.trailing], question: second.question, ...read(from, second.to) }
}

/** "Take a snapshot of X and label it nightly", "a mailbox for X? 5 GB would do": the second clause only adds to the first. */
function additions(parts: readonly Part[], { text, knowledge }: Context): Part[] {
  const result: Part[] = []
  for (const part of parts) {
    const before = result.at(-1)
    if (before?.kind === 'call' && before.calls.length === 1) {
      const same = before.segment.sentence === part.segment.sentence
      const name = same && loose(part) ? nameGiven(part, text) : null
      const named = name === null ? undefined : knowledge.slots[before.profile!.index]!.nameLike.find((one) => !Object.hasOwn(before.calls[0]!, one) || isPlain(before.calls[0]![one]))
      if (named !== undefined) {
        result[result.length - 1] = { ...before, calls: [{ ...before.calls[0], [named]: name }], unknown: before.unknown.filter((one) => one.parameter !== named) }
        continue
      }
      const why = part.segment.markers.includes('because') && same ? openReason(before) : undefined
      if (why !== undefined && part.kind === 'background') {
        result[result.length - 1] = { ...before, calls: [{ ...before.calls[0], [why]: text.slice(part.segment.words[0]!.start, part.segment.words.at(-1)!.end) }] }
        continue
      }
      const fragment = isFragment(part, before)
      const joins = fragment || same && (loose(part) || part.segment.markers.includes('because')) && addsTo(part, before)
      const led = same && isLed(part, before, knowledge)
      if (joins || led || isElaboration(part, before, same, knowledge)) {
        const slots = knowledge.slots[before.profile!.index]!
        const { words } = part.segment
        const seen = lookAt(words, knowledge)
        // "Project x": a noun of a parameter is no verb here.
        const filled = fill(words, slots, text, knowledge, words[seen.main] && slots.cuesOf(words[seen.main]!).length > 0 ? { ...seen, main: -1 } : seen)
        const added = filled.calls[0] ?? {}
        const fresh = Object.entries(added).filter(([name]) => !Object.hasOwn(before.calls[0]!, name))
        const replaced = led ? Object.entries(added).filter(([name]) => isPlain(before.calls[0]![name])) : []
        if (led && fresh.length + replaced.length === Object.keys(added).length && filled.calls.length === 1 && filled.left.length === 0 && Object.keys(added).length > 0) {
          result[result.length - 1] = { ...before, calls: [{ ...before.calls[0], ...Object.fromEntries([...fresh, ...replaced]) }], unknown: before.unknown.filter((one) => !Object.hasOwn(added, one.parameter)) }
          continue
        }
        if (fresh.length && fresh.length === Object.keys(added).length && filled.calls.length === 1 && (joins && !fragment || filled.left.length === 0)) {
          result[result.length - 1] = { ...before, calls: [{ ...before.calls[0], ...Object.fromEntries(fresh) }], unknown: before.unknown.filter((one) => !Object.hasOwn(added, one.parameter)) }
          continue
        }
      }
    }
    result.push(part)
  }
  return result
}

/** "…, but only the tags a and b", "…: peer name x": a noun of the call before and its value, without a verb. */
function isLed({ segment, kind }: Part, before: Part, { slots, english }: Knowledge): boolean {
  if (kind === 'forbidden' || kind === 'condition' || segment.item || segment.markers.some((marker) => !/^(?:comma|and|but|colon|dash)$/.test(marker))) return false
  const said = segment.words.filter((word) => word.kind !== 'punct' && !determiners.has(word.word) && !/^(?:only|just|with)$/.test(word.word))
  const [first, second] = said
  return first !== undefined && second !== undefined && said.length <= 8 && /n/.test(english.tags(first.word)) && slots[before.profile!.index]!.cuesOf(first).length > 0 && (second.name || second.kind === 'entity' || slots[before.profile!.index]!.cuesOf(second).length > 0 || !second.stop && !segment.clause)
}

/** "A new colleague needs a login, call it kim": an ordinary word was no name. */
const isPlain = (value: unknown): boolean => typeof value === 'string' && /^[a-z]+$/.test(value)

/** "… because it leaks": the parameter for the reason, where none is given yet. */
const openReason = ({ profile, calls }: Part): string | undefined => profile!.capability.parameters.find((spec) => isReason(spec) && !Object.hasOwn(calls[0]!, spec.name))?.name

/** "… – to 80 percent": a value and what leads to it, without a verb. */
const isFragment = ({ segment, kind }: Part, before: Part): boolean => kind !== 'forbidden' && kind !== 'condition' && !segment.clause && !segment.imperative && !segment.item && (segment.words.length <= 3 && segment.words[0]?.enums.some(({ capability }) => capability === before.profile!.index) || prepositions.has(segment.words[0]?.word ?? '') || segment.words[0]?.time !== null || segment.words[0]?.entity === 'number' || segment.words[0]?.entity === 'measure') && segment.words.length <= 6
  && (segment.ranking[0]?.action ?? 0) <= 0.15 && segment.sentence - before.segment.sentence <= 1 && segment.markers.every((marker) => /^(?:comma|dash|colon|bare)$/.test(marker))

/** "… and call it south": the name of what the call before makes; null where none is given. */
function nameGiven({ segment: { words } }: Part, text: string): string | null {
  const said = words.filter((word) => word.kind !== 'punct')
  const at = said.findIndex((word) => /^(?:call|name|label|title|tag|dub)$/.test(word.word))
  if (at < 0 || at > 2 || !/^(?:it|them|this|that|him|her)$/.test(said[at + 1]?.word ?? '')) return null
  const name = said.slice(at + 2)
  if (!name.length || name.length > 3 || name.some((word) => word.stop)) return null
  return typeof name[0]!.value === 'string' ? name[0]!.value : text.slice(name[0]!.start, name.at(-1)!.end)
}

const repeating = /^(?:and |then |also |please |so |now )*(?:(?:do|make|carry out|apply|perform) (?:exactly |just )?(?:the same|likewise|that|this|it|so)(?: thing)?|repeat (?:that|this|it|the same)|(?:the )?same (?:again|for|on|with|goes|thing)|likewise|ditto)\b/

/** "Do the same on b", "repeat that for c": the call before with other values. */
function again(parts: readonly Part[], { text, knowledge }: Context): Part[] {
  const result: Part[] = []
  for (const part of parts) {
    const before = result.findLast((one) => one.kind === 'call')
    const body = part.segment.words.filter((word) => word.kind !== 'punct')
    const said = body.map((word) => word.word).join(' ')
    const alsoSo = part.kind !== 'call' && body.length <= 6 && / (?:too|as well|also|likewise)$/.test(said) && !body.some((word) => word.actions.length > 0 || word.light)
    if (before?.profile && part.kind !== 'forbidden' && (alsoSo || repeating.test(said))) {
      const { calls } = fill(part.segment.words, knowledge.slots[before.profile.index]!, text, knowledge)
      if (Object.keys(calls[0] ?? {}).length) {
        result.push({ ...part, kind: 'call', profile: before.profile, calls: calls.map((values) => ({ ...before.calls.at(-1), ...values })), unknown: [], confidence: before.confidence })
        continue
      }
    }
    result.push(part)
  }
  return result
}

const sufficing = /\b(?:would do|will do|would be (?:enough|fine|ok|okay|good|great|nice|perfect|best)|is (?:enough|fine|ok|okay|sufficient)|are (?:enough|fine)|should (?:do|suffice|be (?:enough|fine|plenty))|suffices|will be enough|i'd like (?:that|it|this)|i would like (?:that|it|this)|i need (?:that|it|this)|we need (?:that|it|this)|i want (?:that|it|this)|please as|is what (?:they|it|we|i|he|she) (?:should|needs?|wants?|must|has to|have to)\b|(?:that|it|this) (?:should|must|needs to|has to|can) be|make (?:that|it))\b/

/**
 * Words that only say more of the call before: a value with what it is ("label pre-move"), or one that "would do".
 * A clause with a verb of its own is none.
 */
function isElaboration(part: Part, before: Part, same: boolean, knowledge: Knowledge): boolean {
  const { segment } = part
  const said = segment.words.filter((word) => word.kind !== 'punct')
  if (said.length > 9 || part.kind === 'forbidden' || part.kind === 'condition' || segment.item) return false
  // "…, until it reaches 80 percent"
  if (same && segment.markers.join() === 'until' && !segment.imperative) return true
  if (segment.markers.some((marker) => !['comma', 'and', 'dash', 'colon'].includes(marker))) return false
  if (!same && before.segment.sentence !== segment.sentence - 1) return false
  if (sufficing.test(said.map((word) => word.word).join(' '))) return (segment.ranking[0]?.action ?? 0) < 0.7 || part.kind !== 'call'
  const slots = knowledge.slots[before.profile!.index]!
  // "…, read only": the name of a flag
  if (same && said.length <= 3 && slots.flags.some(({ name }) => name.split(/[_-]/).join(' ') === said.map((word) => word.word).join(' '))) return true
  // "… and take 60 minutes"
  if (same && said.length <= 5 && said[0]!.light && part.confidence < 0.6 && said.slice(1).some((word) => word.entity === 'number' || word.entity === 'measure' || word.time)) return true
  return same && said.length >= 2 && said.length <= 4 && slots.cuesOf(said[0]!).length > 0 && !said.slice(1).some((word) => word.stop && word.word !== 'is')
}

function addsTo(part: Part, before: Part): boolean {
  if (part.kind === 'call' && part.profile !== before.profile) return false
  if (part.kind === 'unclear') return !part.segment.clause && part.candidates.includes(before.profile!)
  const short = part.segment.words.length <= 9
  if (part.segment.markers.includes('because')) return part.kind === 'background'
  const pronoun = part.segment.words.some((word, at) => ['it', 'them', 'that', "it's", 'this', 'he', 'she', 'they', "he's", "she's", "they're"].includes(word.word) || at === 0 && word.word === 'which')
  return short && (part.kind === 'background' || part.kind === 'outOfScope' ? pronoun || !part.segment.clause : part.kind === 'call' && (pronoun || !part.segment.clause))
}

const pronouns: ReadonlySet<string> = new Set(['it', 'its', 'him', 'his', 'her', 'them', 'their', 'that', 'there', 'this', 'they', 'he', 'she', 'those', 'these', 'both'])

/**
 * "The volume photos is too small, it should have 1500 GB": the clause before a request tells what the request leaves out.
 * It must be of the same sentence, or the sentence before when a pronoun points there.
 */
function withStatements(parts: readonly Part[], { text, knowledge, read }: Context): Part[] {
  const result = [...parts]
  for (let at = 1; at < result.length; at++) {
    const [before, part] = [result[at - 1]!, result[at]!]
    if (isRepetition(before, part)) {
      result[at] = { ...part, kind: 'background', calls: [] }
      continue
    }
    if (!statementLike(before, part) || !['call', 'outOfScope', 'unclear'].includes(part.kind) || part.segment.markers.some((marker) => marker === 'correct' || marker === 'withdraw')) continue
    // "When the fair is over tear it down": what only says when is not what is spoken of.
    if (before.segment.markers.some((marker) => marker === 'after' || marker === 'before' || marker === 'until') && result.slice(0, at - 1).some((one) => one.kind === 'call')) continue
    const near = before.segment.sentence === part.segment.sentence
    const pronoun = part.segment.words.some((word) => pronouns.has(word.word))
    if (!near && !(pronoun && before.segment.sentence === part.segment.sentence - 1)) continue
    const from = before.segment.words[0]!.index
    const joint = read(from, part.segment.to)
    const best = joint.ranking[0]
    const keep = part.kind === 'call' && part.confidence >= 0.35 ? decided(part, joint.ranking) : best && joint.inScope >= knowledge.calibration.threshold ? best.profile : part.profile
    if (!keep || (part.kind === 'outOfScope' && (!pronoun || joint.confidence < 0.35))) continue
    const slots = knowledge.slots[keep.index]!
    const own = keep === part.profile && part.kind === 'call' ? part.calls : fill(part.segment.words, slots, text, knowledge).calls
    // When somebody came is not how long something is to last.
    const missing = keep.capability.parameters.filter((spec) => own.some((call) => !Object.hasOwn(call, spec.name)) && (near || spec.required || spec.type !== 'duration' && spec.type !== 'schedule'))
    const earlier = fill(before.segment.words, slots, text, knowledge).calls
    // "We are out of a and b, reorder them": a call for each.
    const each = own.length === 1 && earlier.length > 1 && part.segment.words.some(({ word }) => /^(?:them|those|these|both)$/.test(word)) && missing.length > 0 && missing.every(({ type }) => type !== 'list' && type !== 'hosts')
      ? earlier.map((call) => Object.fromEntries(missing.flatMap(({ name }) => (Object.hasOwn(call, name) ? [[name, call[name]]] : [])))).filter((call) => Object.keys(call).length > 0) : []
    const calls = each.length > 1 ? each.map((call): Call => ({ ...call, ...own[0] })) : own.map((call): Call => {
      const added = Object.fromEntries(missing.flatMap((spec) => (!Object.hasOwn(call, spec.name) && earlier.length === 1 && Object.hasOwn(earlier[0]!, spec.name) && !clashes(call, earlier[0]![spec.name]) ? [[spec.name, earlier[0]![spec.name]]] : [])))
      return { ...added, ...call }
    })
    if (part.kind === 'unclear') continue
    result[at] = { ...part, kind: 'call', profile: keep, calls, confidence: Math.max(part.confidence, joint.confidence) }
    result[at - 1] = { ...before, kind: 'background', calls: [] }
  }
  return result
}

/** "Finn wants to join, please sign him up": asked again in other words. */
function isRepetition(before: Part, part: Part): boolean {
  const [best] = part.segment.ranking
  const named = part.segment.words.some((word) => word.kind === 'entity' || word.name || word.capital || word.inEnum)
  return before.kind === 'call' && part.kind === 'outOfScope' && !before.segment.imperative && !named && best?.profile === before.profile && best.action >= 0.5 && part.segment.words.some((word) => pronouns.has(word.word))
}

/** Difference of how the verb fits from which it decides. */
const verbDecides = 0.5

/** Of the capabilities that fit the part about equally well, the one that the statement before it speaks for. */
function decided(part: Part, joint: readonly Evidence[]): Profile | null {
  const { ranking } = part.segment
  const close = new Set(ranking.filter((evidence) => evidence.score >= ranking[0]!.score - 1.2 && evidence.action >= ranking[0]!.action - verbDecides).map((evidence) => evidence.profile))
  if (!close.has(part.profile!) || close.size < 2) return part.profile
  return joint.find((evidence) => close.has(evidence.profile))?.profile ?? part.profile
}

const clashes = (call: Call, value: unknown): boolean => Object.values(call).some((own) => JSON.stringify(own) === JSON.stringify(value))

/** A clause that tells rather than asks, or one that asks for the same and is asked again by a pronoun. */
function statementLike(before: Part, part: Part): boolean {
  if (before.kind === 'background') return before.segment.words.length > 1
  const pronoun = part.segment.words.some((word) => pronouns.has(word.word))
  if (before.kind === 'outOfScope') return !before.segment.imperative && (pronoun || part.kind === 'call')
  if (before.kind === 'call' && before.profile === part.profile) return !before.segment.imperative && pronoun && before.segment.sentence >= part.segment.sentence - 1
  return before.kind === 'unclear' && !before.segment.imperative && part.kind === 'call' && pronoun
}
