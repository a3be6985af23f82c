import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { UnauthenticatedError } from '../../src/errors.ts'
import { unexpectedMessage } from '../../src/http/client-error.ts'
import { serverLimits } from '../../src/http/server-limits.ts'
import { startApi, type Api } from '../schema/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({
    services: {
      watchPlans: (_principal, signal) => (async function* () {
        await new Promise((resolve) => signal?.addEventListener('abort', resolve))
        yield ''
      })(),
      async submitRequest() { throw new Error('secret') },
    },
    async authenticate({ authorization }) {
      if (authorization === 'Bearer bad') throw new UnauthenticatedError()
      return { userId: authorization ?? 'nobody', roles: ['requester', 'viewer'], authenticated: authorization !== null, credential: null }
    },
    environment: { INTROSPECTION: 'true' },
  })
})
afterAll(() => api.stop())

type Message = { type: string; id?: string; payload?: unknown }

/** A socket that speaks the protocol by hand. */
async function open(protocol = 'graphql-transport-ws') {
  const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, protocol)
  const messages: Message[] = []
  let closed: number | null = null
  socket.on('message', (data) => messages.push(JSON.parse(String(data))))
  socket.on('close', (code) => (closed = code))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return {
    socket, messages,
    send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    message: async (matching: Partial<Message>) => {
      await expect.poll(() => messages, { timeout: 10_000 }).toContainEqual(expect.objectContaining(matching))
      return messages.find((message) => Object.entries(matching).every(([key, value]) => message[key as keyof Message] === value))!
    },
    closes: async (code: number) => {
      await expect.poll(() => closed, { timeout: 10_000 }).toBe(code)
    },
  }
}

async function ready(payload?: object) {
  const connection = await open()
  connection.send({ type: 'connection_init', payload })
  await connection.message({ type: 'connection_ack' })
  return connection
}

const subscribe = (id: string, query: string, variables?: object) => ({ type: 'subscribe', id, payload: { query, variables } })

test('queries, and pings, are answered', async () => {
  const connection = await ready()
  connection.send(subscribe('1', '{ __typename }'))
  expect(await connection.message({ type: 'next', id: '1' })).toMatchObject({ payload: { data: { __typename: 'Query' } } })
  await connection.message({ type: 'complete', id: '1' })
  connection.send({ type: 'ping' })
  await connection.message({ type: 'pong' })
  connection.socket.close()
})

test.each([['a syntax error', '{'], ['an unknown field', '{ nope }'], ['an unknown fragment', '{ ...x }'], ['too many tokens', `{ ${'a '.repeat(4_000)} }`]])(
  '%s is an error message for its operation, and the socket stays open', async (_name, query) => {
    const connection = await ready()
    connection.send(subscribe('1', query))
    const { payload } = await connection.message({ type: 'error', id: '1' })
    expect(payload).toMatchObject([{ message: expect.any(String), extensions: { code: expect.any(String) } }])
    connection.send(subscribe('2', '{ __typename }'))
    await connection.message({ type: 'complete', id: '2' })
    connection.socket.close()
  })

test('an unexpected error is masked here too', async () => {
  const connection = await ready()
  connection.send(subscribe('1', 'mutation { submitRequest(input: { text: "x" }) { __typename } }'))
  const { payload } = await connection.message({ type: 'next', id: '1' })
  expect(payload).toMatchObject({ errors: [{ message: unexpectedMessage, extensions: { requestId: expect.any(String) } }] })
  expect(JSON.stringify(payload)).not.toContain('secret')
  connection.socket.close()
})

test('credentials come with connection_init: wrong ones close with 4401, good ones act', async () => {
  const refused = await open()
  refused.send({ type: 'connection_init', payload: { authorization: 'Bearer bad' } })
  await refused.closes(4401)
  const connection = await ready({ authorization: 'ada' })
  connection.send(subscribe('1', 'mutation { submitRequest(input: { text: "x", userId: "grace" }) { ... on Error { code } } }'))
  expect(await connection.message({ type: 'next', id: '1' })).toMatchObject({ payload: { data: { submitRequest: { code: 'FORBIDDEN' } } } })
  connection.send(subscribe('2', 'mutation { approvePlan(input: { planId: "x" }) { ... on Error { code } } }'))
  expect(await connection.message({ type: 'next', id: '2' })).toMatchObject({ payload: { data: { approvePlan: { code: 'FORBIDDEN' } } } })
  connection.socket.close()
})

test('the protocol closes what breaks it', async () => {
  const wrong = await open('graphql-ws').catch(() => null)
  expect(wrong).toBeNull()
  const early = await open()
  early.send(subscribe('1', '{ __typename }'))
  await early.closes(4401)
  const twice = await ready()
  twice.send({ type: 'connection_init' })
  await twice.closes(4429)
  const garbage = await open()
  garbage.send('{')
  await garbage.closes(4400)
  // A reason of a close that is too long cannot be sent.
  for (const id of ['1', 'x'.repeat(200), '漢'.repeat(200), '\ud83d\ude00'.repeat(100)]) {
    const same = await ready()
    same.send(subscribe(id, 'subscription { plansChanged { id } }'))
    same.send(subscribe(id, 'subscription { plansChanged { id } }'))
    await same.closes(4409)
  }
})

test('a message beyond the limit closes with 1009, and a silent socket with 4408', async () => {
  const large = await ready()
  large.send(subscribe('1', `{ __typename } # ${'x'.repeat(serverLimits.messageBytes)}`))
  await large.closes(1009)
  const silent = await open()
  await silent.closes(4408)
})

test('operations beyond the limit of a socket are refused one by one', async () => {
  const connection = await ready()
  for (let index = 0; index <= serverLimits.operationsPerSocket; index++) connection.send(subscribe(`s${index}`, 'subscription { plansChanged { id } }'))
  const { payload } = await connection.message({ type: 'error' })
  expect(payload).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
  connection.send({ type: 'complete', id: 's0' })
  connection.send(subscribe('again', '{ __typename }'))
  await connection.message({ type: 'complete', id: 'again' })
  connection.socket.close()
})
