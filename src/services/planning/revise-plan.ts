import type { Effect, ResourceRequirements } from '../../catalog/capability.ts'

/** One change to a plan; exactly one member is set. Tasks are named by their order in the plan being revised. */
export type PlanEdit = {
  readonly setParameters?: { readonly task: number; readonly parameters: Readonly<Record<string, unknown>>; readonly unset?: readonly string[] } | null
  /** `before`: position it takes; appended where absent. */
  readonly addTask?: { readonly intent: string; readonly parameters: Readonly<Record<string, unknown>>; readonly dependsOn?: readonly number[]; readonly before?: number | null } | null
  readonly removeTask?: { readonly task: number } | null
  /** All orders of the plan, in their new sequence. */
  readonly reorder?: { readonly tasks: readonly number[] } | null
  readonly setDependencies?: { readonly task: number; readonly dependsOn: readonly number[] } | null
  readonly setAgentType?: { readonly task: number; readonly agentType: string } | null
  readonly setLimits?: { readonly task: number; readonly timeoutSeconds?: number | null; readonly maxAttempts?: number | null; readonly requires?: ResourceRequirements | null; readonly effect?: Effect | null } | null
}

export type RevisePlanInput = {
  readonly planId: string
  /** The revision the caller read; another present one is PlanChangedError. */
  readonly expectedRevision: number
  /** 1 to 200; may be empty only for a FAILED plan (its succeeded tasks are kept as done). */
  readonly edits: readonly PlanEdit[]
}
