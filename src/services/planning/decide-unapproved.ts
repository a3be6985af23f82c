/** Applies a decision to locked plans by the lifecycle rules and writes back what it changed. */
import type { PlanEvent, Refusal } from '../../lifecycle/plan-event.ts'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import type { PlanState } from '../../lifecycle/plan-state.ts'
import { decide } from '../../lifecycle/decide.ts'
import type { Step } from '../../lifecycle/transition.ts'
import { planStateRow, taskStateRow } from '../execution/state-rows.ts'
import { updateRows, type Queryable } from '../recording/rows.ts'
import { planReservation } from './external-ai-fallback.ts'
import type { QuotaLedger } from './quota-ledger.ts'

/** The same steps with what they leave to log and to await. */
export type Decided = { readonly outcomes: ReadonlyMap<string, Step | Refusal>; readonly log: readonly LogDraft[]; readonly writes: readonly Promise<void>[] }

/**
 * Decides about each plan at most once and begins to write the new states; refused events change nothing. Only for
 * events before an approval: they open no attempt and send no message.
 * @param states plans whose streams are locked, as read after the lock
 */
export function decideUnapproved(
  client: Queryable,
  states: ReadonlyMap<string, PlanState>,
  events: readonly { readonly planId: string; readonly event: PlanEvent }[],
  now: Date,
): Decided {
  const outcomes = new Map(events.flatMap(({ planId, event }) => {
    const state = states.get(planId)
    return state ? [[planId, decide(state, event, now.toISOString())] as const] : []
  }))
  const steps = [...outcomes.values()].filter((outcome) => 'plan' in outcome)
  return {
    outcomes,
    log: steps.flatMap((step) => step.log),
    writes: [
      updateRows(client, 'plan', steps.map((step) => planStateRow(step.plan))),
      updateRows(client, 'task', steps.flatMap((step) => [...step.tasks].map((order) => taskStateRow(step.plan, order)))),
    ],
  }
}

/** Returns the room in the quota that plans which ended here had reserved. */
export async function releaseEnded({ ledger }: { ledger: Pick<QuotaLedger, 'release'> }, client: Queryable, planIds: readonly string[], now: Date): Promise<void> {
  if (planIds.length > 0) await ledger.release(client, planIds.map(planReservation), now)
}
