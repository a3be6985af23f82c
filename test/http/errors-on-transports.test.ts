import { randomUUID } from 'node:crypto'
import { createClient, type Client } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { InfeasiblePlanError, InvalidStateError, NotFoundError, PlanChangedError, UnavailableError } from '../../src/errors.ts'
import { toGlobalId } from '../../src/global-id.ts'
import { startApi, type Api } from '../schema/api.ts'

let api: Api
let sockets: Client
const planId = randomUUID()

beforeAll(async () => {
  const failures: Record<string, Error> = {
    state: new InvalidStateError('Not now.', 'REJECTED'),
    changed: new PlanChangedError({ id: planId, contentHash: 'b'.repeat(64), revision: 2 }),
    infeasible: new InfeasiblePlanError([{ taskId: null, order: 1, name: 'Deploy', reason: 'nobody is there' }]),
    full: new UnavailableError('Full.', 5),
    missing: new NotFoundError('plan', toGlobalId('Plan', planId)),
    bug: new TypeError('secret at /home/somebody'),
  }
  api = await startApi({
    services: {
      async approvePlan(_principal, { notes }) {
        throw failures[notes ?? ''] ?? new Error('no such case')
      },
      async watchPlan() {
        throw failures['missing']!
      },
    },
  })
  sockets = createClient({ url: `ws://127.0.0.1:${api.port}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 })
})
afterAll(async () => {
  await sockets?.dispose()
  await api?.stop()
})

type Told = { data?: unknown; errors?: unknown[] }

/** What a client acts on: message, path and extensions, whatever carried them; each operation has a request id of its own. */
const essence = ({ data, errors = [] }: { data?: unknown; errors?: readonly { message: string; path?: unknown; extensions?: Readonly<Record<string, unknown>> }[] | undefined }): Told => ({
  data: data ?? null,
  errors: errors.map(({ message, path, extensions }) => ({ message, path: path ?? null, extensions: { ...extensions, ...(extensions?.['requestId'] !== undefined && { requestId: 'some' }) } })),
})

async function overHttp(query: string, variables: object): Promise<Told> {
  return essence(await api.client.request(query, { ...variables }))
}

/** An operation that did not begin is an `error` message there, a result with errors a `next`. */
async function overWebSocket(query: string, variables: object): Promise<Told> {
  try {
    const { value } = await sockets.iterate({ query, variables: { ...variables } }).next()
    return essence(value as never)
  } catch (errors) {
    return essence({ errors: errors as never })
  }
}

const approve = `mutation ($notes: String) { approvePlan(input: { planId: "Plan_${randomUUID()}", notes: $notes }) {
  __typename
  ... on Error { code message }
  ... on InvalidInputError { issues { path rule message } }
  ... on InvalidStateError { status }
  ... on PlanChangedError { contentHash revision }
  ... on InfeasiblePlanError { tasks { order name reason } }
  ... on UnavailableError { retryAfterSeconds }
} }`

test.each([
  ['a syntax error', '{ plans(', {}],
  ['an unknown field', '{ plans { nothing } }', {}],
  ['a time that is none', '{ auditTrail(from: "yesterday") { nodes { at } } }', {}],
  ['one of two operations', 'query A { quota { period } } query B { quota { period } }', {}],
  ['no operation', 'fragment A on Quota { period }', {}],
  ['a variable of the wrong type', 'query ($first: Int) { plans(first: $first) { nodes { id } } }', { first: 'x' }],
  ['a missing variable', 'query ($id: ID!) { plan(id: $id) { id } }', {}],
  ['an input beyond its bounds', '{ plans(first: 1000) { nodes { id } } }', {}],
  ['an unknown id', `{ a: plan(id: "Plan_${randomUUID()}") { id } b: plan(id: "garbage") { id } }`, {}],
  ['too large an operation', `{ ${Array.from({ length: 60 }, (_, index) => `a${index}: quota { period }`).join(' ')} }`, {}],
  ['too dear an operation', '{ plans(first: 100) { nodes { log(first: 500) { nodes { message detail } } } } }', {}],
  ['a notes field beyond its bounds', approve, { notes: 'x'.repeat(10_001) }],
  ['an invalid state', approve, { notes: 'state' }],
  ['a changed plan', approve, { notes: 'changed' }],
  ['an infeasible plan', approve, { notes: 'infeasible' }],
  ['a full service', approve, { notes: 'full' }],
  ['an unknown plan', approve, { notes: 'missing' }],
  ['a fault of ours', approve, { notes: 'bug' }],
])('%s reads the same over HTTP and WebSocket, and tells nothing internal', async (_name, query, variables) => {
  const told = await overHttp(query, variables)
  expect(await overWebSocket(query, variables)).toEqual(told)
  // The other way round: what was refused once is remembered.
  expect(await overWebSocket(`${query} `, variables)).toEqual(told)
  expect(JSON.stringify(told)).not.toMatch(/secret|\/home|node_modules|select |\.ts:/)
  const codes = [...JSON.stringify(told).matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code)
  expect(codes.length).toBeGreaterThan(0)
})

test('a subscription that cannot begin reads the same over server-sent events and WebSocket', async () => {
  for (const id of [toGlobalId('Plan', planId), 'garbage']) {
    const query = `subscription { planStatus(planId: "${id}") { sequence } }`
    const { value } = await api.client.overSse(query).next()
    expect(value).toMatchObject({ errors: [{ path: ['planStatus'], extensions: { code: 'NOT_FOUND' } }] })
    expect(await overWebSocket(query, {})).toEqual(essence(value as never))
  }
})
