import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { QuotaAccount, type Plan, type Request, type Task } from '../../src/entities/index.ts'
import { toGlobalId } from '../../src/global-id.ts'
import { startApi, type Api } from './api.ts'
import * as rows from './rows.ts'

let api: Api
let request: Request
let plan: Plan
let task: Task

beforeAll(async () => {
  api = await startApi({ environment: { QUOTA_TOKENS: '1000', USER_QUOTA_MICRO_USD: '500', QUOTA_PERIOD: 'month' } })
  await api.write((em) => {
    const agent = rows.agentRow(em, 'infra-1')
    request = rows.requestRow(em)
    plan = rows.planRow(em, request)
    task = rows.taskRow(em, plan, 1, { attempt: 1, agentId: agent.id })
    const other = rows.planRow(em, rows.requestRow(em))
    rows.attemptRow(em, task, agent)
    rows.evidenceRow(em, task)
    const approval = rows.approvalRow(em, plan)
    const routing = rows.routingRow(em, task, agent)
    rows.logRows(em, request.id, 'REQUEST', [{ kind: 'REQUEST_SUBMITTED', actor: 'user:ada' }, { kind: 'REQUEST_PARSED' }])
    rows.logRows(em, plan.id, 'PLAN', [
      { kind: 'PLAN_PROPOSED' },
      { kind: 'PLAN_APPROVED', actor: 'user:grace', approvalId: approval.id, planStatus: 'APPROVED' },
      { kind: 'TASK_DISPATCHED', taskId: task.id, attempt: 1, routingDecisionId: routing.id, taskStatus: 'DISPATCHED' },
      { kind: 'TASK_SUCCEEDED', actor: 'agent:infra-1', taskId: task.id, attempt: 1, taskStatus: 'SUCCEEDED' },
    ], 10)
    rows.logRows(em, other.id, 'PLAN', [{ actor: 'user:grace' }], 30)
    rows.usageRow(em, `task:${task.id}:1`, { requestId: request.id, planId: plan.id, taskId: task.id, attempt: 1, intent: 'deploy_service', costMicroUsd: 300 })
    rows.usageRow(em, `request:${request.id}:0`, { requestId: request.id, at: new Date(Date.UTC(2026, 10, 19)) })
    const period = `${new Date().toISOString().slice(0, 7)}-01`
    em.create(QuotaAccount, { owner: 'installation', period, tokensUsed: 600, tokensReserved: 100, costUsedMicroUsd: 400, costReservedMicroUsd: 50 })
    em.create(QuotaAccount, { owner: 'user:ada', period, tokensUsed: 600, tokensReserved: 0, costUsedMicroUsd: 400, costReservedMicroUsd: 200 })
  })
})
afterAll(() => api.stop())

const trail = (args: string, selection = 'nodes { kind actor }') => api.client.data(`{ auditTrail(${args}) { ${selection} } }`).then(({ auditTrail }) => auditTrail)
const kinds = async (args: string) => (await trail(args)).nodes.map(({ kind }: { kind: string }) => kind)

test('the trail of a request tells what happened, who did it, which agent, and what it cost', async () => {
  const found = await trail(`requestId: "${toGlobalId('Request', request.id)}"`, `
    nodes { kind actor at request { id } plan { id } approval { decidedBy notes } routingDecision { reason candidates { name score } } task { name } agent { name } usage { costMicroUsd } taskStatus }
    evidence { reason count agentName task { id } } usage { costMicroUsd attempt }`)
  expect(found.nodes.map((node: { kind: string }) => node.kind)).toEqual([
    'REQUEST_SUBMITTED', 'REQUEST_PARSED', 'PLAN_PROPOSED', 'PLAN_APPROVED', 'TASK_DISPATCHED', 'TASK_SUCCEEDED',
  ])
  expect(found.nodes.every((node: { request: { id: string } }) => node.request.id === toGlobalId('Request', request.id))).toBe(true)
  expect(found.nodes[3]).toMatchObject({ actor: 'user:grace', approval: { decidedBy: 'grace', notes: 'go' } })
  expect(found.nodes[4]).toMatchObject({ routingDecision: { reason: 'best score', candidates: [{ name: 'infra-1', score: 0.8 }] }, agent: { name: 'infra-1' } })
  expect(found.nodes[5]).toMatchObject({ actor: 'agent:infra-1', agent: { name: 'infra-1' }, usage: { costMicroUsd: 300 }, task: { name: 'Task 1' } })
  expect(found.evidence).toEqual([{ reason: 'wrong_agent', count: 2, agentName: 'infra-2', task: { id: toGlobalId('Task', task.id) } }])
  expect(found.usage).toEqual([{ costMicroUsd: 65, attempt: null }, { costMicroUsd: 300, attempt: 1 }])
})

test('the trail is found by plan, by user and by time', async () => {
  expect(await kinds(`planId: "${toGlobalId('Plan', plan.id)}"`)).toHaveLength(4)
  expect(await kinds('userId: "ada"')).toEqual(['REQUEST_SUBMITTED'])
  expect(await kinds('userId: "grace"')).toEqual(['PLAN_APPROVED', 'PLAN_PROPOSED'])
  expect(await kinds('from: "2026-11-20T12:30:00Z", to: "2026-11-20T13:00:00Z"')).toEqual(['PLAN_PROPOSED'])
})

test('pages of the trail follow each other forward and backward', async () => {
  const page = 'nodes { kind } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }'
  const first = await trail('first: 4', page)
  const second = await trail(`first: 10, after: "${first.pageInfo.endCursor}"`, page)
  expect([...first.nodes, ...second.nodes]).toHaveLength(7)
  const last = await trail('last: 3', page)
  expect(last.nodes).toEqual(second.nodes)
  expect((await trail(`last: 10, before: "${last.pageInfo.startCursor}"`, page)).nodes).toEqual(first.nodes)
})

test('unknown ids are NOT_FOUND, and a request together with a plan is INVALID_INPUT', async () => {
  const unknown = await api.client.request(`{ auditTrail(planId: "Plan_${randomUUID()}") { nodes { kind } } }`)
  expect(unknown.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  const both = await api.client.request(`{ auditTrail(planId: "${toGlobalId('Plan', plan.id)}", requestId: "${toGlobalId('Request', request.id)}") { nodes { kind } } }`)
  expect(both.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
})

test('costs are added up by day, user, model, plan and capability', async () => {
  const range = 'from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z"'
  const report = async (groupBy: string) =>
    (await api.client.data(`{ costReport(${range}, groupBy: ${groupBy}) { rows { key calls costMicroUsd } total { calls inputTokens costMicroUsd } } }`)).costReport
  expect(await report('DAY')).toEqual({
    rows: [{ key: '2026-11-19', calls: 1, costMicroUsd: 65 }, { key: '2026-11-20', calls: 1, costMicroUsd: 300 }],
    total: { calls: 2, inputTokens: 200, costMicroUsd: 365 },
  })
  expect((await report('USER')).rows).toEqual([{ key: 'ada', calls: 2, costMicroUsd: 365 }])
  expect((await report('MODEL')).rows).toEqual([{ key: 'gpt-5-mini', calls: 2, costMicroUsd: 365 }])
  expect((await report('PLAN')).rows).toEqual([{ key: toGlobalId('Plan', plan.id), calls: 1, costMicroUsd: 300 }, { key: null, calls: 1, costMicroUsd: 65 }])
  expect((await report('CAPABILITY')).rows[0]).toEqual({ key: 'deploy_service', calls: 1, costMicroUsd: 300 })
})

test('costs up to the first of all days have no days before it to add up', async () => {
  const { errors } = await api.client.request('{ costReport(to: "0001-01-01T00:00:00Z") { truncated } }')
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
})

test('the quota shows what is used, reserved and left of the installation and the user', async () => {
  const amount = 'tokens costMicroUsd'
  const { quota } = await api.client.data(`{ quota(userId: "ada") { period limit { ${amount} } used { ${amount} } reserved { ${amount} } left { ${amount} } user { userId left { ${amount} } } } }`)
  expect(quota).toMatchObject({
    limit: { tokens: 1000, costMicroUsd: null },
    used: { tokens: 600, costMicroUsd: 400 },
    reserved: { tokens: 100, costMicroUsd: 50 },
    left: { tokens: 300, costMicroUsd: null },
    user: { userId: 'ada', left: { tokens: null, costMicroUsd: 0 } },
  })
})
