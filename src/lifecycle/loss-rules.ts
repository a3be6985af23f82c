/** Attempts that end without a result, and what comes after them. */
import { cancelTask, closeIfDone, failTask } from './closing.ts'
import type { LossReason, Refusal, TaskEvent } from './plan-event.ts'
import type { AttemptState, PlanState } from './plan-state.ts'
import type { AttemptStatus } from './states.ts'
import type { Transition } from './transition.ts'

/** Backoff before attempt n + 1: 0.5 s, 1 s, 2 s … at most 30 s; jitter by task so that a crowd spreads out. */
const firstBackoffMs = 500
const maxBackoffMs = 30_000
/** Attempts lost through no fault of the task (a dead agent) that do not count against its tries. */
const lossAllowance = 10

/** Closes an attempt with its outcome. */
export function endAttempt(step: Transition, order: number, attempt: AttemptState, status: AttemptStatus, reason: string | null): void {
  step.setAttempt(order, { ...attempt, status, reason, finishedAt: step.now })
}

/** A number in 0..1 that is the same for the same task and attempt, so that a replay decides the same. */
function spread(id: string, attempt: number): number {
  return ((Number.parseInt(id.slice(-6), 16) + attempt * 7_919) % 1_000) / 1_000
}

/** Sends the task back for another attempt after a backoff, or fails it when its tries are used up. */
export function retryOrFail(
  step: Transition,
  order: number,
  cause: { actor: string; reason: string; kind: 'ATTEMPT_FAILED' | 'ATTEMPT_LOST'; agentsFault: boolean },
): void {
  const task = step.task(order)
  const { id, name, maxAttempts } = step.definitionOf(order)
  const ceiling = maxAttempts + lossAllowance
  const attemptsAllowed = cause.agentsFault ? Math.max(task.attemptsAllowed, Math.min(task.attemptsAllowed + 1, ceiling)) : task.attemptsAllowed
  if (task.attempt >= attemptsAllowed) {
    failTask(step, order, cause.actor, cause.reason)
    return
  }
  const backoff = Math.min(maxBackoffMs, firstBackoffMs * 2 ** (task.attempt - 1)) * (0.5 + spread(id, task.attempt) / 2)
  step.setTask(order, { status: 'PENDING', attemptsAllowed, progress: null, failureReason: cause.reason, nextAttemptAt: step.later(backoff) })
  step.logTask(order, {
    kind: cause.kind,
    actor: cause.actor,
    message: `Attempt ${task.attempt} of ${order}. ${name} ended (${cause.reason}); another one follows.`,
    attempt: task.attempt,
    taskStatus: 'PENDING',
  })
}

const lossMessages: Record<LossReason, string> = {
  lease_expired: 'the agent was not heard of for a whole lease',
  timeout: 'it took longer than its timeout',
  agent_restarted: 'the agent restarted',
  undeliverable: 'the broker has no queue for the agent',
}

/** Nobody will report about this attempt any more, or nobody may. */
export function lost(plan: PlanState, event: Extract<TaskEvent, { type: 'lost' }>, step: Transition): Refusal | null {
  const { order, reason } = event
  const attempt = step.task(order).current
  if (!attempt || attempt.number !== event.attempt || attempt.finishedAt !== null) return { refused: 'no_change' }
  const message = lossMessages[reason]
  endAttempt(step, order, attempt, 'LOST', message)
  if (attempt.status === 'DISPATCHED') step.withdraw(order, attempt.number)
  // Whoever still works on it, or comes back with it, is told to stop.
  if (reason !== 'undeliverable') step.send({ type: 'cancelled', order, attempt: attempt.number, agentName: attempt.agentName, reason: message })
  if (attempt.status === 'GRANTED') {
    outcomeUnknown(step, order, attempt.number, message)
    return null
  }
  if (plan.status === 'CANCELLING') cancelTask(step, order, 'service')
  else retryOrFail(step, order, { actor: 'service', reason: message, kind: 'ATTEMPT_LOST', agentsFault: reason !== 'timeout' })
  closeIfDone(step)
  return null
}

/** An irreversible task was started and nobody knows how it ended: a person has to find out. */
export function outcomeUnknown(step: Transition, order: number, attempt: number, reason: string): void {
  step.setTask(order, { status: 'OUTCOME_UNKNOWN', failureReason: reason })
  step.logTask(order, {
    kind: 'OUTCOME_UNKNOWN',
    actor: 'service',
    message: `${order}. ${step.definitionOf(order).name} was started and ${reason}: find out what happened and resolve the task.`,
    attempt,
    taskStatus: 'OUTCOME_UNKNOWN',
  })
}
