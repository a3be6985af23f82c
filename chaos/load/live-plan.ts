/** The people around one plan: who submits it, decides about it, perhaps cancels it, and waits until it is over. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlanDraft } from '../draws/draw-plans.ts'
import type { Journal } from '../journal.ts'
import type { Answer, Caller } from './caller.ts'
import * as documents from './documents.ts'

export type LivePlanDeps = {
  readonly caller: Caller
  readonly journal: Journal
  /** Told right after a positive answer to an approval, with the replica that gave it. */
  readonly approved: (replica: string) => void
  /** Whether an agent has written down that it finished an execution of the task. */
  readonly isFinished: (taskId: string) => boolean
}

const lookEveryMs = 400
const longestLifeMs = 900_000
const over = ['PLANNING_FAILED', 'SUPERSEDED', 'REJECTED', 'EXPIRED', 'COMPLETED', 'FAILED', 'CANCELLED']
const otherHash = 'ab'.repeat(32)

/** Lives one plan to its end; everything said and answered is in the journal. */
export async function livePlan(deps: LivePlanDeps, draft: PlanDraft): Promise<void> {
  const { journal } = deps
  const number = draft.number
  journal.write({ event: 'draft', ...draft })
  const request = await ask(deps, draft, 'submit', documents.submit, { text: null, subtasks: draft.steps, idempotencyKey: draft.key })
  const plan = await ask(deps, draft, 'generate', documents.generate, { requestId: request.id })
  journal.write({ event: 'proposed', number, requestId: request.id, plan })
  const planId = String(plan.id)
  if (draft.decision !== 'none') await decide(deps, draft, planId, draft.decision === 'approve_other_hash' ? otherHash : String(plan.contentHash))
  const leaves = draft.decision === 'none' || draft.decision === 'approve_other_hash'
  await Promise.all([
    draft.cancelAfterMs === null ? null : cancelLater(deps, draft, planId, draft.cancelAfterMs),
    leaves && draft.cancelAfterMs === null ? null : untilOver(deps, draft, planId),
  ])
  journal.write({ event: 'left', number, planId })
}

/** Says something and writes down what was said, before, and what was answered, after. */
async function ask({ caller, journal }: LivePlanDeps, { number, userId }: PlanDraft, what: string, document: string, input: Record<string, unknown>): Promise<Answer & { replica: string }> {
  journal.write({ event: 'asked', number, what, input })
  const { answer, replica } = await caller.call(document, { input: { ...input, userId } })
  journal.write({ event: 'answered', number, what, replica, input, answer: what === 'generate' ? { ...answer, tasks: undefined } : answer })
  return { ...answer, replica }
}

async function decide(deps: LivePlanDeps, draft: PlanDraft, planId: string, contentHash: string): Promise<void> {
  const approved = draft.decision !== 'reject'
  const answer = await ask(deps, draft, 'decide', documents.decide, { planId, approved, contentHash, acceptInfeasible: true })
  if (approved && answer.type === 'Plan') deps.approved(answer.replica)
}

async function cancelLater(deps: LivePlanDeps, draft: PlanDraft, planId: string, afterMs: number): Promise<void> {
  await sleep(afterMs)
  await ask(deps, draft, 'cancel', documents.cancel, { planId, reason: 'Drawn to be cancelled.' })
}

/** Looks again and again; what became of work nobody knows about is found out in the agents' ledgers. */
async function untilOver(deps: LivePlanDeps, draft: PlanDraft, planId: string): Promise<void> {
  const settled = new Set<string>()
  for (const end = performance.now() + longestLifeMs; performance.now() < end; await sleep(lookEveryMs)) {
    const { answer } = await deps.caller.call(documents.look, { id: planId })
    if (over.includes(String(answer.status))) return
    for (const { id, status } of answer.tasks as { id: string; status: string }[]) {
      if (status !== 'OUTCOME_UNKNOWN' || settled.has(id)) continue
      settled.add(id)
      await ask(deps, draft, 'resolve', documents.resolve, { taskId: id, outcome: deps.isFinished(id) ? 'SUCCEEDED' : 'FAILED' })
    }
  }
}
