/** What a decision about a plan does to it. */
import { cancelTask, closeIfDone } from './closing.ts'
import type { DecisionEvent, Refusal } from './plan-event.ts'
import type { PlanState } from './plan-state.ts'
import type { Transition } from './transition.ts'
import type { PlanStatus } from './states.ts'

type Event<T extends DecisionEvent['type']> = Extract<DecisionEvent, { type: T }>

const invalid = (status: PlanStatus, wanted: string): Refusal => ({
  refused: 'invalid_state',
  status,
  message: `A plan in state ${status} cannot be ${wanted}.`,
})

/** Approves the whole plan, or all but the skipped tasks; the caller has checked hash, policy and skips. */
export function approve(plan: PlanState, event: Event<'approve'>, step: Transition): Refusal | null {
  if (plan.status !== 'PENDING_APPROVAL') return invalid(plan.status, 'approved')
  step.setPlan({ status: 'APPROVED', approvalId: event.approvalId, approvedAt: step.now })
  step.logPlan({
    kind: 'PLAN_APPROVED',
    actor: event.actor,
    message: event.skip.length > 0 ? `Approved without tasks ${event.skip.join(', ')}.` : 'Approved.',
    detail: { contentHash: plan.definition.contentHash, notes: event.notes, skip: event.skip },
    planStatus: 'APPROVED',
    approvalId: event.approvalId,
  })
  for (const order of event.skip) {
    step.setTask(order, { status: 'SKIPPED', finishedAt: step.now })
    step.logTask(order, {
      kind: 'TASK_SKIPPED',
      actor: event.actor,
      message: `${order}. ${step.definitionOf(order).name} was left out of the approval.`,
      taskStatus: 'SKIPPED',
    })
  }
  closeIfDone(step)
  return null
}

/** One of several approvals that the policy asks for. */
export function recordApproval(plan: PlanState, event: Event<'record_approval'>, step: Transition): Refusal | null {
  if (plan.status !== 'PENDING_APPROVAL') return invalid(plan.status, 'approved')
  step.logPlan({
    kind: 'APPROVAL_RECORDED',
    actor: event.actor,
    message: `Approved; ${event.needed} more ${event.needed === 1 ? 'approval is' : 'approvals are'} needed.`,
    detail: { contentHash: plan.definition.contentHash, notes: event.notes },
    approvalId: event.approvalId,
  })
  return null
}

function endPending(
  plan: PlanState,
  step: Transition,
  status: 'REJECTED' | 'SUPERSEDED' | 'EXPIRED',
  entry: { actor: string; message: string; detail?: Record<string, unknown>; approvalId?: string },
): null {
  step.setPlan({ status, finishedAt: step.now })
  step.logPlan({ kind: `PLAN_${status}`, planStatus: status, ...entry })
  for (const { order } of plan.definition.tasks) {
    if (step.task(order).status === 'PENDING') step.setTask(order, { status: 'CANCELLED', finishedAt: step.now })
  }
  return null
}

export function reject(plan: PlanState, event: Event<'reject'>, step: Transition): Refusal | null {
  if (plan.status !== 'PENDING_APPROVAL') return invalid(plan.status, 'rejected')
  return endPending(plan, step, 'REJECTED', {
    actor: event.actor,
    message: 'Rejected.',
    detail: { contentHash: plan.definition.contentHash, notes: event.notes },
    approvalId: event.approvalId,
  })
}

export function requestChanges(plan: PlanState, event: Event<'request_changes'>, step: Transition): Refusal | null {
  // More feedback may follow the first one that nobody could make a revision of.
  if (plan.status !== 'PENDING_APPROVAL' && plan.status !== 'CHANGES_REQUESTED') return invalid(plan.status, 'sent back for changes')
  step.setPlan({ status: 'CHANGES_REQUESTED' })
  step.logPlan({
    kind: 'CHANGES_REQUESTED',
    actor: event.actor,
    message: 'Changes were requested.',
    detail: { contentHash: plan.definition.contentHash, feedback: event.feedback },
    planStatus: 'CHANGES_REQUESTED',
    approvalId: event.approvalId,
  })
  return null
}

export function supersede(plan: PlanState, event: Event<'supersede'>, step: Transition): Refusal | null {
  if (plan.status !== 'PENDING_APPROVAL' && plan.status !== 'CHANGES_REQUESTED') return invalid(plan.status, 'replaced')
  return endPending(plan, step, 'SUPERSEDED', { actor: event.actor, message: `Replaced by revision ${event.byRevision}.` })
}

export function expire(plan: PlanState, step: Transition): Refusal | null {
  if (plan.status !== 'PENDING_APPROVAL') return { refused: 'no_change' }
  return endPending(plan, step, 'EXPIRED', { actor: 'service', message: 'Nobody decided in time.' })
}

/** Cancels what has not started at once; what an agent may hold waits for its answer or the end of its lease. */
export function cancel(plan: PlanState, event: Event<'cancel'>, step: Transition): Refusal | null {
  if (plan.status === 'CANCELLING') return { refused: 'no_change' }
  const pending = plan.status === 'PENDING_APPROVAL' || plan.status === 'CHANGES_REQUESTED'
  if (!pending && plan.status !== 'APPROVED' && plan.status !== 'EXECUTING') return invalid(plan.status, 'cancelled')
  step.setPlan({ status: 'CANCELLING' })
  step.logPlan({
    kind: 'CANCEL_REQUESTED',
    actor: event.actor,
    message: event.reason ? `Cancel requested: ${event.reason}` : 'Cancel requested.',
    ...(pending ? {} : { planStatus: 'CANCELLING' as const }),
  })
  for (const { order, effect } of plan.definition.tasks) {
    const task = step.task(order)
    const attempt = task.current
    if (task.status === 'PENDING' || task.status === 'WAITING_FOR_AGENT') cancelTask(step, order, event.actor)
    if (task.status !== 'DISPATCHED' && task.status !== 'RUNNING') continue
    step.send({ type: 'cancelled', order, attempt: attempt!.number, agentName: attempt!.agentName, reason: event.reason ?? 'The plan is cancelled.' })
    // Without its grant an irreversible task has certainly not started.
    if (effect !== 'irreversible' || attempt!.status !== 'DISPATCHED') continue
    step.withdraw(order, attempt!.number)
    step.setAttempt(order, { ...attempt!, status: 'STOPPED', reason: 'cancelled', finishedAt: step.now })
    cancelTask(step, order, event.actor)
  }
  closeIfDone(step)
  return null
}
