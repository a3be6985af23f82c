import { successOf } from './api-error.ts'
import { createConnection, type ConnectionOptions, type FollowOptions } from './connection.ts'
import {
  ApprovePlanDocument, CancelPlanDocument, ClarifyRequestDocument, GeneratePlanDocument, PlanDocument, RequestChangedDocument,
  SubmitRequestDocument, type ApprovePlanInput, type ClarificationAnswerInput, type PlanPartsFragment, type RequestChangedSubscription,
  type RequestPartsFragment, type SubtaskInput, type WatchPlanSubscription,
} from './generated/graphql.ts'
import { retried } from './retry.ts'
import { textOf, type TypedDocument } from './transport.ts'
import { watchPlan, type WatchPlanOptions, type WatchPlanResult } from './watch-plan.ts'

export type PlanwrightRequest = RequestPartsFragment
export type PlanwrightPlan = PlanPartsFragment
export type PlanEvent = WatchPlanSubscription['planStatus']

export type ClientOptions = ConnectionOptions & {
  /** Who acts, where the service runs without authentication. */
  readonly userId?: string
}

/** What was asked for: words, or for programs subtasks. */
export type Submission = { readonly text: string } | { readonly subtasks: SubtaskInput[] }

/** The plan as it was read: a decision is about this hash and no other. */
export type ReadPlan = Pick<PlanwrightPlan, 'id' | 'contentHash'>

export type DecisionOptions = Pick<ApprovePlanInput, 'notes' | 'skip' | 'acceptInfeasible'>

/** How long a call is repeated while the service cannot be reached, in milliseconds, and what ends it before. */
export type CallOptions = { readonly retryForMs?: number; readonly signal?: AbortSignal }

const usualRetryForMs = 30_000

export type PlanwrightClient = ReturnType<typeof createPlanwrightClient>

/**
 * A client of one service, for Node and browsers. Its calls throw PlanwrightApiError where the API refuses, and
 * ConnectionLostError where the service stays away; they may be repeated without harm, and are while it does.
 */
export function createPlanwrightClient({ userId, ...options }: ClientOptions) {
  const connection = createConnection(options)
  const actor = userId === undefined ? {} : { userId }
  const safely = <Result>(call: () => Promise<Result>, { retryForMs = usualRetryForMs, signal }: CallOptions): Promise<Result> =>
    retried(call, retryForMs, signal)

  /** Follows a request until it is understood or known not to be. */
  async function settled(request: PlanwrightRequest, options: FollowOptions): Promise<PlanwrightRequest> {
    if (request.status !== 'PARSING') return request
    const operation = { query: textOf(RequestChangedDocument), variables: { requestId: request.id } }
    for await (const event of connection.follow(() => operation, options)) {
      const { requestChanged } = event as RequestChangedSubscription
      if (requestChanged.status !== 'PARSING') return requestChanged
    }
    options.signal?.throwIfAborted()
    throw new Error(`The service completed the watch of ${request.id} while it is being read.`)
  }

  async function decide(plan: ReadPlan, approved: boolean, decision: DecisionOptions, call: CallOptions): Promise<PlanwrightPlan> {
    const input = { ...decision, ...actor, approved, planId: plan.id, contentHash: plan.contentHash }
    return successOf((await safely(() => connection.run(ApprovePlanDocument, { input }, call.signal), call)).result)
  }

  return {
    /** Runs any query or mutation once; errors as data stay data. Throws where the answer has `errors`. */
    run: <Result, Variables extends object>(document: TypedDocument<Result, Variables>, variables?: Variables, signal?: AbortSignal): Promise<Result> =>
      connection.run(document, variables, signal),

    /** Submits a request, once however often it has to be sent, and waits until it is understood, questions are open or parsing failed. */
    async submitAndWait(submission: Submission, call: CallOptions = {}): Promise<PlanwrightRequest> {
      const input = { ...submission, ...actor, idempotencyKey: randomKey() }
      const submitted = await safely(() => connection.run(SubmitRequestDocument, { input }, call.signal), call)
      return settled(successOf(submitted.result), { signal: call.signal })
    },
    /** Answers open questions and waits as `submitAndWait` does. */
    async clarifyAndWait(requestId: string, answers: ClarificationAnswerInput[], { signal }: Pick<CallOptions, 'signal'> = {}): Promise<PlanwrightRequest> {
      const { result } = await connection.run(ClarifyRequestDocument, { input: { requestId, answers, ...actor } }, signal)
      return settled(successOf(result), { signal })
    },
    /** The open plan of a request; made where there is none. A failure to plan is a plan with status PLANNING_FAILED. */
    async plan(requestId: string, call: CallOptions = {}): Promise<PlanwrightPlan> {
      const input = { requestId, ...actor }
      return successOf((await safely(() => connection.run(GeneratePlanDocument, { input }, call.signal), call)).result)
    },
    /** A plan as it is; throws NOT_FOUND for an id that leads to none. */
    async readPlan(id: string, call: CallOptions = {}): Promise<PlanwrightPlan> {
      const { plan } = await safely(() => connection.run(PlanDocument, { id }, call.signal), call)
      return plan!
    },
    /** Approves exactly the plan that was read: where it is another by now, PLAN_CHANGED is thrown and nothing is approved. */
    approve: (plan: ReadPlan, decision: DecisionOptions = {}, call: CallOptions = {}): Promise<PlanwrightPlan> => decide(plan, true, decision, call),
    /** Rejects exactly the plan that was read. */
    reject: (plan: ReadPlan, decision: Pick<DecisionOptions, 'notes'> = {}, call: CallOptions = {}): Promise<PlanwrightPlan> =>
      decide(plan, false, decision, call),
    /** Stops a plan. */
    async cancel(planId: string, reason?: string, signal?: AbortSignal): Promise<PlanwrightPlan> {
      return successOf((await connection.run(CancelPlanDocument, { input: { planId, reason, ...actor } }, signal)).result)
    },
    /** What happens to a plan, to its end; see `WatchPlanOptions`. */
    watchPlan: <Result extends WatchPlanResult = WatchPlanSubscription>(planId: string, options?: WatchPlanOptions<Result>) =>
      watchPlan<Result>(connection, planId, options),
    /** Closes the WebSocket. */
    close: () => connection.close(),
  }
}

/** crypto.randomUUID exists in secure contexts only. */
const randomKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
