/** The decision that sends a plan back with feedback, stored before anything is made of the feedback. */
import { withTransaction } from '../../database/transaction.ts'
import type { Plan } from '../../entities/plan.ts'
import { InvalidStateError, PlanChangedError } from '../../errors.ts'
import type { Principal } from '../../principal.ts'
import { readPlans } from '../execution/plan-store.ts'
import { appendLog, insertRows, lockStreams, type Queryable } from '../recording/rows.ts'
import { decideUnapproved, releaseEnded } from './decide-unapproved.ts'
import type { PlanHint } from './generate-plan.ts'
import { hintOf, lockRequestOfPlan } from './replace-plan.ts'
import type { RevisePlanDeps } from './revise-plan.ts'

export type SentBack = {
  /** The latest plan of the request. */
  readonly plan: Plan
  /** `again`: the same person said the same before; `answered`: and something came of it. */
  readonly standing: 'recorded' | 'again' | 'answered' | 'expired'
}

export type SendBackInput = { readonly contentHash: string | null; /** Without secrets. */ readonly feedback: string }

/** Throws PlanChangedError where another plan, revision or hash is the present one, InvalidStateError where it was decided about. */
export async function sendBack(deps: Pick<RevisePlanDeps, 'pool' | 'scheduler' | 'newId' | 'announce' | 'ledger'>, { userId }: Principal, found: Plan, { contentHash, feedback }: SendBackInput): Promise<SentBack> {
  const { id, request } = found
  const committed = await withTransaction(deps.pool, async (client): Promise<SentBack & { readonly hints: readonly PlanHint[] }> => {
    const { latest, locked: { heads: requestHeads, now: lockedAt } } = await lockRequestOfPlan(client, { id, request })
    const decision = await readLatestDecision(client, id)
    if (decision?.decision === 'CHANGES_REQUESTED' && decision.decided_by === userId && decision.notes === feedback) {
      const unanswered = latest.id === id && latest.status === 'CHANGES_REQUESTED'
      return { plan: latest, standing: unanswered ? 'again' : 'answered', hints: [] }
    }
    if (found.status === 'EXPIRED' || (latest.id === id && isExpired(latest, lockedAt))) return { plan: latest, standing: 'expired', hints: [] }
    if (latest.id !== id || (contentHash !== null && contentHash !== latest.contentHash)) throw new PlanChangedError(latest)
    const [{ heads, now }, states] = await Promise.all([lockStreams(client, [id]), readPlans(client, [id])])
    const approvalId = deps.newId()
    const event = { type: 'request_changes', actor: `user:${userId}`, approvalId, feedback } as const
    const { outcomes, log, writes } = decideUnapproved(client, states, [{ planId: id, event }], now)
    const outcome = outcomes.get(id)
    if (outcome && 'status' in outcome) throw new InvalidStateError(outcome.message, outcome.status, decision?.id ?? null)
    const approval = {
      id: approvalId, plan_id: id, content_hash: latest.contentHash, decision: 'CHANGES_REQUESTED', decided_by: userId, notes: feedback,
      accept_infeasible: false, skipped_tasks: [], by_rule: false, decided_at: now.toISOString(),
    }
    const logged = appendLog(client, new Map([...requestHeads, ...heads]), log, now)
    await Promise.all([insertRows(client, 'approval', [approval]), ...writes, ...logged.writes])
    // Nobody can approve this revision any more; the next one reserves for itself.
    await releaseEnded(deps, client, [id], now)
    return { plan: { ...latest, status: 'CHANGES_REQUESTED' }, standing: 'recorded', hints: [...logged.moved.values()].map(hintOf) }
  }, { scheduler: deps.scheduler })
  for (const hint of committed.hints) deps.announce(hint)
  return committed
}

/** True also where the time to decide is over and the sweep for due work has not come by yet. */
export const isExpired = ({ status, expiresAt }: Plan, now: Date): boolean =>
  status === 'EXPIRED' || (status === 'PENDING_APPROVAL' && !!expiresAt && expiresAt < now)

type Decision = { readonly id: string; readonly decided_by: string; readonly decision: string; readonly notes: string | null }

/** The latest decision about a plan, which led to its state unless time (EXPIRED) or a person's cancel did. */
export async function readLatestDecision(client: Queryable, planId: string): Promise<Decision | undefined> {
  const { rows } = await client.query({
    name: 'read_latest_decision', text: 'select id, decided_by, decision, notes from approval where plan_id = $1 order by decided_at desc, id desc limit 1', values: [planId],
  })
  return (rows as Decision[])[0]
}
