/** Puts a new revision in the place of the latest one, under the locks of the request and of the plan it replaces. */
import type { Plan } from '../../entities/plan.ts'
import type { Request } from '../../entities/request.ts'
import { InvalidStateError, NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import { isTerminalPlan } from '../../lifecycle/states.ts'
import { readRequests } from '../decomposition/request-rows.ts'
import type { PooledAgent } from '../execution/agent-pool.ts'
import { readPlans } from '../execution/plan-store.ts'
import { emptyHead, type StreamHead } from '../recording/execution-log.ts'
import { appendLog, lockStreams, type Queryable } from '../recording/rows.ts'
import { decideUnapproved, releaseEnded } from './decide-unapproved.ts'
import type { PlanHint } from './generate-plan.ts'
import { readLatestPlans } from './plan-rows.ts'
import { proposePlans, type Proposal, type ProposalDeps } from './propose-plans.ts'
import type { QuotaLedger } from './quota-ledger.ts'

/** A request and its latest plan, while the request's stream is locked: nobody else makes a revision meanwhile. */
export type LockedRequest = {
  readonly request: Request
  readonly latest: Plan
  readonly locked: { readonly heads: ReadonlyMap<string, StreamHead>; readonly now: Date }
}

/** Locks the request of a plan and reads its latest revision. */
export async function lockRequestOfPlan(client: Queryable, plan: Pick<Plan, 'id' | 'request'>): Promise<LockedRequest> {
  const ids = [plan.request]
  const [locked, requests, plans] = await Promise.all([lockStreams(client, ids), readRequests(client, ids), readLatestPlans(client, ids)])
  const [request, latest] = [requests.get(plan.request), plans.get(plan.request)]
  if (!request || !latest) throw new NotFoundError('plan', toGlobalId('Plan', plan.id))
  return { request, latest, locked }
}

/** What the new revision is, beside its place. */
export type Replacement = Pick<Proposal, 'work' | 'changes' | 'actor'> & {
  readonly agents: readonly PooledAgent[]
  /** The plan that it revises, where that is not the latest one. */
  readonly base?: Pick<Plan, 'id'>
}

/**
 * Stores the new revision and supersedes the latest plan, unless that is over already. InvalidStateError where the
 * latest plan was decided about meanwhile.
 */
export async function replacePlan(
  deps: ProposalDeps & { readonly ledger: Pick<QuotaLedger, 'release'> },
  client: Queryable,
  { request, latest, locked: { heads, now } }: LockedRequest,
  { agents, base = latest, ...replacement }: Replacement,
): Promise<{ readonly plan: Plan; readonly hints: PlanHint[] }> {
  const revision = latest.revision + 1
  const superseded = isTerminalPlan(latest.status) ? null : await supersede(client, latest, revision, replacement.actor, now)
  if (superseded) await releaseEnded(deps, client, [latest.id], now)
  const proposal: Proposal = { ...replacement, request, revision, supersedes: base.id }
  const { stored, log, writes } = await proposePlans(deps, client, [proposal], { agents, now })
  const plan = stored[0]!.plan
  const allHeads = new Map([...heads, ...(superseded?.heads ?? []), [plan.id, emptyHead(plan.id, 'PLAN')] as const])
  const logged = appendLog(client, allHeads, [...(superseded?.log ?? []), ...log], now)
  await Promise.all([...writes, ...logged.writes])
  return { plan, hints: [...logged.moved.values()].map(hintOf) }
}

async function supersede(client: Queryable, { id }: Plan, byRevision: number, actor: string, now: Date) {
  const [{ heads }, states] = await Promise.all([lockStreams(client, [id]), readPlans(client, [id])])
  const { outcomes, log, writes } = decideUnapproved(client, states, [{ planId: id, event: { type: 'supersede', actor, byRevision } }], now)
  const outcome = outcomes.get(id)
  if (!outcome || 'refused' in outcome) {
    const state = states.get(id)
    throw new InvalidStateError('The plan was decided about meanwhile and can no longer be replaced.', state?.status ?? 'unknown', state?.approvalId ?? null)
  }
  // Awaited before the next statement: a failure that nobody awaited yet would end the process.
  await Promise.all(writes)
  return { heads, log }
}

/** The hint about a stream that moved. */
export const hintOf = ({ id, kind, sequence }: StreamHead): PlanHint => (kind === 'PLAN' ? { planId: id, sequence } : { requestId: id })
