/** The rules: state and event → next state, log entries, messages. Nothing else changes a status. */
import * as attemptRules from './attempt-rules.ts'
import * as decisionRules from './decision-rules.ts'
import * as dispatchRules from './dispatch-rules.ts'
import { lost } from './loss-rules.ts'
import * as personRules from './person-rules.ts'
import type { AgentEvent, PlanEvent, Refusal } from './plan-event.ts'
import type { PlanState } from './plan-state.ts'
import { isTerminalPlan } from './states.ts'
import { beginTransition, type Step, type Transition } from './transition.ts'

/**
 * Applies one event to a plan; the given state is not changed.
 * @param now ISO time of the transaction, by the database's clock
 */
export function decide(plan: PlanState, event: PlanEvent, now: string): Step | Refusal {
  const step = beginTransition(plan, now)
  return apply(plan, event, step) ?? step.finish()
}

function apply(plan: PlanState, event: PlanEvent, step: Transition): Refusal | null {
  switch (event.type) {
    case 'approve': return decisionRules.approve(plan, event, step)
    case 'record_approval': return decisionRules.recordApproval(plan, event, step)
    case 'reject': return decisionRules.reject(plan, event, step)
    case 'request_changes': return decisionRules.requestChanges(plan, event, step)
    case 'supersede': return decisionRules.supersede(plan, event, step)
    case 'expire': return decisionRules.expire(plan, step)
    case 'cancel': return decisionRules.cancel(plan, event, step)
    case 'assign': return dispatchRules.assign(plan, event, step)
    case 'wait': return dispatchRules.wait(plan, event, step)
    case 'lost': return isTerminalPlan(plan.status) ? { refused: 'no_change' } : lost(plan, event, step)
    case 'retry': return personRules.retry(plan, event, step)
    case 'resolve': return personRules.resolve(plan, event, step)
    default: return applyReport(plan, event, step)
  }
}

function applyReport(plan: PlanState, event: AgentEvent, step: Transition): Refusal | null {
  const attempt = attemptRules.fence(plan, event)
  if ('refused' in attempt) {
    return isTerminalPlan(plan.status) && attempt.refused !== 'duplicate' ? { refused: 'plan_closed' } : attempt
  }
  switch (event.type) {
    case 'accepted': return attemptRules.accepted(plan, event, step, attempt)
    case 'progressed': return attemptRules.progressed(plan, event, step, attempt)
    case 'succeeded': return attemptRules.succeeded(plan, event, step, attempt)
    case 'failed': return attemptRules.failed(plan, event, step, attempt)
    case 'stopped': return attemptRules.stopped(plan, event, step, attempt)
  }
}
