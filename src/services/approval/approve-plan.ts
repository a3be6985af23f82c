/** A person's (or rule's) decision about exactly one plan revision: recorded, and dispatched, in one transaction. */
import type { ApprovalRule, Catalog } from '../../catalog/capability.ts'
import { InfeasiblePlanError, InvalidInputError, InvalidStateError, PlanChangedError } from '../../errors.ts'
import type { PlanState } from '../../lifecycle/plan-state.ts'
import type { Principal } from '../../principal.ts'
import { boundedText } from '../decomposition/bounded-text.ts'
import type { ParameterCheck } from '../decomposition/parameter-check.ts'
import type { AgentPool, PooledAgent } from '../execution/agent-pool.ts'
import type { ApprovalRow, PlanEngine, PlanTurn } from '../execution/plan-engine.ts'
import { approvalsMissing, checkMayApprove, checkMayDecide, missingReason } from '../planning/approval-policy.ts'
import { isInfeasible, judgeFeasibility } from '../planning/feasibility.ts'
import type { ChangedPlan } from '../watching/read-plans.ts'
import type { LateDecision } from './late-decision.ts'
import { skippedOrders } from './skipped-tasks.ts'

export type ApprovePlanInput = {
  readonly planId: string
  readonly approved: boolean
  /** Where given it must equal the plan's hash, else PlanChangedError. */
  readonly contentHash: string | null
  readonly acceptInfeasible: boolean
  /** At most 10,000 code points. */
  readonly notes: string | null
  /** Ids of tasks left out; what depends on them must be named too. */
  readonly skip: readonly string[]
}

export type ApprovePlanDeps = {
  readonly engine: PlanEngine
  readonly catalog: Catalog
  readonly agentPool: Pick<AgentPool, 'read' | 'invalidate'>
  readonly checkParameters: ParameterCheck
  readonly newId: () => string
  /** The plan's row after the decision. */
  readonly readPlan: (planId: string) => Promise<ChangedPlan>
  /** Keeps the words of a decision that came too late. */
  readonly recordLateDecision: (late: LateDecision) => Promise<void>
}

/** Decides about a plan; an equal repeat by the same person answers the stored decision. */
export async function approvePlan(deps: ApprovePlanDeps, principal: Principal, input: ApprovePlanInput): Promise<ChangedPlan> {
  const notes = boundedText(input.notes, { path: 'notes', maximum: 10_000 })
  const decision = { ...input, notes, byRule: false, actor: `user:${principal.userId}` }
  const outcome = await decide(deps, input.planId, principal, decision)
  if (outcome.expired) {
    await deps.recordLateDecision({ planId: input.planId, requestId: outcome.requestId, actor: decision.actor, decision: input.approved ? 'APPROVED' : 'REJECTED', notes })
    throw new InvalidStateError('The plan expired before this decision. Generate it again.', 'EXPIRED')
  }
  return deps.readPlan(input.planId)
}

/** Approves a feasible plan because the catalog's rule for its risk says so; recorded as such. */
export async function approveByRule(deps: ApprovePlanDeps, planId: string): Promise<ChangedPlan> {
  const rule: Principal = { userId: 'catalog', roles: ['approver'], authenticated: true, credential: null }
  const decision = { approved: true, contentHash: null, acceptInfeasible: false, notes: null, skip: [], byRule: true, actor: 'rule:catalog' }
  await decide(deps, planId, rule, decision)
  return deps.readPlan(planId)
}

type DecisionDraft = Omit<ApprovePlanInput, 'planId'> & { readonly byRule: boolean; readonly actor: string }

type Outcome = { readonly expired: boolean; readonly requestId: string }

/** Judges by the agents as this replica last saw them; nobody is refused for an agent that joined since. */
async function decide(deps: ApprovePlanDeps, planId: string, principal: Principal, draft: DecisionDraft): Promise<Outcome> {
  const run = async (): Promise<Outcome> => {
    const agents = [...(await deps.agentPool.read()).values()]
    return deps.engine.run(planId, (turn) => decideOn(deps, turn, principal, draft, agents), { needsApprovals: true })
  }
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof InfeasiblePlanError)) throw error
    deps.agentPool.invalidate()
    return run()
  }
}

function decideOn(deps: ApprovePlanDeps, turn: PlanTurn, principal: Principal, draft: DecisionDraft, agents: readonly PooledAgent[]): Outcome {
  const plan = turn.plan()
  const { id, requestId, contentHash, revision } = plan.definition
  if (draft.contentHash !== null && draft.contentHash !== contentHash) {
    throw new PlanChangedError({ id, contentHash, revision })
  }
  if (expireIfDue(turn)) return { expired: true, requestId }
  const wanted = draft.approved ? 'APPROVED' : 'REJECTED'
  const earlier = turn.approvals.filter((row) => row.decision !== 'CHANGES_REQUESTED')
  const own = earlier.find((row) => row.decided_by === principal.userId && row.decision === wanted)
  if (own) {
    checkSameSkip(plan, own, draft)
    return { expired: false, requestId }
  }
  if (plan.status !== 'PENDING_APPROVAL') {
    const deciding = plan.approvalId ?? earlier.at(-1)?.id ?? null
    throw new InvalidStateError(`A plan in state ${plan.status} cannot be ${draft.approved ? 'approved' : 'rejected'}.`, plan.status, deciding)
  }
  const approvals = earlier.filter((row) => row.decision === 'APPROVED')
  const rule = checkPolicy(deps, plan, principal, draft)
  // Of several approvers each may leave tasks out: what runs is what all of them approved.
  const skip = checkInput(plan, rule, draft, approvals.flatMap((row) => row.skipped_tasks))
  if (draft.approved && !draft.acceptInfeasible) checkFeasible(deps, plan, skip, agents, turn.batch.now)
  const missing = draft.approved && !draft.byRule ? approvalsMissing(rule, [...approvals.map((row) => row.decided_by), principal.userId]) : 0
  record(deps, turn, principal, draft, skip, missing)
  return { expired: false, requestId }
}

/** True where the time to decide is over; the sweep for due work may not have come by yet. */
function expireIfDue(turn: PlanTurn): boolean {
  const { status, definition: { expiresAt } } = turn.plan()
  if (status === 'EXPIRED') return true
  if (status !== 'PENDING_APPROVAL' || expiresAt === null || Date.parse(expiresAt) >= turn.batch.now.getTime()) return false
  turn.apply({ type: 'expire' })
  return true
}

/** Who approved once has not approved another part of the plan by repeating it. */
function checkSameSkip({ status, approvalId }: PlanState, own: ApprovalRow, { approved, skip }: DecisionDraft): void {
  const now = new Set(skip)
  if (!approved || (now.size === own.skipped_tasks.length && own.skipped_tasks.every((id) => now.has(id)))) return
  throw new InvalidStateError('You approved this plan already, with other tasks skipped.', status, approvalId ?? own.id)
}

/** The rule for the risk of what is left to do. Throws ForbiddenError where it does not let this person decide. */
function checkPolicy({ catalog }: ApprovePlanDeps, plan: PlanState, principal: Principal, draft: DecisionDraft): ApprovalRule {
  const open = plan.definition.tasks.filter(({ order }) => plan.tasks[order - 1]!.status !== 'SUCCEEDED')
  const risks = open.map((task) => catalog.byId.get(task.intent)?.risk ?? 'high')
  const rule = catalog.approvalRules[risks.includes('high') ? 'high' : risks.includes('medium') ? 'medium' : 'low']
  if (!draft.approved) checkMayDecide(rule, principal)
  else if (!draft.byRule) checkMayApprove(rule, principal, plan.definition.submittedBy)
  return rule
}

/** The orders of the tasks that are left out. Throws InvalidInputError with everything that is wrong with the decision. */
function checkInput(plan: PlanState, rule: ApprovalRule, { approved, byRule, notes, skip }: DecisionDraft, alsoSkipped: readonly string[]): readonly number[] {
  if (!approved) {
    if (skip.length === 0) return []
    throw new InvalidInputError([{ path: 'skip', rule: 'only_with_approval', message: 'A rejection is about the whole plan. Leave skip out, or approve the rest.' }])
  }
  const { orders, issues } = skippedOrders(plan, skip, alsoSkipped)
  const all = [...(byRule ? [] : missingReason(rule, notes)), ...issues]
  if (all.length > 0) throw new InvalidInputError(all)
  return orders
}

function checkFeasible(deps: ApprovePlanDeps, plan: PlanState, skip: readonly number[], agents: readonly PooledAgent[], now: Date): void {
  const context = { catalog: deps.catalog, agents, checkParameters: deps.checkParameters, now }
  const infeasible = plan.definition.tasks.flatMap((task) => {
    if (skip.includes(task.order) || plan.tasks[task.order - 1]!.status === 'SUCCEEDED') return []
    const estimatedMinutes = deps.catalog.byId.get(task.intent)?.estimatedMinutes ?? 0
    const feasibility = judgeFeasibility({ ...task, estimatedMinutes }, context)
    return isInfeasible(feasibility) ? [{ taskId: task.id, order: task.order, name: task.name, reason: feasibility.reason }] : []
  })
  if (infeasible.length > 0) throw new InfeasiblePlanError(infeasible)
}

function record(deps: ApprovePlanDeps, turn: PlanTurn, principal: Principal, draft: DecisionDraft, skip: readonly number[], needed: number): void {
  const { definition } = turn.plan()
  const approvalId = deps.newId()
  const { actor, notes } = draft
  const event = !draft.approved
    ? ({ type: 'reject', actor, approvalId, notes } as const)
    : needed > 0
      ? ({ type: 'record_approval', actor, approvalId, notes, needed } as const)
      : ({ type: 'approve', actor, approvalId, notes, skip } as const)
  const step = turn.apply(event)
  if ('refused' in step) throw new InvalidInputError([{ path: 'planId', rule: 'state', message: 'The plan cannot be decided about now.' }])
  turn.batch.insert('approval', {
    id: approvalId,
    plan_id: definition.id,
    content_hash: definition.contentHash,
    decision: draft.approved ? 'APPROVED' : 'REJECTED',
    decided_by: principal.userId,
    notes,
    accept_infeasible: draft.acceptInfeasible,
    skipped_tasks: [...new Set(draft.skip)],
    by_rule: draft.byRule,
    decided_at: turn.batch.nowIso,
  })
}
