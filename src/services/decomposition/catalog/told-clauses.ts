/** Clauses that belong to something told, and ask for nothing though they look like it. */
import { isPast, wishes } from './clause-role.ts'
import type { EnglishWords } from './english-words.ts'
import type { Part } from './part.ts'

const subordinating: ReadonlySet<string> = new Set(['after', 'before', 'while', 'until', 'because'])

/**
 * "B-640 squeals whenever it pulls up": what is subordinate to a statement. "They replaced a valve and say all is well": what goes on
 * behind it, where no capability covers it.
 */
export function withTold(parts: readonly Part[], english: EnglishWords): Part[] {
  return parts.map((part, at): Part => {
    const near = parts.filter((other, place) => place !== at && other.segment.sentence === part.segment.sentence)
    const told = near.length > 0 && near.every((other) => other.kind === 'background' && other.segment.clause)
    if (!told) return part
    const subordinate = part.segment.markers.some((marker) => subordinating.has(marker))
    const goesOn = part.kind === 'outOfScope' && part.segment.markers.join() === 'and' && parts[at - 1]?.kind === 'background' && parts[at - 1]!.segment.sentence === part.segment.sentence && isPast(parts[at - 1]!.segment.words, english) && !wishes(part.segment.words)
    return goesOn || subordinate && part.kind === 'call' && part.confidence < sure ? { ...part, kind: 'background', calls: [], unknown: [], candidates: [] } : part
  })
}

/** Confidence at which what is subordinate is meant all the same. */
const sure = 0.6
