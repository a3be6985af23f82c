/** The REST routes as data: served by serve-rest.ts, described by openapi.ts. */
import type { z } from 'zod'
import type { Operations, PlanFields, RequestFields } from './operations.ts'
import {
  approvalAnswer, approvalBody, planAnswer, requestAnswer, requestBody, statusAnswer, type ApprovalAnswer, type PlanAnswer,
  type RequestAnswer, type StatusAnswer,
} from './shapes.ts'

export type RestRoute<Body = unknown> = {
  readonly method: 'GET' | 'POST'
  /** With at most one parameter in braces. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly body: z.ZodType<Body> | null
  readonly answer: z.ZodType
  /** Statuses beside 200, and what they mean here. */
  readonly refusals: Readonly<Record<number, string>>
  /** A GET with an effect: refused when another web site is the cause. */
  readonly hasEffect?: boolean
  run(operations: Operations, call: { readonly id: string; readonly body: Body; readonly idempotencyKey: string | null }): Promise<unknown>
}

const route = <Body>(given: RestRoute<Body>): RestRoute => given as RestRoute

/** Milliseconds to wait for a request that takes long to understand. */
const understandingMs = 30_000

export const restRoutes: readonly RestRoute[] = [
  route({
    method: 'POST',
    path: '/api/v1/request',
    operationId: 'submitRequest',
    summary: 'Submit a request in plain language',
    description: 'With an `Idempotency-Key` header the same request sent again is answered with the first one.',
    body: requestBody,
    answer: requestAnswer,
    refusals: { 400: 'The input breaks rules, such as a request that is empty or over 10,000 characters.' },
    async run(operations, { body, idempotencyKey }) {
      const input = { text: body.request, userId: body.user_id, idempotencyKey }
      const request = await operations.run('submitRequest', { input })
      return toRequestAnswer(request.status === 'PARSING' ? ((await operations.settled(request.id, understandingMs)) ?? request) : request)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/plan/{request_id}',
    operationId: 'planRequest',
    summary: 'Make the plan of a request, or read the latest one',
    body: null,
    answer: planAnswer,
    refusals: { 404: 'No request with this id.', 409: 'The request is not understood yet, or questions are open.' },
    hasEffect: true,
    async run(operations, { id }) {
      const { latestPlan } = await operations.run('latestPlan', { id })
      const isPlanned = latestPlan !== null && latestPlan.status !== 'PLANNING_FAILED'
      return toPlanAnswer(isPlanned ? latestPlan : await operations.run('generatePlan', { input: { requestId: id } }))
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/plan/{plan_id}/approve',
    operationId: 'approvePlan',
    summary: 'Approve or reject a plan',
    body: approvalBody,
    answer: approvalAnswer,
    refusals: {
      400: 'The input breaks rules.',
      404: 'No plan with this id.',
      409: 'The plan is decided already, has changed since it was read, or has tasks that nobody can carry out now.',
    },
    async run(operations, { id, body }) {
      const { approved, user_id: userId, notes, content_hash: contentHash, accept_infeasible: acceptInfeasible } = body
      const plan = await operations.run('approvePlan', { input: { planId: id, approved, userId, notes, contentHash, acceptInfeasible } })
      return toApprovalAnswer(plan, approved)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/plan/{plan_id}/status',
    operationId: 'planStatus',
    summary: 'Where a plan and its tasks stand',
    body: null,
    answer: statusAnswer,
    refusals: { 404: 'No plan with this id.' },
    run: async (operations, { id }) => toStatusAnswer(await operations.run('plan', { id })),
  }),
]

const toRequestAnswer = (request: RequestFields): RequestAnswer => ({
  request_id: request.id,
  status: lower(request.status),
  decomposed_request: { subtasks: [...request.subtasks] },
  ambiguities: request.ambiguities.map(({ subtaskOrder, ...ambiguity }) => ({ ...ambiguity, subtask_order: subtaskOrder })),
  out_of_scope: request.outOfScope,
  error: request.failureReason,
})

const toPlanAnswer = (plan: PlanFields): PlanAnswer => ({
  plan_id: plan.id,
  request_id: plan.request.id,
  tasks: plan.tasks.map(({ order, name, workType, agentType }) => ({ order, name, work_type: workType, agent_type: agentType })),
  human_readable_summary: plan.summary,
  complexity_level: lower(plan.complexity),
  will_use_external_ai: plan.willUseExternalAi,
  content_hash: plan.contentHash,
  status: lower(plan.status),
  error: plan.failureReason,
})

function toApprovalAnswer(plan: PlanFields, approved: boolean): ApprovalAnswer {
  if (!approved) return { plan_id: plan.id, status: 'rejected' }
  if (plan.status === 'PENDING_APPROVAL') return { plan_id: plan.id, status: 'pending', dispatch_started: false }
  const dispatched = plan.tasks
    .filter(({ status }) => status !== 'SKIPPED')
    .map(({ name, agent }) => ({ name, agent_id: agent?.id ?? null, status: agent ? ('dispatched' as const) : ('waiting' as const) }))
  return { plan_id: plan.id, status: 'approved', dispatch_started: true, dispatch_result: { dispatched_tasks: dispatched } }
}

const toStatusAnswer = (plan: PlanFields): StatusAnswer => ({
  plan_id: plan.id,
  request_id: plan.request.id,
  status: plan.status === 'PENDING_APPROVAL' ? 'pending' : lower(plan.status),
  complexity_level: lower(plan.complexity),
  will_use_external_ai: plan.willUseExternalAi,
  tasks: plan.tasks.map(({ order, name, workType, status }) => ({ order, name, work_type: workType, status: lower(status) })),
  created_at: plan.createdAt,
  approved_at: plan.approvedAt,
})

const lower = (word: string): string => word.toLowerCase()
