import type { ExecutionLogKind, PlanStatus, StreamKind, TaskStatus } from './states.ts'

/** What is to be logged; number, time and hash come with the transaction. */
export type LogDraft = {
  readonly stream: string
  readonly streamKind: StreamKind
  readonly kind: ExecutionLogKind
  /** `user:<id>`, `agent:<name>`, `service` or `rule:<name>`. */
  readonly actor: string
  readonly message: string
  readonly detail?: Readonly<Record<string, unknown>>
  readonly taskId?: string
  readonly attempt?: number
  readonly planStatus?: PlanStatus
  readonly taskStatus?: TaskStatus
  readonly approvalId?: string
  readonly routingDecisionId?: string
  readonly fallbackDecisionId?: string
}
