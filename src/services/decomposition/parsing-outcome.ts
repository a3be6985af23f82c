/** What a decomposition makes of a request: its next state and the log entry that tells about it. Pure. */
import type { Request } from '../../entities/request.ts'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import type { UsageBooking } from '../planning/quota-ledger.ts'
import type { Decomposition } from './request-decomposer.ts'
import type { RequestStep } from './request-writer.ts'

type Unparsed = Omit<Request, 'createdAt' | 'updatedAt' | 'parsingLeaseUntil'>

/** A decomposition that failed for a reason outside the request; what was understood before stays. */
export const failedDecomposition = (previous: Pick<Request, 'subtasks' | 'outOfScope'>, failureReason: string): Decomposition => ({
  status: 'PARSING_FAILED',
  subtasks: previous.subtasks,
  ambiguities: [],
  outOfScope: previous.outOfScope,
  failureReason,
  notice: null,
  usage: [],
})

/** The request after a decomposition, with its log entry and what the model calls cost. */
export function parsed<R extends Unparsed>(request: R, answer: Decomposition): Omit<RequestStep, 'request'> & { request: R } {
  const decomposition = checked(answer)
  return {
    request: {
      ...request,
      status: decomposition.status,
      subtasks: decomposition.subtasks,
      ambiguities: decomposition.ambiguities,
      outOfScope: decomposition.outOfScope,
      failureReason: decomposition.failureReason,
      notice: decomposition.notice,
      parsingLeaseUntil: null,
    },
    log: [outcomeEntry(request.id, decomposition)],
    usage: decomposition.usage.map((usage, index) => bookingOf(request, usage, index)),
  }
}

/** A state that nobody could go on from is a failure: complete without a subtask, or a question without words. */
function checked(decomposition: Decomposition): Decomposition {
  const { status, subtasks, ambiguities, failureReason } = decomposition
  const stuck = status === 'PARSING_COMPLETE' ? subtasks.length === 0 : status === 'REQUIRES_CLARIFICATION' && ambiguities.length === 0
  if (!stuck && (status !== 'PARSING_FAILED' || failureReason)) return decomposition
  return { ...decomposition, status: 'PARSING_FAILED', failureReason: failureReason ?? 'Nothing in the request is something this installation can do.' }
}

function outcomeEntry(stream: string, { status, subtasks, ambiguities, outOfScope, failureReason, notice }: Decomposition): LogDraft {
  const counts = { subtasks: subtasks.length, outOfScope: outOfScope.length, ...(notice ? { notice } : {}) }
  const entry = { stream, streamKind: 'REQUEST', actor: 'service' } as const
  if (status === 'PARSING_FAILED') {
    return { ...entry, kind: 'PARSING_FAILED', message: `The request was not understood: ${failureReason}`, detail: counts }
  }
  if (status === 'REQUIRES_CLARIFICATION') {
    const message = `${ambiguities.length} ${ambiguities.length === 1 ? 'question is' : 'questions are'} open.`
    return { ...entry, kind: 'CLARIFICATION_ASKED', message, detail: { ...counts, ambiguities } }
  }
  const understood = subtasks.slice(0, loggedSubtasks).map(({ order, intent, confidence }) => ({ order, intent, confidence }))
  const message = `Understood as ${subtasks.length} ${subtasks.length === 1 ? 'task' : 'tasks'}.`
  return { ...entry, kind: 'REQUEST_PARSED', message, detail: { ...counts, understood } }
}

const loggedSubtasks = 100

/** Reservation of the present try of a request; the cost of each of its model calls is booked under it. */
const parsingReservation = (request: Pick<Request, 'id' | 'answers' | 'parsingTries'>): string =>
  `request:${request.id}:${request.answers.length}.${request.parsingTries}`

const bookingOf = (request: Unparsed, usage: Decomposition['usage'][number], index: number): UsageBooking => ({
  ...usage,
  key: `${parsingReservation(request)}.${index}`,
  reservation: parsingReservation(request),
  requestId: request.id,
  planId: null,
  taskId: null,
  attempt: null,
  intent: null,
  userId: request.submittedBy,
})
