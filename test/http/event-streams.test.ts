import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startApi, type Api } from '../schema/api.ts'

let api: Api
/** Subscriptions that were begun and are open now, and mutations that were run. */
let begun = 0
let open = 0
let cancelled = 0

beforeAll(async () => {
  api = await startApi({
    environment: { CONNECTIONS_PER_CALLER: '2' },
    services: {
      watchPlans(_principal, signal = new AbortController().signal) {
        begun++
        open++
        signal.addEventListener('abort', () => open--)
        return { [Symbol.asyncIterator]: () => ({ next: () => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ done: true, value: undefined }))) }) }
      },
      async cancelPlan() {
        cancelled++
        throw new Error('not asked for')
      },
    },
  })
})
afterAll(() => api.stop())
beforeEach(() => {
  begun = 0
  cancelled = 0
})

const subscription = 'subscription { plansChanged { id } }'
const mutation = `mutation { cancelPlan(input: { planId: "Plan_00000000-0000-4000-8000-000000000000" }) { __typename } }`
const ask = (query: string, accept: string, signal?: AbortSignal) =>
  fetch(`${api.url}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json', accept }, body: JSON.stringify({ query }), ...(signal && { signal }),
  })

/** A stream that has begun. */
async function watch(accept: string) {
  const leaving = new AbortController()
  const response = await ask(subscription, accept, leaving.signal)
  expect([response.status, response.headers.get('content-type'), response.headers.get('x-accel-buffering')]).toEqual([200, 'text/event-stream', 'no'])
  return () => leaving.abort()
}

/** A socket after connection_init: the acknowledgement, or the code it was closed with. */
async function socket() {
  const opened = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, 'graphql-transport-ws')
  opened.on('open', () => opened.send('{"type":"connection_init"}'))
  const told = await new Promise<number | string>((resolve) => {
    opened.on('message', (data) => resolve(String(data)))
    opened.on('close', resolve)
    opened.on('unexpected-response', (request, { statusCode }) => {
      request.destroy()
      resolve(statusCode ?? 0)
    })
    opened.on('error', () => {})
  })
  return { told, close: () => opened.close() }
}

test.each(['application/json', 'application/graphql-response+json', 'application/*', 'text/event-stream; charset=latin1, application/json'])(
  'a subscription for a client that takes %s alone is refused and does not begin', async (accept) => {
    const response = await ask(subscription, accept)
    expect(response.status).toBe(406)
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.stringContaining('accept text/event-stream'), extensions: { code: 'NOT_ACCEPTABLE' } }] })
    expect(begun).toBe(0)
  })

test.each(['image/png', 'multipart/mixed', 'application/json; charset=latin1'])('nothing is done for a client that takes %s alone', async (accept) => {
  const response = await ask(mutation, accept)
  expect(response.status).toBe(406)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_ACCEPTABLE' } }] })
  expect(cancelled).toBe(0)
})

test('what one caller has open is bounded, whatever the transport, and there is room again when something ends', async () => {
  const first = await watch('*/*')
  const second = await watch('text/*')
  const refused = await ask(subscription, 'text/event-stream')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
  expect(await refused.text()).toContain('"code":"RATE_LIMITED"')
  expect((await socket()).told).toBe(429)
  expect(await (await ask('{ __typename }', 'text/event-stream')).text()).toContain('"Query"')
  first()
  await expect.poll(() => open, { timeout: 30_000 }).toBe(1)
  const third = await socket()
  expect(third.told).toBe('{"type":"connection_ack"}')
  expect((await ask(subscription, '*/*')).status).toBe(429)
  third.close()
  second()
  await expect.poll(async () => (await socket()).told, { timeout: 30_000 }).toBe('{"type":"connection_ack"}')
  await expect.poll(() => open, { timeout: 30_000 }).toBe(0)
})
