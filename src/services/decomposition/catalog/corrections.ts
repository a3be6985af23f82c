/** "On gamma, no, on delta" and "scratch that": what was said before gives way. */
import type { Knowledge } from './knowledge.ts'
import type { Part } from './part.ts'
import { fill, type Call } from './slots/fill.ts'

export function corrected(parts: readonly Part[], text: string, knowledge: Knowledge): Part[] {
  const kept: (Part | null)[] = []
  for (const part of parts) {
    const { markers, trailing } = part.segment
    const last = kept.findLastIndex((one) => one?.kind === 'call' || one?.kind === 'unclear' || one?.kind === 'outOfScope')
    const before = last >= 0 ? kept[last]! : null
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
      if (last >= 0 && !withdrawsOther(part, kept)) kept[last] = { ...kept[last]!, kind: 'forbidden' }
      if (part.kind === 'forbidden') kept.push(part)
      if (part.kind === 'forbidden') continue
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

function withdrawsOther(part: Part, kept: readonly (Part | null)[]): boolean {
  return part.profile !== null && kept.some((one) => one?.kind === 'call' && one.profile === part.profile)
}

/** The call with the values of the fragment in place of its own. */
function overlaid(before: Part, part: Part, text: string, knowledge: Knowledge): Part | null {
  const filled = fill(part.segment.words, knowledge.slots[before.profile!.index]!, text, knowledge)
  const values = filled.calls[0] ?? {}
  if (!Object.keys(values).length) return null
  return { ...before, calls: before.calls.map((call) => ({ ...call, ...values })), unknown: before.unknown.filter((one) => !Object.hasOwn(values, one.parameter)) }
}

/** "Without a reboot", "but do not tell the customer": flags of the call that are forbidden. */
function flagsOf(before: Part, part: Part, text: string, knowledge: Knowledge): Call {
  const slots = knowledge.slots[before.profile!.index]!
  const { calls: [call = {}] } = fill(part.segment.words, slots, text, knowledge)
  return Object.fromEntries(slots.specs.filter((spec) => spec.type === 'boolean' && Object.hasOwn(call, spec.name)).map((spec) => [spec.name, false]))
}

const compatible = (calls: readonly Call[], forbidden: Call): boolean =>
  calls.every((call) => Object.entries(forbidden).every(([name, value]) => !Object.hasOwn(call, name) || JSON.stringify(call[name]) === JSON.stringify(value)))
