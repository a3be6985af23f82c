/** A plan as the rules see it: its definition, which never changes, and its state, which only the rules change. */
import type { Effect, ResourceRequirements } from '../catalog/capability.ts'
import type { AttemptStatus, PlanStatus, TaskStatus } from './states.ts'

export type TaskDefinition = {
  readonly id: string
  /** 1-based position; the index in `tasks` plus one. */
  readonly order: number
  readonly name: string
  readonly intent: string
  readonly workType: string
  readonly agentType: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly dependsOn: readonly number[]
  readonly effect: Effect
  readonly requires: ResourceRequirements
  readonly sameAgent: boolean
  readonly timeoutSeconds: number
  readonly maxAttempts: number
  readonly useExternalAi: boolean
  readonly capabilityDigest: string
}

export type PlanDefinition = {
  readonly id: string
  readonly requestId: string
  readonly revision: number
  readonly contentHash: string
  readonly submittedBy: string
  readonly willUseExternalAi: boolean
  /** ISO time after which nobody may decide about it any more; null: never. */
  readonly expiresAt: string | null
  readonly tasks: readonly TaskDefinition[]
  /** By index of `tasks`: orders of the tasks that directly depend on it. */
  readonly dependents: readonly (readonly number[])[]
}

/** The latest attempt of a task. Times are ISO 8601, UTC, of the database's clock. */
export type AttemptState = {
  readonly number: number
  readonly agentId: string
  readonly agentName: string
  readonly instance: string | null
  readonly status: AttemptStatus
  readonly reason: string | null
  readonly leaseUntil: string
  readonly deadlineAt: string | null
  readonly dispatchedAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly progressEntries: number
  /** Time of the latest progress entry; not stored, so that a restart may allow one entry early. */
  readonly progressAt: string | null
}

export type TaskState = {
  readonly status: TaskStatus
  readonly attempt: number
  readonly attemptsAllowed: number
  readonly agentId: string | null
  readonly progress: number | null
  readonly output: unknown
  readonly failureReason: string | null
  readonly nextAttemptAt: string | null
  readonly dispatchedAt: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly current: AttemptState | null
}

export type PlanState = {
  readonly definition: PlanDefinition
  readonly status: PlanStatus
  readonly approvalId: string | null
  readonly failureReason: string | null
  readonly approvedAt: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  /** By index of `definition.tasks`. */
  readonly tasks: readonly TaskState[]
}

/** Orders of the tasks that directly depend on each task, by index. */
export function dependentsOf(tasks: readonly Pick<TaskDefinition, 'order' | 'dependsOn'>[]): number[][] {
  const dependents: number[][] = tasks.map(() => [])
  for (const task of tasks) for (const order of task.dependsOn) dependents[order - 1]!.push(task.order)
  return dependents
}
