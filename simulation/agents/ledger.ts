/** What agents really did, kept apart from everything the service knows. */
import type { WorkRequested } from '../../src/messaging/messages.ts'

/** One start of a task's work. */
export type Execution = {
  readonly work: WorkRequested
  readonly agent: string
  readonly instance: string
  readonly startedAt: number
  /** What it gave; null: it failed, was stopped or died. */
  output: unknown
}

/** A usage of external AI that was reported with an attempt. */
export type ReportedUsage = { readonly taskId: string; readonly attempt: number; readonly tokens: number; readonly costMicroUsd: number }

export type Ledger = { readonly executions: Execution[]; readonly usages: ReportedUsage[] }

export const createLedger = (): Ledger => ({ executions: [], usages: [] })
