/** Answers to questions about feedback to a plan: what they settle becomes another revision. */
import type { Request } from '../../entities/request.ts'
import { withTransaction } from '../../database/transaction.ts'
import { InvalidStateError, NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { Principal } from '../../principal.ts'
import { answersTo, checkAnswers, clarifiedEntry, type ClarifyRequestInput } from '../decomposition/clarify-request.ts'
import { readRequests, requestRow } from '../decomposition/request-rows.ts'
import { appendLog, updateRows } from '../recording/rows.ts'
import { readFeedbackAnswers } from './feedback-answers.ts'
import { readLatestPlans } from './plan-rows.ts'
import { draftPlan, proposeEdits } from './propose-edits.ts'
import { hintOf, lockRequestOfPlan } from './replace-plan.ts'
import { feedbackQuestionsEntry, type RequestChangesDeps } from './request-changes.ts'

const open = ['PENDING_APPROVAL', 'CHANGES_REQUESTED'] as const

/** True where the open questions of a request are about feedback to its plan. */
export async function asksAboutFeedback({ pool }: Pick<RequestChangesDeps, 'pool'>, requestId: string): Promise<boolean> {
  const request = (await readRequests(pool, [requestId])).get(requestId)
  return request?.status === 'PARSING_COMPLETE' && request.ambiguities.some(({ feedback }) => feedback)
}

/**
 * Takes the answers; what they say becomes a revision in the place of the latest plan, and what is still unclear is
 * asked again. Throws InvalidInputError, NotFoundError, and InvalidStateError where the plan takes no more changes.
 */
export async function answerFeedback(deps: RequestChangesDeps, principal: Principal, input: ClarifyRequestInput): Promise<Request> {
  checkAnswers(input)
  const ids = [input.requestId]
  const [requests, plans] = await Promise.all([readRequests(deps.pool, ids), readLatestPlans(deps.pool, ids)])
  const [request, plan] = [requests.get(input.requestId), plans.get(input.requestId)]
  if (!request || !plan) throw new NotFoundError('request', toGlobalId('Request', input.requestId))
  if (!open.some((status) => status === plan.status)) {
    throw new InvalidStateError(`The plan is ${plan.status} and takes no more changes.`, plan.status, plan.approvalId)
  }
  const given = answersTo(deps, request, principal, input, new Date())
  const drafted = await draftPlan(deps, plan)
  const read = await readFeedbackAnswers(deps, drafted, request, given)

  const committed = await withTransaction(deps.pool, async (client) => {
    const locked = await lockRequestOfPlan(client, plan)
    const { heads, now } = locked.locked
    const stillOpen = new Set(locked.request.ambiguities.map(({ id }) => id))
    if (locked.latest.id !== plan.id || !open.some((status) => status === locked.latest.status) || given.some(({ ambiguity }) => !stillOpen.has(ambiguity.id))) {
      throw new InvalidStateError('The plan or its questions changed meanwhile. Read them again.', locked.latest.status, locked.latest.approvalId)
    }
    const answers = [...locked.request.answers, ...given.map((answer) => ({ ...answer, at: now.toISOString() }))]
    const notice = read.ambiguities.length > 0 ? locked.request.notice : null
    const next: Request = { ...locked.request, answers, ambiguities: read.ambiguities, notice, updatedAt: now }
    const log = [clarifiedEntry(request.id, principal, given), ...(read.asked.length > 0 ? [feedbackQuestionsEntry(request.id, read.asked)] : [])]
    const logged = appendLog(client, heads, log, now)
    await Promise.all([updateRows(client, 'request', [requestRow(next)]), ...logged.writes])
    const moved = { ...locked, request: next, locked: { now, heads: new Map([...heads, ...logged.moved]) } }
    const { hints } = read.edits.length > 0
      ? await proposeEdits(deps, client, moved, drafted, { edits: read.edits, actor: `user:${principal.userId}` })
      : { hints: [...logged.moved.values()].map(hintOf) }
    return { request: next, hints }
  }, { scheduler: deps.scheduler })
  for (const hint of committed.hints) deps.announce(hint)
  return committed.request
}
