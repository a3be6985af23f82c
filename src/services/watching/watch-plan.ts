import type { ExecutionLogEntry } from '../../entities/execution-log-entry.ts'

export type WatchPlanInput = {
  readonly planId: string
  /** Replay every entry after this number, then go on live; null: begin with the present state. */
  readonly afterSequence: number | null
}

/** One event of a plan's stream: `entry` is null on the first event of a watch without `afterSequence`. */
export type PlanStatusEvent = {
  readonly planId: string
  readonly sequence: number
  readonly entry: ExecutionLogEntry | null
  readonly changedTaskIds: readonly string[]
}
