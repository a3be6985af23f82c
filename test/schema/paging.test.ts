import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toGlobalId } from '../../src/global-id.ts'
import { startApi, type Api } from './api.ts'
import * as rows from './rows.ts'

let api: Api
const ids: string[] = []
let agentId = ''
let requestId = ''

const time = (minute: number) => new Date(Date.UTC(2026, 10, 1, 0, Math.floor(minute / 2)))

beforeAll(async () => {
  api = await startApi()
  await api.write((em) => {
    const agent = rows.agentRow(em, 'infra-1')
    agentId = agent.id
    rows.agentRow(em, 'infra-2', { agentType: 'data', intents: ['run_report'] })
    const request = rows.requestRow(em)
    requestId = request.id
    // Two plans share each moment, so that the id decides between them.
    for (let index = 0; index < 30; index++) {
      const plan = rows.planRow(em, request, {
        revision: index + 1, createdAt: time(index), status: index % 3 === 0 ? 'COMPLETED' : 'PENDING_APPROVAL', submittedBy: index < 10 ? 'ada' : 'grace',
      })
      ids.push(plan.id)
      const task = rows.taskRow(em, plan, 1, index === 7 ? { intent: 'rare_thing', agentId: agent.id, attempt: 1 } : {})
      if (index === 7) rows.attemptRow(em, task, agent)
    }
  })
})
afterAll(() => api.stop())

type Connection = {
  nodes: { id: string }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

const byTime = () => ids.map((id, index) => ({ id, at: time(index).getTime(), index })).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
const newestFirst = () => byTime().map(({ id }) => toGlobalId('Plan', id))

async function walk(args: string, direction: 'forward' | 'backward' = 'forward', size = 7): Promise<string[]> {
  const found: string[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < 50; pages++) {
    const position: string = direction === 'forward' ? `first: ${size}, after: $c` : `last: ${size}, before: $c`
    const { plans }: { plans: Connection } = await api.client.data(
      `query ($c: String) { plans(${position} ${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, { c: cursor })
    const page = plans.nodes.map((node) => node.id)
    if (direction === 'forward') found.push(...page)
    else found.unshift(...page)
    if (!(direction === 'forward' ? plans.pageInfo.hasNextPage : plans.pageInfo.hasPreviousPage)) return found
    cursor = direction === 'forward' ? plans.pageInfo.endCursor : plans.pageInfo.startCursor
  }
  throw new Error('The list has no end.')
}

test('walking forward and backward visits every plan once, in order', async () => {
  expect(await walk('')).toEqual(newestFirst())
  expect(await walk('', 'backward')).toEqual(newestFirst())
  expect(await walk(', orderBy: OLDEST_FIRST')).toEqual(newestFirst().toReversed())
})

test('filters by status, user and time combine', async () => {
  const wanted = byTime().filter(({ index }) => index < 10 && index % 3 === 0 && index >= 2).map(({ id }) => toGlobalId('Plan', id))
  expect(await walk(`, status: [COMPLETED, FAILED], userId: "ada", createdFrom: "${time(2).toISOString()}", createdTo: "${time(29).toISOString()}"`, 'forward', 2)).toEqual(wanted)
  expect(await walk(', status: []')).toEqual([])
})

test('filters by agent and capability find the plans that have such a task', async () => {
  const rare = [toGlobalId('Plan', ids[7]!)]
  expect(await walk(', capability: "rare_thing"')).toEqual(rare)
  expect(await walk(`, agentId: "${toGlobalId('Agent', agentId)}", status: [PENDING_APPROVAL]`)).toEqual(rare)
  expect(await walk(`, agentId: "${toGlobalId('Agent', randomUUID())}"`)).toEqual([])
})

test('a cursor stays valid while plans are added', async () => {
  const { plans } = await api.client.data('{ plans(first: 5, userId: "grace") { pageInfo { endCursor } } }')
  await api.write((em) => {
    const request = rows.requestRow(em, { submittedBy: 'grace' })
    rows.planRow(em, request, { createdAt: new Date() })
  })
  const rest = await api.client.data('query ($c: String) { plans(first: 3, after: $c, userId: "grace") { nodes { id } } }', { c: plans.pageInfo.endCursor })
  expect(rest.plans.nodes.map(({ id }: { id: string }) => id)).toEqual(newestFirst().slice(5, 8))
})

test('the plans of a request come newest revision first', async () => {
  const { request } = await api.client.data(
    'query ($id: ID!) { request(id: $id) { latestPlan { revision } plans(first: 2) { nodes { revision } pageInfo { hasNextPage endCursor } } last: plans(last: 2) { nodes { revision } } } }',
    { id: toGlobalId('Request', requestId) })
  expect(request).toMatchObject({ latestPlan: { revision: 30 }, plans: { nodes: [{ revision: 30 }, { revision: 29 }], pageInfo: { hasNextPage: true } }, last: { nodes: [{ revision: 2 }, { revision: 1 }] } })
})

test('agents are listed by name and filtered', async () => {
  const { agents, data, reports } = await api.client.data(
    '{ agents(first: 5) { total nodes { name } } data: agents(agentType: "data", first: 0) { total } reports: agents(capability: "run_report", status: [ONLINE]) { total nodes { name status } } }')
  expect(agents).toEqual({ total: 2, nodes: [{ name: 'infra-1' }, { name: 'infra-2' }] })
  expect(data).toEqual({ total: 1 })
  expect(reports).toEqual({ total: 1, nodes: [{ name: 'infra-2', status: 'ONLINE' }] })
})

const cursorAt = (time: number): string => Buffer.from(JSON.stringify([time, '00000000-0000-4000-8000-000000000000'])).toString('base64url')

test.each<[args: string, path: string, rule: string]>([
  ['first: 101', 'first', 'range'],
  ['first: -1', 'first', 'range'],
  ['last: 101', 'last', 'range'],
  ['first: 1, last: 1', 'last', 'exclusive'],
  ['first: 1, after: "garbage"', 'after', 'cursor'],
  [`first: 1, after: "${Buffer.from('[1,2]').toString('base64url')}"`, 'after', 'cursor'],
  [`first: 1, before: "${Buffer.from(`[1,"x' or 1=1"]`).toString('base64url')}"`, 'before', 'cursor'],
  [`first: 1, after: "${cursorAt(8.64e15)}"`, 'after', 'cursor'],
  [`first: 1, before: "${cursorAt(Date.parse('0000-12-31'))}"`, 'before', 'cursor'],
  ['userId: "\\u0000"', 'userId', 'encoding'],
])('plans(%s) is INVALID_INPUT', async (args, path, rule) => {
  const { errors } = await api.client.request(`{ plans(${args}) { nodes { id } } }`)
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', issues: [{ path, rule }] } }])
})

test.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-01:00', '2026-13-01T00:00:00Z', '2026-01-01'])('the time %s, which the database cannot hold or nobody can tell, is refused', async (time) => {
  const { errors } = await api.client.request(`{ plans(createdFrom: "${time}") { nodes { id } } }`)
  expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
})

test('an empty page is a page', async () => {
  const { plans } = await api.client.data('{ plans(first: 0) { nodes { id } pageInfo { hasNextPage endCursor } } }')
  expect(plans).toEqual({ nodes: [], pageInfo: { hasNextPage: true, endCursor: null } })
})

test('a list tells how many rows it has in all, by its filters and not by its page', async () => {
  const { plans, filtered, rare, request } = await api.client.data(
    `query ($id: ID!) {
      plans(first: 3) { total } filtered: plans(status: [COMPLETED], userId: "ada", last: 1) { total } rare: plans(capability: "rare_thing") { total }
      request(id: $id) { plans(first: 1) { total } }
    }`, { id: toGlobalId('Request', requestId) })
  expect([plans.total, filtered.total, rare.total, request.plans.total]).toEqual([31, 4, 1, 30])
})

test('node and nodes find what an id names, in the order of the ids, and say which lead nowhere', async () => {
  const [first, second] = [toGlobalId('Plan', ids[0]!), toGlobalId('Agent', agentId)]
  const unknown = toGlobalId('Task', randomUUID())
  const { data, errors } = await api.client.request(
    'query ($id: ID!, $ids: [ID!]!) { node(id: $id) { __typename id } nodes(ids: $ids) { __typename id } }', { id: first, ids: [second, unknown, first] })
  expect(data).toEqual({
    node: { __typename: 'Plan', id: first },
    nodes: [{ __typename: 'Agent', id: second }, null, { __typename: 'Plan', id: first }],
  })
  expect(errors).toMatchObject([{ path: ['nodes', 1], extensions: { code: 'NOT_FOUND' } }])
})
