/** "On gamma, no, on delta" and "scratch that": what was said before gives way. */
import { speaksOf } from './back-references.ts'
import type { Knowledge } from './knowledge.ts'
import type { Part } from './part.ts'
import { fill, type Call } from './slots/fill.ts'

export function corrected(all: readonly Part[], text: string, knowledge: Knowledge): Part[] {
  const kept: (Part | null)[] = []
  for (const part of postponed(all)) {
    const { markers, trailing } = part.segment
    const dropped = namedAgain(part, kept)
    if (dropped.length) {
      for (const at of dropped) kept[at] = { ...kept[at]!, kind: 'forbidden' }
      continue
    }
    const last = kept.findLastIndex((one) => one?.kind === 'call' || one?.kind === 'unclear' || one?.kind === 'outOfScope')
    const before = last >= 0 ? kept[last]! : null
    // "Drain a. Drain b instead."
    if (trailing.includes('correct') && part.kind === 'call' && before?.kind === 'call' && part.profile === before.profile && part.calls.length === 1 && before.calls.length === 1) {
      kept[last] = { ...before, kind: 'forbidden' }
      kept.push({ ...part, calls: [{ ...before.calls[0], ...part.calls[0] }] })
      continue
    }
    // "… on a, scratch that, on b": what is only a value takes the place of the one that is withdrawn.
    const replaces = markers.includes('withdraw') && markers.at(-1) !== 'withdraw' && part.kind === 'background' && !part.segment.clause
    const withdrawn = replaces && kept.at(-1)?.kind === 'forbidden' ? kept.at(-1)! : null
    const instead = withdrawn?.profile ? overlaid({ ...withdrawn, kind: 'call' }, part, text, knowledge) : null
    if (instead) {
      kept[kept.length - 1] = instead
      continue
    }
    if (markers.includes('correct') && before) {
      const fragment = !part.segment.clause || part.kind === 'background' || part.kind === 'outOfScope' || (part.segment.ranking[0]?.action ?? 0) < 0.7
      const overlay = before.kind === 'call' && fragment ? overlaid(before, part, text, knowledge) : null
      if (overlay) {
        kept[last] = overlay
        continue
      }
      if (part.kind === 'call' || part.kind === 'unclear') {
        kept[last] = { ...before, kind: 'forbidden' }
        const same = part.kind === 'call' && before.kind === 'call' && part.profile === before.profile && part.calls.length === 1 && before.calls.length === 1
        kept.push(same ? { ...part, calls: [{ ...before.calls[0], ...part.calls[0] }] } : part)
        continue
      }
    }
    if (markers.includes('withdraw') || trailing.includes('withdraw')) {
      if (trailing.includes('withdraw')) {
        kept.push({ ...part, kind: 'forbidden' })
        continue
      }
      // "Forget that and do this": what follows is another task.
      const follows = markers.indexOf('withdraw') < markers.length - 1
      if (last >= 0 && (follows || !withdrawsOther(part, kept))) kept[last] = { ...kept[last]!, kind: 'forbidden' }
      if (part.kind === 'forbidden') kept.push(part)
      if (part.kind === 'forbidden') continue
    }
    if (part.kind === 'forbidden' && before?.kind === 'call' && part.segment.sentence === before.segment.sentence && !part.segment.clause) {
      const rest = missedIn(before, part, text, knowledge)
      if (Object.keys(rest).length) {
        kept[last] = { ...before, calls: before.calls.map((call) => ({ ...call, ...rest })) }
        continue
      }
    }
    if (part.kind === 'forbidden' && before?.kind === 'call' && part.segment.sentence === before.segment.sentence) {
      const off = flagsOf(before, part, text, knowledge)
      if (Object.keys(off).length) {
        kept[last] = { ...before, calls: before.calls.map((call) => ({ ...call, ...off })) }
        continue
      }
    }
    if (part.kind === 'forbidden' && part.profile && !markers.includes('without')) {
      // A later "don't" takes back an earlier request for the same thing.
      kept.forEach((one, index) => {
        if (one?.kind === 'call' && one.profile === part.profile && compatible(one.calls, part.calls[0] ?? {})) kept[index] = null
      })
    }
    kept.push(part)
  }
  return kept.filter((part) => part !== null)
}

/** "Do not switch X before Y is saved": nothing is forbidden, but Y comes first. */
function postponed(parts: readonly Part[]): Part[] {
  const result = [...parts]
  const waits = ({ segment }: Part): boolean => segment.markers.includes('until') || segment.markers.includes('before')
  const after = (part: Part): Part => ({ ...part, segment: { ...part.segment, markers: part.segment.markers.map((marker) => (marker === 'until' || marker === 'before' ? 'after' : marker)) } })
  for (let at = 0; at + 1 < result.length; at++) {
    const [one, other] = [result[at]!, result[at + 1]!]
    if (one.segment.sentence !== other.segment.sentence) continue
    if (one.kind === 'call' && waits(other) && other.kind === 'call' && isWaiting(one)) result[at + 1] = after(other)
    if (isHeldBack(one) && waits(other) && other.kind === 'call') [result[at], result[at + 1]] = [{ ...one, kind: 'call' }, after(other)]
    if (isHeldBack(other) && waits(one) && one.kind === 'call') [result[at], result[at + 1]] = [after(one), { ...other, kind: 'call' }]
  }
  return result
}

const isHeldBack = ({ kind, profile, calls, segment }: Part): boolean => kind === 'forbidden' && profile !== null && calls.length > 0 && !segment.markers.some((marker) => marker === 'without' || marker === 'insteadOf')

/** "The restart must wait until": what waits comes after. */
const isWaiting = ({ segment }: Part): boolean => segment.words.some((word) => /^(?:waits?|waiting|held|delayed|deferred)$/.test(word.word))

const interjections: ReadonlySet<string> = new Set(['hm', 'hmm', 'oh', 'ah', 'well', 'ok', 'okay', 'actually', 'no', 'sorry', 'wait', 'please', 'and', 'but', 'so', 'just', 'then', 'now', 'you', 'we', 'can', 'could', "let's", 'on', 'second', 'thought', 'thoughts', 'reflection'])
const leaving = /^(?:(?:never mind|nevermind|forget|skip|drop|omit|scratch|strike|cancel|disregard|ignore|scrap|ditch|abandon|call off|take back|leave out|do not bother with|don't bother with|do without|spare|leave)(?: about)?)\b/
const takenBack: ReadonlySet<string> = new Set(['all', 'everything', 'whole', 'both', 'rest', 'lot'])

const ordinals: readonly string[] = ['first', 'second', 'third', 'fourth', 'fifth', 'last', 'latter']
const lastOrdinal = ordinals.indexOf('last')

/** "Actually, forget the restart": earlier calls that are taken back by what they do or what they are for. */
function namedAgain(part: Part, kept: readonly (Part | null)[]): number[] {
  const body = part.segment.words
  const start = body.findIndex((word) => word.kind !== 'punct' && !interjections.has(word.word))
  if (start < 0 || body.length - start > 14) return []
  const end = body.findIndex((word, at) => at > start && word.kind === 'punct')
  const said = body.slice(start, end < 0 ? body.length : end)
  const wordsSaid = said.map((word) => word.word).join(' ')
  // "On second thought keep x"
  const verb = leaving.exec(wordsSaid) ?? (part.segment.markers.includes('correct') ? /^keep\b/.exec(wordsSaid) : null)
  if (!verb) return []
  // "Drop the rate to 89": a number that something is brought to.
  if (said.some(({ word, kind }, at) => kind === 'word' && (word === 'to' || word === 'by') && /^(?:number|measure)$/.test(said[at + 1]?.entity ?? ''))) return []
  const object = said.slice(verb[0].split(' ').length).filter((word) => !word.stop && !word.light)
  const later = part.segment.markers.includes('correct') || /^(?:never|forget|scratch|strike)/.test(verb[0])
  const earlier = [...kept.keys()].filter((at) => kept[at]?.kind === 'call' && kept[at].profile !== null && (later || kept[at].segment.sentence < part.segment.sentence))
  const noun = object[0] ?? said.find((word) => ordinals.includes(word.word))
  if (!noun) return []
  const does = (at: number): boolean => speaksOf(kept[at]!.profile!, noun)
  const values = (at: number): boolean => kept[at]!.calls.some((call) => Object.values(call).flat().some((value) => String(value).toLowerCase().split(/\s+/).every((one) => said.some(({ text }) => text.toLowerCase() === one))))
  if (takenBack.has(noun.word) && object.length === 1) return earlier
  const counted = said.map((word) => ordinals.indexOf(word.word)).find((place) => place >= 0)
  if (counted !== undefined && said.some((word) => /^(?:one|part|step|task|thing|item|point|request|bit|former|latter)$/.test(word.word)) && object.every((word) => ordinals.includes(word.word) || !word.name)) {
    const chosen = counted >= lastOrdinal ? earlier.at(-1) : earlier[counted]
    return chosen === undefined ? [] : [chosen]
  }
  const others = object.some((word) => (word.kind === 'entity' || word.name || word.capital) && !earlier.some((at) => kept[at]!.segment.words.some((one) => one.word === word.word)))
  const named = others ? [] : earlier.filter((at) => does(at))
  const exact = named.filter((at) => values(at))
  const found = exact.length ? exact : named.length ? named.slice(-1) : earlier.filter((at) => values(at)).slice(-1)
  // A command of its own is no withdrawal.
  if (part.kind === 'call' && found.every((at) => kept[at]!.profile !== part.profile) && !part.segment.markers.includes('correct')) return []
  return found
}

function withdrawsOther(part: Part, kept: readonly (Part | null)[]): boolean {
  return part.profile !== null && kept.some((one) => one?.kind === 'call' && one.profile === part.profile)
}

/** The call with the values of the fragment in place of its own. */
function overlaid(before: Part, part: Part, text: string, knowledge: Knowledge): Part | null {
  const filled = fill(part.segment.words, knowledge.slots[before.profile!.index]!, text, knowledge)
  const values = meantIn(filled.calls[0] ?? {}, before)
  if (!Object.keys(values).length) return null
  return { ...before, calls: before.calls.map((call) => ({ ...call, ...values })), unknown: before.unknown.filter((one) => !Object.hasOwn(values, one.parameter)) }
}

/** "8 cores, no, 10": a bare number takes the place of the last one, whatever else it could be. */
function meantIn(values: Call, { calls: [call = {}], profile, segment }: Part): Call {
  const [name, ...others] = Object.keys(values)
  const typeOf = (one: string): string | undefined => profile!.capability.parameters.find((spec) => spec.name === one)?.type
  if (name === undefined || others.length || Object.hasOwn(call, name) || typeof values[name] !== 'number') return values
  const said = Object.keys(call).filter((one) => typeof call[one] === 'number' && typeOf(one) === typeOf(name))
  const last = said.sort((a, b) => placeOf(call[b], segment) - placeOf(call[a], segment))[0]
  return last === undefined ? values : { [last]: values[name] }
}

const placeOf = (value: unknown, { words }: Part['segment']): number => words.findLastIndex((word) => word.value === value)

/** "Throttle a instead of b to 5 mbit": behind what is not meant stands what the call still needs. */
function missedIn(before: Part, part: Part, text: string, knowledge: Knowledge): Call {
  const slots = knowledge.slots[before.profile!.index]!
  const { calls: [call = {}] } = fill(part.segment.words, slots, text, knowledge)
  const missing = slots.specs.filter((spec) => spec.required && Object.hasOwn(call, spec.name) && before.calls.every((one) => !Object.hasOwn(one, spec.name)))
  return missing.length < Object.keys(call).length ? Object.fromEntries(missing.map((spec) => [spec.name, call[spec.name]])) : {}
}

/** "Without a reboot", "but do not tell the customer": flags of the call that are forbidden. */
function flagsOf(before: Part, part: Part, text: string, knowledge: Knowledge): Call {
  const slots = knowledge.slots[before.profile!.index]!
  const { calls: [call = {}] } = fill(part.segment.words, slots, text, knowledge)
  return Object.fromEntries(slots.specs.filter((spec) => spec.type === 'boolean' && Object.hasOwn(call, spec.name)).map((spec) => [spec.name, false]))
}

const compatible = (calls: readonly Call[], forbidden: Call): boolean =>
  calls.every((call) => Object.entries(forbidden).every(([name, value]) => !Object.hasOwn(call, name) || JSON.stringify(call[name]) === JSON.stringify(value)))
