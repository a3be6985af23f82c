/** Cancels a plan: at once what nobody holds, the rest when its agents confirm or their leases end. */
import { InvalidStateError } from '../../errors.ts'
import type { Principal } from '../../principal.ts'
import { boundedText } from '../decomposition/bounded-text.ts'
import type { PlanEngine } from '../execution/plan-engine.ts'
import type { ChangedPlan } from '../watching/read-plans.ts'

export type CancelPlanInput = { readonly planId: string; readonly reason: string | null }

export type CancelPlanDeps = { readonly engine: PlanEngine; readonly readPlan: (planId: string) => Promise<ChangedPlan> }

/** A repeat while the cancel is under way, or after it, answers the plan as it is. */
export async function cancelPlan(deps: CancelPlanDeps, principal: Principal, input: CancelPlanInput): Promise<ChangedPlan> {
  const reason = boundedText(input.reason, { path: 'reason', maximum: 2_000 })
  await deps.engine.run(input.planId, (turn) => {
    if (turn.plan().status === 'CANCELLED') return
    const step = turn.apply({ type: 'cancel', actor: `user:${principal.userId}`, reason })
    if ('refused' in step && step.refused === 'invalid_state') throw new InvalidStateError(step.message, step.status, step.status === 'EXPIRED' ? null : turn.plan().approvalId ?? turn.approvals.at(-1)?.id ?? null)
  }, { needsApprovals: true })
  return deps.readPlan(input.planId)
}
