import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GraphqlResult } from '../harness/graphql-client.ts'
import { startApi, type Api } from './api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
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

test('one mistake repeated often is told at most 20 times', async () => {
  const { errors } = await api.client.request(`{ plans { nodes { ${'nope '.repeat(40)} } } }`)
  expect(errors!.length).toBeLessThanOrEqual(21)
})

test('the introspection of tools passes', async () => {
  const { getIntrospectionQuery } = await import('graphql')
  const { data } = await api.client.request(getIntrospectionQuery())
  expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } })
})
