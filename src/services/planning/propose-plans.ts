/** From planned work to plans as stored: identity, feasibility, the decision about external AI, hash and log entries. */
import { DatabaseError } from 'pg'
import type { Catalog } from '../../catalog/capability.ts'
import { isTransient } from '../../database/database-errors.ts'
import type { Plan } from '../../entities/plan.ts'
import type { Request } from '../../entities/request.ts'
import type { Feasibility, Task } from '../../entities/task.ts'
import { toGlobalId } from '../../global-id.ts'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import type { Logger } from '../../logger.ts'
import type { Scheduler } from '../../scheduler.ts'
import type { ParameterCheck } from '../decomposition/parameter-check.ts'
import type { PooledAgent } from '../execution/agent-pool.ts'
import { insertRows, type Queryable } from '../recording/rows.ts'
import { contentHash } from './content-hash.ts'
import type { ExternalAiFallback, FallbackAnswer } from './external-ai-fallback.ts'
import { judgeFeasibility } from './feasibility.ts'
import type { OccupancyReader } from './occupancy.ts'
import { planRow, taskRow } from './plan-rows.ts'
import type { PlannedTask, WorkPlan } from './work-planner.ts'

/** A plan to be stored: planned work, or the reason why there is none. */
export type Proposal = {
  readonly request: Pick<Request, 'id' | 'submittedBy'>
  readonly revision: number
  readonly supersedes: string | null
  /** What differs from the revision before, readable. */
  readonly changes: readonly string[]
  readonly actor: string
  readonly work: WorkPlan | { readonly failureReason: string }
}

export type ProposalDeps = {
  readonly catalog: Catalog
  readonly fallback: Pick<ExternalAiFallback, 'decideAll'>
  readonly occupancy: OccupancyReader
  readonly checkParameters: ParameterCheck
  readonly logger: Logger
  readonly scheduler: Scheduler
  readonly newId: () => string
  /** A pending plan expires after so many hours unless the approval rule says otherwise; 0: never. */
  readonly planExpiresHours: number
}

export type StoredProposal = { readonly plan: Plan; readonly tasks: readonly Task[] }

/**
 * Decides about external AI for all proposals, then begins to write plans, tasks and decisions. The caller appends
 * `log` (streams of plans and requests) and awaits `writes` in the same transaction.
 */
export async function proposePlans(
  deps: ProposalDeps,
  client: Queryable,
  proposals: readonly Proposal[],
  { agents, now }: Fleet,
): Promise<{ readonly stored: StoredProposal[]; readonly log: LogDraft[]; readonly writes: Promise<void>[] }> {
  const withIds = proposals.map((proposal) => ({ ...proposal, id: deps.newId() }))
  const feasibilities = await judgeAll(deps, client, withIds.flatMap(({ work }) => ('failureReason' in work ? [] : work.tasks)), { agents, now })
  const decisions = await decideAboutExternalAi(deps, client, withIds, now)
  const stored = withIds.map((proposal) => {
    const answer = decisions.get(proposal.id)
    const useExternalAi = answer instanceof Error || !answer ? false : answer.useExternalAi
    const tasks = 'failureReason' in proposal.work ? [] : proposal.work.tasks.map((task) => (
      toTask(deps, proposal.id, task, useExternalAi && !task.carried, feasibilities.get(task)!)
    ))
    return { plan: toPlan(deps, proposal, tasks, useExternalAi, now), tasks }
  })
  const log = withIds.flatMap((proposal, index) => logOf(proposal, stored[index]!, decisions.get(proposal.id)))
  return {
    stored,
    log,
    writes: [
      insertRows(client, 'plan', stored.map(({ plan }) => planRow(plan))),
      insertRows(client, 'task', stored.flatMap(({ tasks }) => tasks.map(taskRow))),
      insertRows(client, 'fallback_decision', [...decisions.values()].flatMap((answer) => (answer instanceof Error ? [] : [answer.row]))),
    ],
  }
}

type Identified = Proposal & { readonly id: string }

type Fleet = { readonly agents: readonly PooledAgent[]; readonly now: Date }

/** What the agents are at is read only where somebody has to wait for them. */
async function judgeAll({ catalog, checkParameters, occupancy }: ProposalDeps, client: Queryable, tasks: readonly PlannedTask[], fleet: Fleet): Promise<Map<PlannedTask, Feasibility>> {
  const context = { catalog, checkParameters, ...fleet }
  const judged = new Map(tasks.map((task) => [task, judgeFeasibility(task, context)]))
  const busy = tasks.filter((task) => judged.get(task)!.status === 'BUSY')
  if (busy.length === 0) return judged
  const occupied = { ...context, occupancy: await occupancy.read(client) }
  return new Map([...judged, ...busy.map((task) => [task, judgeFeasibility(task, occupied)] as const)])
}

/** By plan; a check that failed is an Error and holds up nothing. */
async function decideAboutExternalAi(
  { fallback, logger }: ProposalDeps,
  client: Queryable,
  proposals: readonly Identified[],
  now: Date,
): Promise<Map<string, FallbackAnswer | Error>> {
  const questions = proposals.flatMap(({ id, request, work }) => ('failureReason' in work ? [] : [{
    planId: id,
    requestId: request.id,
    userId: request.submittedBy,
    complexity: work.complexity,
    confidence: work.confidence,
    tasks: work.tasks.filter((task) => !task.carried),
  }]))
  if (questions.length === 0) return new Map()
  try {
    const answers = await fallback.decideAll(client, questions, now)
    for (const { failure } of answers) if (failure) logger.warn({ err: failure }, 'the quota could not be checked')
    return new Map(questions.map(({ planId }, index) => [planId, answers[index]!]))
  } catch (error) {
    if (isOfDatabase(error)) throw error
    logger.warn({ err: error }, 'the decision about external AI failed')
    const failure = error instanceof Error ? error : new Error(String(error))
    return new Map(questions.map(({ planId }) => [planId, failure]))
  }
}

/** An error of a statement has ended the transaction; only its caller can begin again. */
const isOfDatabase = (error: unknown): boolean => error instanceof DatabaseError || isTransient(error)

function toTask({ newId }: ProposalDeps, plan: string, { carried, ...task }: PlannedTask, useExternalAi: boolean, feasibility: Task['feasibility']): Task {
  return {
    ...task,
    id: newId(),
    plan,
    useExternalAi,
    feasibility: carried ? { ...feasibility, status: 'READY', reason: 'Already done.', minutes: null } : feasibility,
    status: carried ? 'SUCCEEDED' : 'PENDING',
    attempt: 0,
    attemptsAllowed: task.maxAttempts,
    agentId: carried?.agentId ?? null,
    progress: carried ? 1 : null,
    output: carried?.output ?? null,
    failureReason: null,
    carriedFrom: carried?.id ?? null,
    nextAttemptAt: null,
    dispatchedAt: carried?.dispatchedAt ?? null,
    startedAt: carried?.startedAt ?? null,
    finishedAt: carried?.finishedAt ?? null,
  }
}

function toPlan(deps: ProposalDeps, proposal: Identified, tasks: readonly Task[], willUseExternalAi: boolean, now: Date): Plan {
  const { id, request, revision, supersedes, changes, work } = proposal
  const failed = 'failureReason' in work
  const risk = failed ? 'low' : work.risk
  const hours = deps.catalog.approvalRules[risk].expiresAfterHours ?? deps.planExpiresHours
  return {
    id,
    request: request.id,
    submittedBy: request.submittedBy,
    revision,
    contentHash: contentHash(tasks),
    status: failed ? 'PLANNING_FAILED' : 'PENDING_APPROVAL',
    complexity: failed ? 'SIMPLE' : work.complexity,
    willUseExternalAi,
    summary: failed ? '' : work.summary,
    estimatedMinutes: failed ? 0 : work.estimatedMinutes,
    failureReason: failed ? work.failureReason : null,
    supersedes,
    changes,
    risk,
    approvalId: null,
    expiresAt: failed || hours === 0 ? null : new Date(now.getTime() + hours * 3_600_000),
    createdAt: now,
    approvedAt: null,
    startedAt: null,
    finishedAt: failed ? now : null,
    waitingTasks: 0,
    nextRetryAt: null,
  }
}

function logOf({ actor, request, changes }: Identified, { plan, tasks }: StoredProposal, decision: FallbackAnswer | Error | undefined): LogDraft[] {
  const ofPlan = { stream: plan.id, streamKind: 'PLAN', actor } as const
  const ofRequest = { stream: request.id, streamKind: 'REQUEST', actor } as const
  const planId = toGlobalId('Plan', plan.id)
  if (plan.status === 'PLANNING_FAILED') {
    const message = `No plan could be made: ${plan.failureReason}`
    return [
      { ...ofPlan, kind: 'PLANNING_FAILED', message, planStatus: plan.status },
      { ...ofRequest, kind: 'PLANNING_FAILED', message, detail: { planId, revision: plan.revision } },
    ]
  }
  const { revision, complexity, risk, estimatedMinutes } = plan
  const message = `Revision ${revision} was proposed: ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}.`
  const detail = { revision, contentHash: plan.contentHash, complexity, risk, estimatedMinutes, changes, requestId: toGlobalId('Request', request.id) }
  return [
    { ...ofPlan, kind: 'PLAN_PROPOSED', message, detail, planStatus: plan.status },
    { ...ofRequest, kind: 'PLAN_PROPOSED', message, detail: { planId, revision, contentHash: plan.contentHash } },
    ...fallbackEntries(plan, decision),
  ]
}

function fallbackEntries(plan: Plan, decision: FallbackAnswer | Error | undefined): LogDraft[] {
  const entry = { stream: plan.id, streamKind: 'PLAN', actor: 'service' } as const
  if (!decision) return []
  const failed = decision instanceof Error || decision.failure
  const check: LogDraft[] = failed
    ? [{ ...entry, kind: 'FALLBACK_CHECK_FAILED', message: 'Whether to use external AI could not be checked; the plan does without.' }]
    : []
  if (decision instanceof Error) return check
  const { useExternalAi, reason, row } = decision
  return [...check, {
    ...entry,
    kind: 'FALLBACK_DECIDED',
    message: `${useExternalAi ? 'External AI may be used' : 'No external AI'}: ${reason}`,
    detail: { useExternalAi, complexity: plan.complexity },
    fallbackDecisionId: String(row['id']),
  }]
}
