/** States as rows, keyed by column, for the bulk writes. */
import type { AttemptState, PlanState, TaskState } from '../../lifecycle/plan-state.ts'
import type { Row } from '../recording/rows.ts'

/** The columns of `plan` that the rules change, and those that sum up its tasks. */
export const planStateRow = ({ definition, status, approvalId, failureReason, approvedAt, startedAt, finishedAt, tasks }: PlanState): Row => ({
  id: definition.id,
  status,
  approval_id: approvalId,
  failure_reason: failureReason,
  approved_at: approvedAt,
  started_at: startedAt,
  finished_at: finishedAt,
  waiting_tasks: tasks.reduce((sum, task) => sum + (task.status === 'WAITING_FOR_AGENT' ? 1 : 0), 0),
  next_retry_at: tasks.reduce(earlierRetry, null),
})

/** ISO times of one form compare as text. */
const earlierRetry = (earliest: string | null, { status, nextAttemptAt }: TaskState): string | null =>
  status === 'PENDING' && nextAttemptAt !== null && (earliest === null || nextAttemptAt < earliest) ? nextAttemptAt : earliest

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
