import type pg from 'pg'
import type { Effect, ResourceRequirements } from '../../catalog/capability.ts'
import { withTransaction } from '../../database/transaction.ts'
import type { Plan } from '../../entities/plan.ts'
import { InvalidInputError, InvalidStateError, NotFoundError, PlanChangedError, type InputIssue } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { Principal } from '../../principal.ts'
import type { AgentPool } from '../execution/agent-pool.ts'
import { applyEdits } from './apply-edits.ts'
import type { HistoryReader } from './estimates.ts'
import type { PlanHint } from './generate-plan.ts'
import { planChanges } from './plan-changes.ts'
import { asStored, draftOf, numbered, type PlanDraft } from './plan-draft.ts'
import { readPlan, readTasks } from './plan-rows.ts'
import type { ProposalDeps } from './propose-plans.ts'
import type { QuotaLedger } from './quota-ledger.ts'
import { lockRequestOfPlan, replacePlan } from './replace-plan.ts'
import { isExpired, readLatestDecision } from './send-back.ts'
import { assembleWorkPlan } from './work-planner.ts'

/** One change to a plan; exactly one member is set. Tasks are named by their order in the plan being revised. */
export type PlanEdit = {
  readonly setParameters?: { readonly task: number; readonly parameters: Readonly<Record<string, unknown>>; readonly unset?: readonly string[] } | null
  /** `before`: position it takes; appended where absent. */
  readonly addTask?: { readonly intent: string; readonly parameters: Readonly<Record<string, unknown>>; readonly dependsOn?: readonly number[]; readonly before?: number | null } | null
  readonly removeTask?: { readonly task: number } | null
  /** All orders of the plan, in their new sequence. */
  readonly reorder?: { readonly tasks: readonly number[] } | null
  readonly setDependencies?: { readonly task: number; readonly dependsOn: readonly number[] } | null
  readonly setAgentType?: { readonly task: number; readonly agentType: string } | null
  readonly setLimits?: { readonly task: number; readonly timeoutSeconds?: number | null; readonly maxAttempts?: number | null; readonly requires?: ResourceRequirements | null; readonly effect?: Effect | null } | null
}

export type RevisePlanInput = {
  readonly planId: string
  /** The revision the caller read; another present one is PlanChangedError. */
  readonly expectedRevision: number
  /** 1 to 200; may be empty only for a FAILED plan (its succeeded tasks are kept as done). */
  readonly edits: readonly PlanEdit[]
}

export type RevisePlanDeps = ProposalDeps & {
  readonly pool: pg.Pool
  readonly history: HistoryReader
  readonly agentPool: Pick<AgentPool, 'read'>
  readonly ledger: Pick<QuotaLedger, 'release'>
  /** Called after the commit with everything that changed. */
  readonly announce: (hint: PlanHint) => void
}

const mostEdits = 200
const revisable = ['PENDING_APPROVAL', 'CHANGES_REQUESTED', 'FAILED'] as const

/**
 * Proposes a new revision of a plan. The old one becomes SUPERSEDED in the same transaction, except a FAILED plan: it
 * stays as it is, and its succeeded tasks are carried over as done, again where a later revision never ran. Throws InvalidInputError with every violation,
 * PlanChangedError where another revision is the present one, InvalidStateError where the plan is past editing.
 */
export async function revisePlan(deps: RevisePlanDeps, { userId }: Principal, input: RevisePlanInput): Promise<Plan> {
  if (input.edits.length > mostEdits) {
    throw new InvalidInputError([{ path: 'edits', rule: 'count', message: `Send at most ${mostEdits} edits at a time.` }])
  }
  const [found, history, agents] = await Promise.all([readPlan(deps.pool, input.planId), deps.history.read(), deps.agentPool.read()])
  if (!found) throw new NotFoundError('plan', toGlobalId('Plan', input.planId))

  const committed = await withTransaction(deps.pool, async (client) => {
    const { request, latest, locked } = await lockRequestOfPlan(client, found)
    const base = (await isStillToMend(client, found)) ? found : latest
    if (base.id !== input.planId || base.revision !== input.expectedRevision) throw new PlanChangedError(latest)
    const status = isExpired(base, locked.now) ? 'EXPIRED' : base.status
    if (!revisable.some((one) => one === status)) {
      const decision = status === 'EXPIRED' ? undefined : await readLatestDecision(client, base.id)
      throw new InvalidStateError(`The plan is ${status} and cannot be revised. Generate a new plan, or cancel this one first.`, status, decision?.id ?? null)
    }
    const failed = base.status === 'FAILED'
    if (input.edits.length === 0 && !failed) {
      throw new InvalidInputError([{ path: 'edits', rule: 'count', message: 'Send 1 to 200 edits.' }])
    }
    const [tasks, confidence] = await Promise.all([readTasks(client, base.id), readConfidence(client, base.id)])
    const draft = draftOf(tasks, { catalog: deps.catalog, history, keepDone: failed })
    const agentTypes = new Set([...agents.values()].map(({ agentType }) => agentType))
    const edited = applyEdits(draft, input.edits, { ...deps, history, agentTypes })
    const issues = [...edited.issues, ...goneFromCatalog(deps, edited.draft)]
    if (issues.length > 0) throw new InvalidInputError(issues)

    const next = numbered(edited.draft)
    const changes = planChanges(deps.catalog, tasks.map(asStored), next.tasks.map((task, index) => ({ key: next.keys[index]!, task })))
    // The approvals that a pending plan has are not lost for nothing. After feedback a plan may be proposed as it was.
    if (changes.length === 0 && base.status === 'PENDING_APPROVAL') {
      throw new InvalidInputError([{ path: 'edits', rule: 'changes_something', message: 'The edits leave the plan as it is. Change something, or decide about it as it is.' }])
    }
    return replacePlan(deps, client, { request, latest, locked }, {
      work: assembleWorkPlan(deps.catalog, next.tasks, confidence),
      changes,
      actor: `user:${userId}`,
      agents: [...agents.values()],
      base,
    })
  }, { scheduler: deps.scheduler })
  for (const hint of committed.hints) deps.announce(hint)
  return committed.plan
}

/** True for a failed plan whose later revisions all ended before anything of them ran: what it achieved is not lost. */
async function isStillToMend(client: pg.PoolClient, { id, request, revision, status }: Plan): Promise<boolean> {
  if (status !== 'FAILED') return false
  const { rows } = await client.query<{ id: string }>({
    name: 'read_later_revisions_that_count',
    text: `select id from plan where request_id = $1 and revision > $2 and id <> $3
      and (approved_at is not null or status not in ('REJECTED', 'EXPIRED', 'SUPERSEDED', 'CANCELLED', 'PLANNING_FAILED')) limit 1`,
    values: [request, revision, id],
  })
  return rows.length === 0
}

function goneFromCatalog({ catalog }: RevisePlanDeps, draft: PlanDraft): InputIssue[] {
  return draft.filter(({ task }) => !task.carried && !catalog.byId.has(task.intent)).map(({ key, task }) => ({
    path: 'edits',
    rule: 'known',
    message: `The catalog no longer has ${task.intent}. Remove task ${key} with an edit.`,
  }))
}

/** How sure the plan was that it is what was meant; a revision by a person is no less sure. */
export async function readConfidence(client: pg.PoolClient, planId: string): Promise<number> {
  const { rows } = await client.query<{ confidence: number }>({
    name: 'read_plan_confidence', text: 'select confidence from fallback_decision where plan_id = $1', values: [planId],
  })
  return rows[0]?.confidence ?? 1
}
