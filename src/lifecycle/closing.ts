/** How tasks end, what that means for those that depend on them, and when a plan is over. */
import type { Transition } from './transition.ts'
import { isClosedTask } from './states.ts'

/** Ends the plan once no task is open: any failed → FAILED, cancel asked → CANCELLED, else COMPLETED. */
export function closeIfDone(step: Transition): void {
  const { tasks } = step.definition
  // From behind: what is still open is mostly there.
  for (let order = tasks.length; order > 0; order--) if (!isClosedTask(step.task(order).status)) return
  const failed = tasks.filter(({ order }) => step.task(order).status === 'FAILED').length
  const status = failed > 0 ? 'FAILED' : step.status === 'CANCELLING' ? 'CANCELLED' : 'COMPLETED'
  const failureReason = failed > 0 ? `${failed} of ${tasks.length} tasks failed.` : null
  step.setPlan({ status, finishedAt: step.now, failureReason })
  step.logPlan({
    kind: `PLAN_${status}`,
    actor: 'service',
    message: failureReason ?? (status === 'COMPLETED' ? 'All tasks are done.' : 'The plan was cancelled.'),
    planStatus: status,
  })
}

/** Fails a task for good and skips everything that depends on it, directly or not. */
export function failTask(step: Transition, order: number, actor: string, reason: string): void {
  step.setTask(order, { status: 'FAILED', failureReason: reason, finishedAt: step.now, nextAttemptAt: null })
  step.logTask(order, {
    kind: 'TASK_FAILED',
    actor,
    message: `${order}. ${step.definitionOf(order).name} failed: ${reason}`,
    attempt: step.task(order).attempt,
    taskStatus: 'FAILED',
  })
  const queue = [order]
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const dependent of step.definition.dependents[at - 1]!) {
      const { status } = step.task(dependent)
      if (status !== 'PENDING' && status !== 'WAITING_FOR_AGENT') continue
      const skipReason = `${order}. ${step.definitionOf(order).name} failed`
      step.setTask(dependent, { status: 'SKIPPED', failureReason: skipReason, finishedAt: step.now })
      step.logTask(dependent, {
        kind: 'TASK_SKIPPED',
        actor: 'service',
        message: `${dependent}. ${step.definitionOf(dependent).name} is skipped because ${skipReason}.`,
        taskStatus: 'SKIPPED',
      })
      queue.push(dependent)
    }
  }
}

/** Cancels a task that nobody holds (any more). */
export function cancelTask(step: Transition, order: number, actor: string): void {
  step.setTask(order, { status: 'CANCELLED', finishedAt: step.now, nextAttemptAt: null })
  step.logTask(order, {
    kind: 'TASK_CANCELLED',
    actor,
    message: `${order}. ${step.definitionOf(order).name} is cancelled.`,
    attempt: step.task(order).attempt || undefined,
    taskStatus: 'CANCELLED',
  })
}
