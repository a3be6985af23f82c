import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { roles, type Role } from '../../src/principal.ts'
import type { GraphqlResult } from '../harness/graphql-client.ts'
import { codeOf, proposePlan, startSecured, type Caller, type Secured } from './secured.ts'

let service: Secured
let plan: Awaited<ReturnType<typeof proposePlan>>
const callers = new Map<Role, Caller>()

beforeAll(async () => {
  service = await startSecured()
  for (const role of roles) callers.set(role, await service.caller(`a-${role}`, role))
  plan = await proposePlan(callers.get('requester')!)
})
afterAll(() => service.stop())

const people: readonly Role[] = ['viewer', 'requester', 'approver', 'operator', 'admin']

/** The roles that may do each thing; the inputs lead nowhere, so that nothing changes for the next. */
const mutations: Readonly<Record<string, { may: readonly Role[]; input: () => string }>> = {
  submitRequest: { may: ['requester', 'admin'], input: () => 'text: "deploy it", idempotencyKey: "once"' },
  clarifyRequest: { may: ['requester', 'admin'], input: () => `requestId: "${plan.requestId}", answers: [{ ambiguityId: "a", answer: "b" }]` },
  setVisibility: { may: ['requester', 'admin'], input: () => `requestId: "${plan.requestId}"` },
  generatePlan: { may: ['requester', 'admin'], input: () => `requestId: "${plan.requestId}"` },
  revisePlan: { may: ['requester', 'admin'], input: () => `planId: "${plan.planId}", expectedRevision: 99, edits: []` },
  requestChanges: { may: ['approver', 'admin'], input: () => `planId: "${plan.planId}", contentHash: "other", feedback: "more"` },
  approvePlan: { may: ['approver', 'admin'], input: () => `planId: "${plan.planId}", contentHash: "other"` },
  retryTask: { may: ['operator', 'admin'], input: () => `taskId: "${plan.taskId}"` },
  resolveTask: { may: ['operator', 'admin'], input: () => `taskId: "${plan.taskId}", outcome: FAILED` },
  cancelPlan: { may: ['operator', 'admin'], input: () => `planId: "Plan_00000000-0000-4000-8000-000000000000"` },
}

const queries: Readonly<Record<string, { may: readonly Role[]; query: () => string }>> = {
  plan: { may: people, query: () => `{ plan(id: "${plan.planId}") { id } }` },
  plans: { may: people, query: () => '{ plans { nodes { id } } }' },
  request: { may: people, query: () => `{ request(id: "${plan.requestId}") { id } }` },
  requests: { may: people, query: () => '{ requests { nodes { id } } }' },
  node: { may: people, query: () => `{ node(id: "${plan.taskId}") { id } }` },
  nodes: { may: people, query: () => `{ nodes(ids: ["${plan.taskId}"]) { id } }` },
  agents: { may: people, query: () => '{ agents { nodes { id } } }' },
  auditTrail: { may: people, query: () => '{ auditTrail { nodes { message } } }' },
  costReport: { may: people, query: () => '{ costReport { total { calls } } }' },
  quota: { may: people, query: () => '{ quota { period } }' },
  capabilities: { may: roles, query: () => '{ capabilities { id digest } }' },
}

const subscriptions: Readonly<Record<string, () => string>> = {
  planStatus: () => `subscription { planStatus(planId: "${plan.planId}") { sequence } }`,
  requestChanged: () => `subscription { requestChanged(requestId: "${plan.requestId}") { id } }`,
}

async function first(stream: AsyncIterable<GraphqlResult>): Promise<GraphqlResult> {
  for await (const result of stream) return result
  return {}
}

const mayOrNot = (may: readonly Role[]) => Object.fromEntries(roles.map((role) => [role, may.includes(role)]))

describe('each role may do what is its own', () => {
  test.each(Object.entries(mutations))('%s', async (name, { may, input }) => {
    const query = `mutation { ${name}(input: { ${input()} }) { __typename ... on Error { code message } } }`
    for (const transport of ['http', 'socket']) {
      const allowed: Record<string, boolean> = {}
      for (const [role, caller] of callers) {
        const { data } = transport === 'http' ? await caller.request(query) : await first(caller.overWebSocket(query))
        allowed[role] = data[name].code !== 'FORBIDDEN'
        expect(allowed[role] || data[name].message).toBe(allowed[role] || `This needs the role ${may[0]}. Ask an administrator for it.`)
      }
      expect(allowed).toEqual(mayOrNot(may))
    }
  })

  test.each(Object.entries(queries))('%s', async (_name, { may, query }) => {
    for (const transport of ['http', 'socket']) {
      const allowed: Record<string, boolean> = {}
      for (const [role, caller] of callers) {
        const result = transport === 'http' ? await caller.request(query()) : await first(caller.overWebSocket(query()))
        expect([undefined, 'FORBIDDEN']).toContain(codeOf(result))
        expect(result.errors?.[0]?.message).toBe(codeOf(result) && 'This needs one of the roles viewer, requester, approver, operator, admin. Ask an administrator for it.')
        allowed[role] = codeOf(result) === undefined
      }
      expect(allowed).toEqual(mayOrNot(may))
    }
  })

  test.each(Object.entries(subscriptions))('%s', async (_name, query) => {
    for (const transport of ['overWebSocket', 'overSse'] as const) {
      const allowed: Record<string, boolean> = {}
      for (const [role, caller] of callers) allowed[role] = codeOf(await first(caller[transport](query()))) === undefined
      expect(allowed).toEqual(mayOrNot(people))
    }
  })
})

test('what a role forbids is forbidden before an id is looked at', async () => {
  const viewer = callers.get('viewer')!
  const answers = await Promise.all([plan.planId, 'Plan_00000000-0000-4000-8000-000000000000', 'garbage'].map((id) =>
    viewer.request('mutation ($id: ID!) { approvePlan(input: { planId: $id }) { __typename ... on Error { code message } } }', { id })))
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  expect(answers[0]!.data.approvePlan.code).toBe('FORBIDDEN')
})

test('quota of somebody else is refused', async () => {
  expect(codeOf(await callers.get('viewer')!.request('{ quota(userId: "a-admin") { period } }'))).toBe('FORBIDDEN')
})
