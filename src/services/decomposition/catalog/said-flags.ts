/** "…, and it's urgent": a flag of the call before, said by itself. */
import type { Knowledge } from './knowledge.ts'
import type { Part } from './part.ts'
import { booleanOf } from './slots/flags.ts'

/** Words of a clause that says nothing else. */
const longest = 6

export function withFlags(parts: readonly Part[], knowledge: Knowledge): Part[] {
  return parts.map((part, at): Part => {
    const next = parts[at + 1]
    if (part.kind !== 'call' || !next || next.kind !== 'background' || next.segment.sentence - part.segment.sentence > 1) return part
    const words = next.segment.words.filter((word) => word.kind !== 'punct')
    if (words.length > longest || words.some((word) => word.kind === 'entity' || word.name)) return part
    const said = knowledge.slots[part.profile!.index]!.flags.flatMap((flag) => {
      const value = part.calls.some((call) => Object.hasOwn(call, flag.name)) ? undefined : booleanOf(words, flag, knowledge)?.value
      return value === undefined ? [] : [[flag.name, value] as const]
    })
    return said.length ? { ...part, calls: part.calls.map((call) => ({ ...call, ...Object.fromEntries(said) })) } : part
  })
}
