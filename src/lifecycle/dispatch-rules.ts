/** Which tasks are ready, and what routing found for them. */
import type { Refusal, RoutingEvent } from './plan-event.ts'
import type { PlanState, TaskDefinition } from './plan-state.ts'
import type { Transition } from './transition.ts'

/** True when a task may be dispatched now: approved, nobody's, its dependencies succeeded, its backoff over. */
function isReady(plan: PlanState, { order, dependsOn }: TaskDefinition, now: string): boolean {
  if (plan.status !== 'APPROVED' && plan.status !== 'EXECUTING') return false
  const task = plan.tasks[order - 1]!
  if (task.status !== 'PENDING' && task.status !== 'WAITING_FOR_AGENT') return false
  if (task.nextAttemptAt !== null && task.nextAttemptAt > now) return false
  return dependsOn.every((dependency) => plan.tasks[dependency - 1]!.status === 'SUCCEEDED')
}

/**
 * The tasks that may be dispatched now.
 * @param now ISO time of the database's clock
 */
export const readyTasks = (plan: PlanState, now: string): TaskDefinition[] =>
  plan.definition.tasks.filter((task) => isReady(plan, task, now))

/** Dispatches a ready task to the agent that routing chose. */
export function assign(plan: PlanState, event: Extract<RoutingEvent, { type: 'assign' }>, step: Transition): Refusal | null {
  if (!isReady(plan, step.definitionOf(event.order), step.now)) return { refused: 'no_change' }
  const { order, agentId, agentName } = event
  const number = step.task(order).attempt + 1
  if (plan.status === 'APPROVED') {
    step.setPlan({ status: 'EXECUTING', startedAt: step.now })
    step.logPlan({ kind: 'PLAN_STARTED', actor: 'service', message: 'The first task is on its way.', planStatus: 'EXECUTING' })
  }
  step.setAttempt(order, {
    number,
    agentId,
    agentName,
    instance: null,
    status: 'DISPATCHED',
    reason: null,
    leaseUntil: step.later(event.leaseSeconds * 1_000),
    deadlineAt: null,
    dispatchedAt: step.now,
    startedAt: null,
    finishedAt: null,
    progressEntries: 0,
    progressAt: null,
  })
  step.setTask(order, { status: 'DISPATCHED', attempt: number, agentId, nextAttemptAt: null, progress: null, dispatchedAt: step.now })
  step.logTask(order, {
    kind: 'TASK_DISPATCHED',
    actor: 'service',
    message: `${order}. ${step.definitionOf(order).name} goes to ${agentName}.`,
    attempt: number,
    taskStatus: 'DISPATCHED',
    routingDecisionId: event.routingDecisionId,
  })
  step.send({ type: 'requested', order, attempt: number, agentName })
  return null
}

/** Nobody can take a ready task now: it waits, and the log says why, once for each reason. */
export function wait(plan: PlanState, event: Extract<RoutingEvent, { type: 'wait' }>, step: Transition): Refusal | null {
  const { status, failureReason } = step.task(event.order)
  if (status === 'WAITING_FOR_AGENT' && failureReason === event.reason) return { refused: 'no_change' }
  if (!isReady(plan, step.definitionOf(event.order), step.now)) return { refused: 'no_change' }
  step.setTask(event.order, { status: 'WAITING_FOR_AGENT', failureReason: event.reason })
  step.logTask(event.order, {
    kind: 'TASK_WAITING',
    actor: 'service',
    message: `${event.order}. ${step.definitionOf(event.order).name} waits: ${event.reason}`,
    taskStatus: 'WAITING_FOR_AGENT',
    routingDecisionId: event.routingDecisionId,
  })
  return null
}
