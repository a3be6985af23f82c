/** States as rows, keyed by column, for the bulk writes. */
import type { AttemptState, PlanState } from '../../lifecycle/plan-state.ts'
import type { Row } from '../recording/rows.ts'

/** The columns of `plan` that the rules change. */
export const planStateRow = ({ definition, status, approvalId, failureReason, approvedAt, startedAt, finishedAt }: PlanState): Row => ({
  id: definition.id,
  status,
  approval_id: approvalId,
  failure_reason: failureReason,
  approved_at: approvedAt,
  started_at: startedAt,
  finished_at: finishedAt,
})

/** The columns of `task` that the rules change. */
export function taskStateRow({ definition, tasks }: PlanState, order: number): Row {
  const task = tasks[order - 1]!
  return {
    id: definition.tasks[order - 1]!.id,
    status: task.status,
    attempt: task.attempt,
    attempts_allowed: task.attemptsAllowed,
    agent_id: task.agentId,
    progress: task.progress,
    output: task.output,
    failure_reason: task.failureReason,
    next_attempt_at: task.nextAttemptAt,
    dispatched_at: task.dispatchedAt,
    started_at: task.startedAt,
    finished_at: task.finishedAt,
  }
}

/** A new row of `attempt`. */
export function attemptRow({ definition }: PlanState, order: number, attempt: AttemptState, id: string): Row {
  const task = definition.tasks[order - 1]!
  return {
    id,
    plan_id: definition.id,
    agent_id: attempt.agentId,
    intent: task.intent,
    work_type: task.workType,
    dispatched_at: attempt.dispatchedAt,
    ...attemptStateRow({ definition }, order, attempt),
  }
}

/** The columns of `attempt` that the rules change, with its key. */
export const attemptStateRow = ({ definition }: Pick<PlanState, 'definition'>, order: number, attempt: AttemptState): Row => ({
  task_id: definition.tasks[order - 1]!.id,
  number: attempt.number,
  instance: attempt.instance,
  status: attempt.status,
  reason: attempt.reason,
  lease_until: attempt.leaseUntil,
  deadline_at: attempt.deadlineAt,
  started_at: attempt.startedAt,
  finished_at: attempt.finishedAt,
  progress_entries: attempt.progressEntries,
})
