import type pg from 'pg'
import { withTransaction } from '../../database/transaction.ts'
import type { Ambiguity } from '../../entities/decomposition.ts'
import type { Plan } from '../../entities/plan.ts'
import { InvalidInputError, InvalidStateError, NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import type { Principal } from '../../principal.ts'
import { redactSecrets } from '../../redact-secrets.ts'
import { recordLateDecision } from '../approval/late-decision.ts'
import { checkText } from '../decomposition/bounded-text.ts'
import type { RequestDecomposer } from '../decomposition/request-decomposer.ts'
import { requestRow } from '../decomposition/request-rows.ts'
import { appendLog, updateRows } from '../recording/rows.ts'
import { checkMayDecide } from './approval-policy.ts'
import { quoted } from './feedback-reading.ts'
import type { PlanHint } from './generate-plan.ts'
import { readPlan } from './plan-rows.ts'
import { draftPlan, proposeEdits } from './propose-edits.ts'
import { readFeedback, type ReadFeedback } from './read-feedback.ts'
import { hintOf, lockRequestOfPlan } from './replace-plan.ts'
import type { RevisePlanDeps } from './revise-plan.ts'
import { sendBack } from './send-back.ts'

export type RequestChangesInput = {
  readonly planId: string
  readonly contentHash: string | null
  /** 1 to 10,000 code points. */
  readonly feedback: string
}

export type RequestChangesDeps = RevisePlanDeps & {
  /** Reads the feedback, part by part; an immediate one, so that the answer does not wait for a model. */
  readonly decomposer: RequestDecomposer
}

/**
 * Sends a pending plan back with feedback in words: the decision is stored first, then what is understood of the
 * feedback becomes a new revision, pending approval, in place of this one. The rest is asked with the request. Where
 * nothing was understood the plan stays in CHANGES_REQUESTED, for more feedback or to be revised by hand. An equal
 * repeat by the same person answers what came of the first.
 */
export async function requestChanges(deps: RequestChangesDeps, principal: Principal, input: RequestChangesInput): Promise<Plan> {
  const broken = checkText('feedback', input.feedback)
  if (broken) throw new InvalidInputError([broken])
  const found = await readPlan(deps.pool, input.planId)
  if (!found) throw new NotFoundError('plan', toGlobalId('Plan', input.planId))
  if (principal.userId !== found.submittedBy) checkMayDecide(deps.catalog.approvalRules[found.risk], principal)

  const feedback = redactSecrets(input.feedback)
  const { plan: sentBack, standing } = await sendBack(deps, principal, found, { contentHash: input.contentHash, feedback })
  if (standing === 'expired') {
    const late = { planId: found.id, requestId: found.request, actor: `user:${principal.userId}`, decision: 'CHANGES_REQUESTED', notes: feedback } as const
    await recordLateDecision(deps, late)
    throw new InvalidStateError('The plan expired before this decision. Generate it again.', 'EXPIRED')
  }
  if (standing === 'answered') return sentBack
  try {
    return await proposeFromFeedback(deps, principal, sentBack, { feedback, isRepeat: standing === 'again' })
  } catch (error) {
    // The decision is stored whatever becomes of the proposal; a person can still revise the plan.
    deps.logger.warn({ err: error, planId: found.id }, 'no proposal could be made from the feedback')
    return sentBack
  }
}

type Given = { readonly feedback: string; readonly isRepeat: boolean }

async function proposeFromFeedback(deps: RequestChangesDeps, { userId }: Principal, plan: Plan, { feedback, isRepeat }: Given): Promise<Plan> {
  const drafted = await draftPlan(deps, plan)
  const read = named(await readFeedback(deps.decomposer, drafted.draft, feedback, drafted.context), deps.newId())

  const committed = await withTransaction(deps.pool, async (client): Promise<{ plan: Plan; hints: readonly PlanHint[] }> => {
    const locked = await lockRequestOfPlan(client, plan)
    if (locked.latest.id !== plan.id || locked.latest.status !== 'CHANGES_REQUESTED') {
      // Somebody was faster: their revision stands, and what this feedback still means for it is asked.
      const isOpen = locked.latest.status === 'PENDING_APPROVAL' || locked.latest.status === 'CHANGES_REQUESTED'
      if (!isOpen || isRepeat) return { plan: locked.latest, hints: [] }
      const { hints } = await storeQuestions(client, locked, { edits: [], questions: [...locked.request.ambiguities, overtaken(feedback, deps.newId())] }, plan.revision)
      return { plan: locked.latest, hints }
    }
    const asked = await storeQuestions(client, locked, read, plan.revision)
    if (read.edits.length === 0) return { plan, hints: asked.hints }
    return proposeEdits(deps, client, { ...locked, locked: asked.locked }, drafted, { edits: read.edits, actor: `user:${userId}` })
  }, { scheduler: deps.scheduler })
  for (const hint of committed.hints) deps.announce(hint)
  return committed.plan
}

/** Names that no earlier question has: an answer to that one, sent late, must not count for another. */
const nameOf = (round: string, index: number): string => `feedback-${round.slice(-8)}.${index + 1}`

const named = ({ edits, questions }: ReadFeedback, round: string): ReadFeedback => ({
  edits, questions: questions.map((question, index) => ({ ...question, id: nameOf(round, index) })),
})

const overtaken = (feedback: string, round: string): Ambiguity => ({
  id: nameOf(round, 0),
  question: `The plan was revised while this was read: "${quoted(feedback)}". What of it should still change?`,
  choices: [],
  subtaskOrder: null,
  parameter: null,
  feedback: { text: '', removes: false },
})

type Locked = Awaited<ReturnType<typeof lockRequestOfPlan>>

/** Questions stand with the request, and are answered by `clarifyRequest` or more feedback; without any, earlier ones are settled. */
async function storeQuestions(client: pg.PoolClient, { request, locked }: Locked, { questions }: ReadFeedback, revision: number) {
  if (questions.length === 0 && request.ambiguities.length === 0) return { locked, hints: [] }
  const notice = questions.length > 0 ? `Of the feedback to revision ${revision} not everything was understood; see the open questions.` : null
  const log = questions.length > 0 ? [feedbackQuestionsEntry(request.id, questions)] : []
  const { moved, writes } = appendLog(client, locked.heads, log, locked.now)
  await Promise.all([
    updateRows(client, 'request', [requestRow({ ...request, ambiguities: questions, notice, updatedAt: locked.now })]),
    ...writes,
  ])
  return { locked: { ...locked, heads: new Map([...locked.heads, ...moved]) }, hints: [...moved.values()].map(hintOf) }
}

/** What the log says about questions that feedback leaves. */
export const feedbackQuestionsEntry = (stream: string, questions: readonly Ambiguity[]): LogDraft => ({
  stream,
  streamKind: 'REQUEST',
  kind: 'CLARIFICATION_ASKED',
  actor: 'service',
  message: `${questions.length} ${questions.length === 1 ? 'part' : 'parts'} of the feedback could not be applied.`,
  detail: { questions },
})
