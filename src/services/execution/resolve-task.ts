export type ResolveTaskInput = {
  readonly taskId: string
  /** What a person found out about an OUTCOME_UNKNOWN task. */
  readonly outcome: 'SUCCEEDED' | 'FAILED'
  readonly notes: string | null
}
