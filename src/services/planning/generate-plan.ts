/** Makes plans for understood requests: concurrent calls share a transaction, and one request gets one open plan. */
import type pg from 'pg'
import { withTransaction } from '../../database/transaction.ts'
import type { Plan } from '../../entities/plan.ts'
import type { Request } from '../../entities/request.ts'
import type { Task } from '../../entities/task.ts'
import { InvalidStateError, NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import { isTerminalPlan } from '../../lifecycle/states.ts'
import type { Principal } from '../../principal.ts'
import { failureReason } from '../decomposition/failure-reason.ts'
import { readRequests } from '../decomposition/request-rows.ts'
import type { AgentPool } from '../execution/agent-pool.ts'
import { readPlans } from '../execution/plan-store.ts'
import { emptyHead, type StreamHead } from '../recording/execution-log.ts'
import { isolateFaults } from '../recording/isolate-faults.ts'
import { createNaturalBatch } from '../recording/natural-batch.ts'
import { appendLog, lockStreams } from '../recording/rows.ts'
import { decideUnapproved, releaseEnded } from './decide-unapproved.ts'
import type { History, HistoryReader } from './estimates.ts'
import { isInfeasible } from './feasibility.ts'
import { readLatestPlans } from './plan-rows.ts'
import { hintOf } from './replace-plan.ts'
import { proposePlans, type Proposal, type ProposalDeps, type StoredProposal } from './propose-plans.ts'
import type { QuotaLedger } from './quota-ledger.ts'
import type { ChangedPlan } from '../watching/read-plans.ts'
import { PlanningError, type WorkPlanner } from './work-planner.ts'

export type GeneratePlanInput = {
  readonly requestId: string
  /** True: a new revision even where an open plan exists (that one is superseded). */
  readonly regenerate: boolean
}

export type PlanHint = { readonly planId: string; readonly sequence: number } | { readonly requestId: string }

export type PlanGeneratorDeps = ProposalDeps & {
  readonly pool: pg.Pool
  readonly planner: WorkPlanner
  readonly history: HistoryReader
  readonly agentPool: Pick<AgentPool, 'read'>
  readonly ledger: Pick<QuotaLedger, 'release'>
  /** Called after the commit with each new plan and the number of its latest log entry. */
  readonly proposed: (plan: Plan, tasks: readonly Task[], sequence: number) => void
  /** Called after the commit with everything that changed. */
  readonly announce: (hint: PlanHint) => void
  /** Approves a plan whose risk the catalog lets be approved without a person; answers the plan afterwards. */
  readonly approveByRule: (planId: string) => Promise<ChangedPlan>
}

export type PlanGenerator = {
  /**
   * The open plan of the request if there is one, else a new one; `regenerate` replaces an open plan that nobody has
   * approved yet. A planner that fails leaves a plan in PLANNING_FAILED with the reason. Throws NotFoundError, and
   * InvalidStateError where the request is not understood or its plan is under way.
   */
  generatePlan(principal: Principal, input: GeneratePlanInput): Promise<ChangedPlan>
  /** Refuses new calls and waits for those under way. */
  stop(): Promise<void>
}

type Item = GeneratePlanInput & { readonly actor: string }
type Made = { readonly plan: ChangedPlan; readonly isNew: boolean; readonly feasible: boolean }

export function createPlanGenerator(deps: PlanGeneratorDeps): PlanGenerator {
  const batch = createNaturalBatch<Item, Made>({
    flush: isolateFaults((items: readonly Item[]) => generateAll(deps, items)),
    maxItems: 128,
    maxQueued: 4_096,
  })
  return {
    async generatePlan({ userId }, input) {
      const { plan, isNew, feasible } = await batch.submit({ ...input, actor: `user:${userId}` })
      const byRule = isNew && feasible && plan.status === 'PENDING_APPROVAL' && deps.catalog.approvalRules[plan.risk].byRule
      return byRule ? approveOrLeave(deps, plan) : plan
    },
    stop: () => batch.stop(),
  }
}

/** What no rule approves, people may: the plan stays pending. */
async function approveOrLeave({ approveByRule, logger }: PlanGeneratorDeps, plan: ChangedPlan): Promise<ChangedPlan> {
  try {
    return await approveByRule(plan.id)
  } catch (error) {
    logger.warn({ err: error, planId: plan.id }, 'approval by rule did not work; the plan waits for a person')
    return plan
  }
}

async function generateAll(deps: PlanGeneratorDeps, items: readonly Item[]): Promise<(Made | Error)[]> {
  const [history, agents] = await Promise.all([deps.history.read(), deps.agentPool.read()])
  const committed = await withTransaction(deps.pool, async (client, commit) => {
    const groups = Map.groupBy(items, (item) => item.requestId)
    const ids = [...groups.keys()]
    // All travel together; the reads see what was committed before the locks were granted.
    const [{ heads, now }, requests, latest] = await Promise.all([lockStreams(client, ids), readRequests(client, ids), readLatestPlans(client, ids)])
    const results = new Map<string, Made | Error>()
    const wanted: Wanted[] = []
    for (const [id, group] of groups) {
      const regenerate = group.some((item) => item.regenerate)
      const found = heads.has(id) ? whatToDo(id, requests.get(id), latest.get(id), regenerate) : new NotFoundError('request', toGlobalId('Request', id))
      if (found instanceof Error || 'plan' in found) results.set(id, found)
      else wanted.push({ ...found, actor: group[0]!.actor })
    }
    const replaced = await replaceOpen(client, wanted, now)
    // Before new room is reserved: what the replaced plans held counts for their successors.
    await releaseEnded(deps, client, replaced.ended, now)
    const proposals = wanted.flatMap((want): Proposal[] => {
      const refused = want.open ? replaced.refused.get(want.open.id) : undefined
      if (refused) results.set(want.request.id, refused)
      return refused ? [] : [proposalOf(deps, want, history)]
    })
    const { stored, log, writes } = await proposePlans(deps, client, proposals, { agents: [...agents.values()], now })
    const allHeads = new Map([...heads, ...replaced.heads, ...stored.map(({ plan }) => [plan.id, emptyHead(plan.id, 'PLAN')] as const)])
    const logged = appendLog(client, allHeads, [...replaced.log, ...log], now)
    await Promise.all([...writes, ...logged.writes, commit()])
    const sequenceOf = ({ plan }: StoredProposal) => logged.moved.get(plan.id)!.sequence
    for (const made of stored) results.set(made.plan.request, madeOf(made, sequenceOf(made)))
    return { results, stored, sequenceOf, moved: logged.moved }
  }, { scheduler: deps.scheduler })
  for (const made of committed.stored) deps.proposed(made.plan, made.tasks, committed.sequenceOf(made))
  for (const head of committed.moved.values()) deps.announce(hintOf(head))
  return items.map((item) => committed.results.get(item.requestId)!)
}

type Wanted = { readonly request: Request; readonly revision: number; readonly open: Plan | null; readonly actor: string }

/** An open plan is the answer unless it is to be replaced; otherwise there is something to plan. */
function whatToDo(id: string, request: Request | undefined, latest: Plan | undefined, regenerate: boolean): Omit<Wanted, 'actor'> | Made | Error {
  if (!request) return new NotFoundError('request', toGlobalId('Request', id))
  const open = latest && !isTerminalPlan(latest.status) ? latest : null
  if (open && !regenerate) return { plan: open, isNew: false, feasible: false }
  if (open && open.status !== 'PENDING_APPROVAL' && open.status !== 'CHANGES_REQUESTED') {
    return new InvalidStateError(`The plan of this request is ${open.status}. Cancel it before you plan anew.`, open.status, open.approvalId)
  }
  if (request.status !== 'PARSING_COMPLETE') {
    const advice = request.status === 'REQUIRES_CLARIFICATION' ? 'Answer its questions first.' : request.status === 'PARSING' ? 'Wait until it is read.' : 'Submit it anew.'
    return new InvalidStateError(`The request is in state ${request.status} and cannot be planned. ${advice}`, request.status)
  }
  return { request, revision: (latest?.revision ?? 0) + 1, open }
}

/** Supersedes the open plans that are to be replaced. Their streams are locked after those of the requests. */
async function replaceOpen(client: pg.PoolClient, wanted: readonly Wanted[], now: Date) {
  const events = wanted.flatMap(({ open, revision, actor }) => (open ? [{ planId: open.id, event: { type: 'supersede', actor, byRevision: revision } as const }] : []))
  if (events.length === 0) return { heads: new Map<string, StreamHead>(), refused: new Map<string, Error>(), ended: [], log: [] }
  const ids = events.map(({ planId }) => planId)
  const [{ heads }, states] = await Promise.all([lockStreams(client, ids), readPlans(client, ids)])
  const { outcomes, log, writes } = decideUnapproved(client, states, events, now)
  // Awaited before the next statement: a failure that nobody awaited yet would end the process.
  await Promise.all(writes)
  const refused = new Map([...outcomes].flatMap(([id, outcome]) => (
    'status' in outcome ? [[id, new InvalidStateError(outcome.message, outcome.status)] as const] : []
  )))
  return { heads, refused, log, ended: ids.filter((id) => !refused.has(id)) }
}

function proposalOf({ planner, logger }: PlanGeneratorDeps, { request, revision, open, actor }: Wanted, history: History): Proposal {
  const proposal = { request, revision, supersedes: open?.id ?? null, changes: open ? ['Planned anew from the request.'] : [], actor }
  try {
    return { ...proposal, work: planner(request.subtasks, history) }
  } catch (error) {
    if (!(error instanceof PlanningError)) logger.error({ err: error, requestId: request.id }, 'the planner failed')
    return { ...proposal, work: { failureReason: failureReason(error, 'The planner failed on this request. Tell the operator.') } }
  }
}

const madeOf = ({ plan, tasks }: StoredProposal, sequence: number): Made => ({ plan: { ...plan, sequence }, isNew: true, feasible: !tasks.some((task) => isInfeasible(task.feasibility)) })

