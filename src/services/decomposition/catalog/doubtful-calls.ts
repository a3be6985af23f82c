/** Calls that are little likely and lack what they need, beside others that are complete. */
import type { Part } from './part.ts'

/**
 * Below this confidence a call that lacks a required value and stands beside complete ones was right in one of seven requests;
 * alone it may be all that is asked for, and a question is due.
 */
const doubtful = 0.6

/** Takes such calls for something told, unless they are commands. */
export function withoutDoubtful(parts: readonly Part[]): Part[] {
  const whole = (part: Part): boolean => part.kind === 'call' && part.calls.every((call) => part.profile!.capability.parameters.every((spec) => !spec.required || Object.hasOwn(call, spec.name)))
  if (!parts.some((part) => whole(part) && part.confidence >= doubtful)) return [...parts]
  return parts.map((part): Part => {
    if (part.kind !== 'call' || part.segment.imperative || part.confidence >= doubtful || whole(part) || part.elliptic) return part
    return { ...part, kind: 'background', calls: [], unknown: [], candidates: [] }
  })
}
