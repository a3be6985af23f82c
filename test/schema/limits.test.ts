import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GraphqlResult } from '../harness/graphql-client.ts'
import { toGlobalId } from '../../src/global-id.ts'
import type { Plan } from '../../src/entities/index.ts'
import { startApi, type Api } from './api.ts'
import * as rows from './rows.ts'

let api: Api
let plan: Plan
beforeAll(async () => {
  api = await startApi({
    services: {
      async watchPlan(_principal, { planId }) {
        return (async function* () {
          yield { planId, sequence: 1, entry: null, changedTaskIds: [] }
        })()
      },
    },
  })
  await api.write((em) => {
    plan = rows.planRow(em, rows.requestRow(em), { summary: 'x'.repeat(20_000) })
    for (let order = 1; order <= 100; order++) rows.taskRow(em, plan, order, { parameters: { text: 'y'.repeat(4_000) } })
  })
})
afterAll(() => api.stop())

const nest = (levels: number): string => (levels === 0 ? 'id' : `plan { tasks { ${nest(levels - 1)} } }`)
const many = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join(' ')
const fanOut = (levels: number): string =>
  `query { plans { nodes { ...f0 } } } ${many(levels, (index) => `fragment f${index} on Plan { ...f${index + 1} ...f${index + 1} ...f${index + 1} }`)} fragment f${levels} on Plan { id }`

const tooLarge: Record<string, string> = {
  'deep nesting': `{ node(id: "x") { ... on Task { ${nest(8)} } } }`,
  'nesting through fragments': `{ node(id: "x") { ...a } } ${many(9, (i) => `fragment ${'abcdefghi'[i]} on Task { plan { tasks { ...${'abcdefghij'[i + 1]} } } }`)} fragment j on Task { id }`,
  'many aliases': `{ plans { nodes { ${many(51, (index) => `a${index}: id`)} } } }`,
  'many root fields': `{ ${many(21, (index) => `r${index}: __typename`)} }`,
  'many directives': `{ plans { nodes { id ${many(51, () => '@include(if: true)')} } } }`,
  'fragments that fan out': fanOut(40),
  'pages within pages': '{ requests(first: 100) { nodes { plans(first: 100) { nodes { log(first: 100) { nodes { message } } } } } } }',
  'pages by variables': '{ requests(first: 100) { nodes { plans(first: 100) { nodes { tasks { attempts { agent { performance { byIntent { intent } } } } } } } } } }',
}

const once = async (stream: AsyncIterable<GraphqlResult>): Promise<GraphqlResult> => {
  for await (const result of stream) return result
  return {}
}

test.each(Object.entries(tooLarge))('%s are refused over HTTP and over WebSocket', async (_name, query) => {
  const started = performance.now()
  const overHttp = await api.client.request(query)
  expect(overHttp.errors?.[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_LARGE' })
  const overSocket = await once(api.client.overWebSocket(query)).catch((errors: GraphqlResult['errors']) => ({ errors }))
  expect(overSocket.errors?.[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_LARGE' })
  expect(performance.now() - started).toBeLessThan(2_000)
})

test.each([
  ['too many tokens', `{ ${'a '.repeat(5_000)} }`],
  ['a cycle of fragments', '{ plans { nodes { ...a } } } fragment a on Plan { ...b } fragment b on Plan { ...a }'],
  ['a deep list value', `{ plans(status: ${'['.repeat(1_000)}${']'.repeat(1_000)}) { nodes { id } } }`],
  ['introspection in circles', '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }'],
])('%s is a clean error', async (_name, query) => {
  const { errors, data } = await api.client.request(query)
  expect(data ?? null).toBeNull()
  expect(errors?.length).toBeGreaterThan(0)
  expect(JSON.stringify(errors)).not.toContain('Unexpected error')
})

/** What is no more than a few lists in the document, and is much more in the answer. */
const large: Record<string, string> = {
  'objects in circles': 'tasks { plan { tasks { plan { tasks { plan { tasks { id } } } } } } }',
  'a long text, again and again': `tasks { plan { ${many(20, (index) => `a${index}: summary`)} } }`,
  'JSON, again and again': 'tasks { plan { tasks { parameters } } }',
  'objects in circles behind a field that may be null': 'tasks { plan { request { latestPlan { tasks { plan { request { latestPlan { tasks { plan { tasks { id } } } } } } } } } } }',
}

test.each(Object.entries(large))('an answer of %s ends before it is made, over HTTP, SSE and WebSocket', async (_name, selection) => {
  const id = toGlobalId('Plan', plan.id)
  const query = `{ plan(id: "${id}") { ${selection} } }`
  const subscription = `subscription { planStatus(planId: "${id}") { plan { ${selection} } } }`
  const started = performance.now()
  const refused = { data: null, errors: [{ message: expect.stringContaining('100,000 values'), extensions: { code: 'OPERATION_TOO_LARGE' } }] }
  expect(await api.client.request(query)).toMatchObject(refused)
  expect(await once(api.client.overWebSocket(query))).toMatchObject(refused)
  expect(await once(api.client.overWebSocket(subscription))).toMatchObject(refused)
  expect(await once(api.client.overSse(subscription))).toMatchObject(refused)
  expect(performance.now() - started).toBeLessThan(30_000)
})

test('one mistake repeated often is told at most 20 times', async () => {
  const { errors } = await api.client.request(`{ plans { nodes { ${'nope '.repeat(40)} } } }`)
  expect(errors!.length).toBeLessThanOrEqual(21)
})

test('the introspection of tools passes', async () => {
  const { getIntrospectionQuery } = await import('graphql')
  const { data } = await api.client.request(getIntrospectionQuery())
  expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } })
})
