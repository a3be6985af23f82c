export type ApprovePlanInput = {
  readonly planId: string
  readonly approved: boolean
  /** Where given it must equal the plan's hash, else PlanChangedError. */
  readonly contentHash: string | null
  readonly acceptInfeasible: boolean
  /** At most 10,000 code points. */
  readonly notes: string | null
  /** Ids of tasks left out; what depends on them must be named too. */
  readonly skip: readonly string[]
}
