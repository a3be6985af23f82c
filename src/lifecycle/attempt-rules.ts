/** What an agent's report does to the attempt it is about. */
import { cancelTask, closeIfDone, failTask } from './closing.ts'
import { endAttempt, outcomeUnknown, retryOrFail } from './loss-rules.ts'
import type { AgentEvent, Refusal } from './plan-event.ts'
import type { AttemptState, PlanState } from './plan-state.ts'
import type { Transition } from './transition.ts'

type Event<T extends AgentEvent['type']> = Extract<AgentEvent, { type: T }>

/** At most one progress entry a second and so many for each attempt. */
const maxProgressEntries = 100
const progressIntervalMs = 1_000

/** Failures that say something about the agent and nothing about the task: nothing was started, or it was cut short. */
const agentsFaults = ['AGENT_STOPPED', 'AGENT_BUSY', 'NOT_GRANTED', 'UNKNOWN_INTENT']
/** Failures of a granted task that was ended half-way: nobody knows what it did. */
const cutShort = ['AGENT_STOPPED', 'TIMEOUT']

/** The open attempt that the report is about, or why it is none. */
export function fence(plan: PlanState, event: AgentEvent): AttemptState | Refusal {
  const task = plan.tasks[event.order - 1]!
  const { current } = task
  if (!current || event.attempt > current.number) return { refused: 'stale_attempt' }
  if (event.attempt < current.number) return { refused: 'stale_attempt' }
  if (current.agentName !== event.agentName) return { refused: 'wrong_agent' }
  if (current.finishedAt !== null) return { refused: current.status === 'LOST' ? 'stale_attempt' : 'duplicate' }
  if (current.instance !== null && current.instance !== event.instance) return { refused: 'wrong_instance' }
  return current
}

/** The agent holds the task; an irreversible one is granted in the same transaction. */
function start(step: Transition, event: AgentEvent, attempt: AttemptState): AttemptState {
  const definition = step.definitionOf(event.order)
  const granted = definition.effect === 'irreversible'
  const started: AttemptState = {
    ...attempt,
    instance: event.instance,
    status: granted ? 'GRANTED' : 'ACCEPTED',
    startedAt: step.now,
    deadlineAt: step.later(definition.timeoutSeconds * 1_000),
  }
  step.setTask(event.order, { status: 'RUNNING', startedAt: step.task(event.order).startedAt ?? step.now, failureReason: null })
  step.logTask(event.order, {
    kind: 'TASK_STARTED',
    actor: `agent:${event.agentName}`,
    message: `${event.order}. ${definition.name} is running on ${event.agentName}.`,
    attempt: attempt.number,
    taskStatus: 'RUNNING',
  })
  if (granted) {
    step.logTask(event.order, {
      kind: 'TASK_GRANTED',
      actor: 'service',
      message: `${event.order}. ${definition.name} may start; it cannot be undone.`,
      attempt: attempt.number,
    })
    step.send({ type: 'granted', order: event.order, attempt: attempt.number, agentName: event.agentName, instance: event.instance })
  }
  return started
}

export function accepted(plan: PlanState, event: Event<'accepted'>, step: Transition, attempt: AttemptState): Refusal | null {
  if (attempt.status !== 'DISPATCHED') return { refused: 'no_change' }
  if (plan.status === 'CANCELLING' && step.definitionOf(event.order).effect === 'irreversible') return { refused: 'no_change' }
  step.setAttempt(event.order, { ...start(step, event, attempt), leaseUntil: step.later(event.leaseSeconds * 1_000) })
  return null
}

export function progressed(_plan: PlanState, event: Event<'progressed'>, step: Transition, attempt: AttemptState): Refusal | null {
  const recent = attempt.progressAt !== null && Date.parse(step.now) - Date.parse(attempt.progressAt) < progressIntervalMs
  if (attempt.progressEntries >= maxProgressEntries || recent) return { refused: 'no_change' }
  const started = attempt.status === 'DISPATCHED' ? start(step, event, attempt) : attempt
  step.setAttempt(event.order, {
    ...started,
    leaseUntil: step.later(event.leaseSeconds * 1_000),
    progressEntries: attempt.progressEntries + 1,
    progressAt: step.now,
  })
  step.setTask(event.order, { progress: event.progress })
  step.logTask(event.order, {
    kind: 'TASK_PROGRESSED',
    actor: `agent:${event.agentName}`,
    message: event.message ?? `${Math.round(event.progress * 100)} % done.`,
    detail: { progress: event.progress },
    attempt: attempt.number,
  })
  return null
}

/** An early result implies that the attempt was accepted. */
export function succeeded(plan: PlanState, event: Event<'succeeded'>, step: Transition, attempt: AttemptState): Refusal | null {
  if (plan.status === 'CANCELLING') return endCancelled(step, event, attempt)
  const { order } = event
  endAttempt(step, order, { ...attempt, instance: event.instance, startedAt: attempt.startedAt ?? step.now }, 'SUCCEEDED', null)
  step.setTask(order, {
    status: 'SUCCEEDED',
    output: event.output ?? null,
    progress: 1,
    failureReason: null,
    startedAt: step.task(order).startedAt ?? step.now,
    finishedAt: step.now,
  })
  step.logTask(order, {
    kind: 'TASK_SUCCEEDED',
    actor: `agent:${event.agentName}`,
    message: `${order}. ${step.definitionOf(order).name} is done.`,
    attempt: attempt.number,
    taskStatus: 'SUCCEEDED',
  })
  closeIfDone(step)
  return null
}

export function failed(plan: PlanState, event: Event<'failed'>, step: Transition, attempt: AttemptState): Refusal | null {
  if (plan.status === 'CANCELLING') return endCancelled(step, event, attempt)
  const reason = `${event.code}: ${event.message}`
  endAttempt(step, event.order, { ...attempt, instance: event.instance }, 'FAILED', reason)
  if (attempt.status === 'GRANTED' && cutShort.includes(event.code)) {
    outcomeUnknown(step, event.order, attempt.number, 'was ended before it was done')
    return null
  }
  // After its grant an irreversible task is never repeated by itself, whatever the agent thinks of it; unless the agent
  // gave up waiting for that grant, which then starts nothing any more.
  const retryable = event.retryable && (attempt.status !== 'GRANTED' || event.code === 'NOT_GRANTED')
  const actor = `agent:${event.agentName}`
  if (retryable) retryOrFail(step, event.order, { actor, reason, kind: 'ATTEMPT_FAILED', agentsFault: agentsFaults.includes(event.code) })
  else failTask(step, event.order, actor, reason)
  closeIfDone(step)
  return null
}

export function stopped(plan: PlanState, event: Event<'stopped'>, step: Transition, attempt: AttemptState): Refusal | null {
  const actor = `agent:${event.agentName}`
  if (event.outcome === 'ignored') {
    step.logTask(event.order, {
      kind: 'CANCEL_IGNORED',
      actor,
      message: `${event.order}. ${step.definitionOf(event.order).name} cannot be stopped; it ends by itself or with its lease.`,
      attempt: attempt.number,
    })
    return null
  }
  endAttempt(step, event.order, attempt, 'STOPPED', event.outcome)
  if (plan.status === 'CANCELLING') cancelTask(step, event.order, actor)
  else if (attempt.status === 'GRANTED') outcomeUnknown(step, event.order, attempt.number, 'was stopped by its agent')
  else retryOrFail(step, event.order, { actor, reason: 'The agent stopped the task.', kind: 'ATTEMPT_FAILED', agentsFault: true })
  closeIfDone(step)
  return null
}

/** A result of a plan that is being cancelled: the attempt is over, the result un-cancels nothing. */
function endCancelled(step: Transition, event: AgentEvent, attempt: AttemptState): null {
  endAttempt(step, event.order, { ...attempt, instance: event.instance }, 'STOPPED', `${event.type} after the cancel`)
  cancelTask(step, event.order, `agent:${event.agentName}`)
  step.keepAsEvidence('after_cancel')
  closeIfDone(step)
  return null
}
