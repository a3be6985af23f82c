/** A plan that was just proposed, as the rules see it. */
import type { Plan } from '../../entities/plan.ts'
import type { Task } from '../../entities/task.ts'
import { dependentsOf, type PlanState, type TaskDefinition, type TaskState } from '../../lifecycle/plan-state.ts'

const iso = (value: Date | null | undefined): string | null => value?.toISOString() ?? null

/** @param tasks all of the plan's, in order; none of them was dispatched yet */
export function stateOfProposed(plan: Plan, tasks: readonly Task[]): PlanState {
  const definitions = tasks.map(definitionOf)
  return {
    definition: {
      id: plan.id, requestId: plan.request, revision: plan.revision, contentHash: plan.contentHash, submittedBy: plan.submittedBy,
      willUseExternalAi: plan.willUseExternalAi, expiresAt: iso(plan.expiresAt), tasks: definitions, dependents: dependentsOf(definitions),
    },
    status: plan.status, approvalId: plan.approvalId ?? null, failureReason: plan.failureReason ?? null,
    approvedAt: iso(plan.approvedAt), startedAt: iso(plan.startedAt), finishedAt: iso(plan.finishedAt), tasks: tasks.map(stateOf),
  }
}

const definitionOf = (task: Task): TaskDefinition => ({
  id: task.id, order: task.order, name: task.name, intent: task.intent, workType: task.workType, agentType: task.agentType,
  parameters: task.parameters, dependsOn: task.dependsOn, effect: task.effect, requires: task.requires, sameAgent: task.sameAgent,
  timeoutSeconds: task.timeoutSeconds, maxAttempts: task.maxAttempts, useExternalAi: task.useExternalAi,
  capabilityDigest: task.capabilityDigest,
})

const stateOf = (task: Task): TaskState => ({
  status: task.status, attempt: task.attempt, attemptsAllowed: task.attemptsAllowed, agentId: task.agentId ?? null,
  progress: task.progress ?? null, output: task.output ?? null, failureReason: task.failureReason ?? null, nextAttemptAt: iso(task.nextAttemptAt), dispatchedAt: iso(task.dispatchedAt),
  startedAt: iso(task.startedAt), finishedAt: iso(task.finishedAt), current: null,
})

const date = (value: string | null): Date | null => (value === null ? null : new Date(value))

/** The row of a plan, with the columns that the rules change as they are in `state`. */
export const planIn = (plan: Plan, { status, approvalId, failureReason, approvedAt, startedAt, finishedAt }: PlanState): Plan => ({
  ...plan, status, approvalId, failureReason, approvedAt: date(approvedAt), startedAt: date(startedAt), finishedAt: date(finishedAt),
})

/** The row of a task, with the columns that the rules change as they are in `state`. */
export const taskIn = (task: Task, state: TaskState): Task => ({
  ...task, status: state.status, attempt: state.attempt, attemptsAllowed: state.attemptsAllowed, agentId: state.agentId, progress: state.progress,
  output: state.output, failureReason: state.failureReason, nextAttemptAt: date(state.nextAttemptAt), dispatchedAt: date(state.dispatchedAt),
  startedAt: date(state.startedAt), finishedAt: date(state.finishedAt),
})
