/** Entries of a list that belong to the command above it. */
import type { Knowledge } from './knowledge.ts'
import type { Part } from './part.ts'
import { fill, type Call } from './slots/fill.ts'

/** "Wash: - a - b": the entries of a list that are nothing but what the call before it lacks. */
export function withEntries(parts: readonly Part[], text: string, knowledge: Knowledge): Part[] {
  const result: Part[] = []
  let open: { at: number; spec: string; call: Call; values: unknown[] } | null = null
  for (const part of parts) {
    const before = result.at(-1)
    const missing = before?.kind === 'call' && before.calls.length === 1 ? before.profile!.capability.parameters.find((spec) => spec.required && !Object.hasOwn(before.calls[0]!, spec.name)) : undefined
    if (missing && part.segment.item && !before!.segment.item && before!.segment.imperative && part.segment.sentence === before!.segment.sentence + 1) open = { at: result.length - 1, spec: missing.name, call: before!.calls[0]!, values: [] }
    const values = open && isEntry(part) ? fill(part.segment.words, knowledge.slots[result[open.at]!.profile!.index]!, text, knowledge).calls.flatMap((call) => [call[open!.spec]].flat()).filter((value) => value !== undefined) : []
    if (!open || !values.length) {
      open = null
      result.push(part)
      continue
    }
    const { at, spec, call } = open
    open.values.push(...values)
    const list = result[at]!.profile!.capability.parameters.some(({ name, type }) => name === spec && (type === 'list' || type === 'hosts'))
    result[at] = { ...result[at]!, calls: list ? [{ ...call, [spec]: open.values }] : open.values.map((value) => ({ ...call, [spec]: value })) }
  }
  return result
}

const isEntry = ({ segment }: Part): boolean => segment.item && !segment.clause && !segment.imperative && segment.words.length <= 5 && (segment.ranking[0]?.action ?? 0) <= 0.15
