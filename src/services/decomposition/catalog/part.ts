import type { Call, UnknownValue } from './slots/fill.ts'
import type { Profile } from './profile.ts'
import type { Segment } from './segment.ts'

/** One clause as it was understood. */
export type Part = {
  readonly segment: Segment
  readonly kind: 'call' | 'outOfScope' | 'unclear' | 'background' | 'forbidden' | 'condition'
  readonly profile: Profile | null
  /** Calls of the capability; several where a scalar parameter has several values. */
  readonly calls: Call[]
  readonly unknown: readonly UnknownValue[]
  readonly confidence: number
  /** Leaves out what was said before. */
  readonly elliptic?: boolean
  /** For a condition: where the call begins that it speaks of. */
  readonly refersTo?: number
  /** For an unclear part: capabilities that fit equally well. */
  readonly candidates: readonly Profile[]
}
