/** What a person may do about a task of a running plan. */
import { closeIfDone, failTask } from './closing.ts'
import type { Refusal, TaskEvent } from './plan-event.ts'
import type { PlanState } from './plan-state.ts'
import type { Transition } from './transition.ts'

type Event<T extends TaskEvent['type']> = Extract<TaskEvent, { type: T }>

/** Gives a failed task new tries; what was skipped because of it waits for it again. */
export function retry(plan: PlanState, event: Event<'retry'>, step: Transition): Refusal | null {
  if (plan.status !== 'EXECUTING') {
    const hint = plan.status === 'FAILED' ? ' Revise the plan: its succeeded tasks are kept.' : ''
    return { refused: 'invalid_state', status: plan.status, message: `Tasks of a plan in state ${plan.status} cannot be retried.${hint}` }
  }
  const task = step.task(event.order)
  if (task.status !== 'FAILED') {
    return { refused: 'invalid_state', status: plan.status, message: `Only a failed task can be retried; this one is ${task.status}.` }
  }
  const definition = step.definitionOf(event.order)
  step.setTask(event.order, {
    status: 'PENDING',
    attemptsAllowed: task.attempt + definition.maxAttempts,
    failureReason: null,
    finishedAt: null,
    nextAttemptAt: null,
    progress: null,
  })
  step.logTask(event.order, {
    kind: 'TASK_RETRIED',
    actor: event.actor,
    message: `${event.order}. ${definition.name} is tried again.`,
    taskStatus: 'PENDING',
  })
  reopenDependents(step, event.order, event.actor)
  return null
}

function reopenDependents(step: Transition, order: number, actor: string): void {
  for (const dependent of step.definition.dependents[order - 1]!) {
    const { name, dependsOn } = step.definitionOf(dependent)
    // A task left out by the approval has no failure behind it and stays skipped.
    if (step.task(dependent).status !== 'SKIPPED' || step.task(dependent).failureReason === null) continue
    if (dependsOn.some((other) => ['FAILED', 'SKIPPED', 'CANCELLED'].includes(step.task(other).status))) continue
    step.setTask(dependent, { status: 'PENDING', failureReason: null, finishedAt: null })
    step.logTask(dependent, { kind: 'TASK_RETRIED', actor, message: `${dependent}. ${name} is open again.`, taskStatus: 'PENDING' })
    reopenDependents(step, dependent, actor)
  }
}

/** A person found out what became of an irreversible task. */
export function resolve(plan: PlanState, event: Event<'resolve'>, step: Transition): Refusal | null {
  const task = step.task(event.order)
  if (task.status !== 'OUTCOME_UNKNOWN') {
    return { refused: 'invalid_state', status: plan.status, message: `Only a task with an unknown outcome can be resolved; this one is ${task.status}.` }
  }
  const { name } = step.definitionOf(event.order)
  step.logTask(event.order, {
    kind: 'OUTCOME_RESOLVED',
    actor: event.actor,
    message: `${event.order}. ${name} was found to have ${event.outcome === 'SUCCEEDED' ? 'succeeded' : 'failed'}.`,
    detail: { outcome: event.outcome, notes: event.notes },
    attempt: task.attempt,
    ...(event.outcome === 'SUCCEEDED' ? { taskStatus: 'SUCCEEDED' as const } : {}),
  })
  if (event.outcome === 'SUCCEEDED') step.setTask(event.order, { status: 'SUCCEEDED', failureReason: null, progress: 1, finishedAt: step.now })
  else failTask(step, event.order, event.actor, event.notes ?? 'Found to have failed.')
  closeIfDone(step)
  return null
}
