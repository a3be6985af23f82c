/** The protocol document of graphql-transport-ws (PROTOCOL.md of graphql-ws), statement by statement. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startApi, type Api } from '../schema/api.ts'

type Message = { readonly type: string; readonly id?: string; readonly payload?: unknown }

const environments = {
  development: {},
  production: { HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true', RATE_LIMIT: '0' },
}

/** Ids that the scripted subscription sends, and how many of its sources are open. */
let send: (id: string) => void = () => {}
let sources = 0
let release: () => void = () => {}

const services = {
  async *watchPlans(_principal: unknown, signal?: AbortSignal) {
    sources++
    const waiting: string[] = []
    let wake: () => void = () => {}
    send = (id) => {
      waiting.push(id)
      wake()
    }
    signal?.addEventListener('abort', () => wake())
    try {
      while (!signal?.aborted) {
        while (waiting.length > 0) {
          const id = waiting.shift()!
          if (id === 'end') return
          yield id
        }
        await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      sources--
    }
  },
  async submitRequest(): Promise<never> {
    await new Promise<void>((resolve) => (release = resolve))
    throw new Error('scripted')
  },
}

const hello = { query: '{ __typename }' }
const changes = { query: 'subscription { plansChanged { id } }' }
const slow = { query: 'mutation { submitRequest(input: { text: "x" }) { __typename } }' }

describe.each(Object.entries(environments))('with %s settings', (_name, environment) => {
  let api: Api
  beforeAll(async () => void (api = await startApi({ services, environment })))
  afterAll(() => api.stop())

  async function open(protocol: string | string[] = 'graphql-transport-ws') {
    const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, protocol)
    const messages: Message[] = []
    const closed = new Promise<{ code: number; reason: string }>((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })))
    socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Message))
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return {
      socket, messages, closed,
      send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
      subscribe: (id: string, payload: object) => socket.send(JSON.stringify({ id, type: 'subscribe', payload })),
      /** The next messages, in order, once so many have come. */
      async next(count: number): Promise<Message[]> {
        await expect.poll(() => messages.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count)
        return messages.splice(0, count)
      },
    }
  }

  async function ready(payload?: unknown) {
    const connection = await open()
    connection.send({ type: 'connection_init', ...(payload !== undefined && { payload }) })
    expect(await connection.next(1)).toMatchObject([{ type: 'connection_ack' }])
    return connection
  }

  /** What arrives before the answer to a ping. */
  async function quiet({ send: write, messages }: Awaited<ReturnType<typeof open>>): Promise<Message[]> {
    write({ type: 'ping' })
    await expect.poll(() => messages.at(-1)?.type, { timeout: 10_000 }).toBe('pong')
    return messages.splice(0).slice(0, -1)
  }

  describe('Communication', () => {
    test('the sub-protocol is graphql-transport-ws, also among others', async () => {
      expect((await open(['other', 'graphql-transport-ws'])).socket.protocol).toBe('graphql-transport-ws')
    })

    test('operations have their ids and are interleaved', async () => {
      const connection = await ready()
      connection.subscribe('slow', slow)
      connection.subscribe('quick', hello)
      expect(await connection.next(2)).toMatchObject([{ id: 'quick', type: 'next' }, { id: 'quick', type: 'complete' }])
      release()
      expect(await connection.next(2)).toMatchObject([{ id: 'slow', type: 'next' }, { id: 'slow', type: 'complete' }])
      connection.socket.close()
    })

    test('the client closes with 1000, and its streams end', async () => {
      const connection = await ready()
      connection.subscribe('1', changes)
      await expect.poll(() => sources, { timeout: 10_000 }).toBe(1)
      connection.socket.close(1000)
      expect((await connection.closed).code).toBe(1000)
      await expect.poll(() => sources, { timeout: 10_000 }).toBe(0)
    })
  })

  describe('ConnectionInit and ConnectionAck', () => {
    test.each([[undefined], [null], [{}], [{ anything: { at: 'all' } }]])('a connection with the payload %j is acknowledged', async (payload) => {
      const connection = await ready(payload)
      expect(await quiet(connection)).toEqual([])
      connection.socket.close()
    })

    test('without it in time the socket is closed', async () => {
      const { closed } = await open()
      expect(await closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' })
    })

    test('a second one closes the socket', async () => {
      const connection = await ready()
      connection.send({ type: 'connection_init' })
      expect(await connection.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' })
      const early = await open()
      early.send({ type: 'connection_init' })
      early.send({ type: 'connection_init' })
      expect((await early.closed).code).toBe(4429)
    })
  })

  describe('Ping and Pong', () => {
    test('a ping is answered at any time, before the connection too', async () => {
      const connection = await open()
      connection.send({ type: 'ping' })
      expect(await connection.next(1)).toMatchObject([{ type: 'pong' }])
      connection.send({ type: 'ping', payload: { any: 'thing' } })
      expect(await connection.next(1)).toMatchObject([{ type: 'pong' }])
      connection.send({ type: 'connection_init' })
      connection.send({ type: 'ping', payload: null })
      await expect.poll(() => connection.messages.map(({ type }) => type).toSorted(), { timeout: 10_000 }).toEqual(['connection_ack', 'pong'])
      connection.socket.close()
    })

    test('a pong that nobody asked for is taken', async () => {
      const connection = await ready()
      connection.send({ type: 'pong' })
      connection.send({ type: 'pong', payload: { beat: 1 } })
      expect(await quiet(connection)).toEqual([])
      connection.socket.close()
    })
  })

  describe('Subscribe', () => {
    test('before the acknowledgement the socket is closed', async () => {
      const connection = await open()
      connection.subscribe('1', hello)
      expect(await connection.closed).toEqual({ code: 4401, reason: 'Unauthorized' })
    })

    test('an id in use closes the socket, whatever the operations are', async () => {
      for (const [first, second] of [[changes, changes], [changes, hello], [slow, hello]] as const) {
        const connection = await ready()
        connection.subscribe('same', first)
        connection.subscribe('same', second)
        expect(await connection.closed).toEqual({ code: 4409, reason: 'Subscriber for same already exists' })
      }
      release()
    })

    test('an id may be used again once its operation is complete, or was refused', async () => {
      const connection = await ready()
      for (let round = 0; round < 3; round++) {
        connection.subscribe('again', hello)
        expect(await connection.next(2)).toMatchObject([{ id: 'again', type: 'next' }, { id: 'again', type: 'complete' }])
        connection.subscribe('again', { query: '{' })
        expect(await connection.next(1)).toMatchObject([{ id: 'again', type: 'error' }])
        connection.subscribe('again', changes)
        connection.send({ id: 'again', type: 'complete' })
        expect(await quiet(connection)).toEqual([])
      }
      connection.socket.close()
    })

    test('null counts as left out, and extensions are allowed', async () => {
      const connection = await ready()
      connection.subscribe('1', { ...hello, variables: null, operationName: null, extensions: null })
      expect(await connection.next(2)).toMatchObject([{ id: '1', type: 'next', payload: { data: { __typename: 'Query' } } }, { type: 'complete' }])
      connection.subscribe('2', { query: 'query a { __typename } query b { b: __typename }', operationName: 'b', variables: { unused: 1 }, extensions: { any: 1 } })
      expect(await connection.next(2)).toMatchObject([{ id: '2', type: 'next', payload: { data: { b: 'Query' } } }, { type: 'complete' }])
      connection.socket.close()
    })
  })

  describe('Next, Error and Complete', () => {
    test('a single result comes as next, then complete', async () => {
      const connection = await ready()
      connection.subscribe('1', hello)
      expect(await connection.next(2)).toMatchObject([{ id: '1', type: 'next', payload: { data: { __typename: 'Query' } } }, { id: '1', type: 'complete' }])
      expect(await quiet(connection)).toEqual([])
      connection.socket.close()
    })

    test('an error of the execution is part of the result', async () => {
      const connection = await ready()
      connection.subscribe('1', { query: '{ plan(id: "x") { id } }' })
      expect(await connection.next(2)).toMatchObject([{ id: '1', type: 'next', payload: expect.objectContaining({ data: { plan: null } }) }, { id: '1', type: 'complete' }])
      connection.socket.close()
    })

    test.each([['a syntax error', '{'], ['an unknown field', '{ nope }'], ['no operation', 'fragment a on Plan { id }']])(
      '%s, found before the execution, is an error and nothing follows', async (_what, query) => {
        const connection = await ready()
        connection.subscribe('1', { query })
        expect(await connection.next(1)).toMatchObject([{ id: '1', type: 'error', payload: expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]) }])
        expect(await quiet(connection)).toEqual([])
        connection.socket.close()
      })

    test('a stream sends its results in order and completes when its source does', async () => {
      const connection = await ready()
      connection.subscribe('1', { query: 'subscription { plansChanged { id } }' })
      await expect.poll(() => sources, { timeout: 10_000 }).toBe(1)
      send('end')
      expect(await connection.next(1)).toMatchObject([{ id: '1', type: 'complete' }])
      expect(await quiet(connection)).toEqual([])
      expect(sources).toBe(0)
      connection.socket.close()
    })

    test('after the client completes, its source ends and nothing more is sent', async () => {
      const connection = await ready()
      connection.subscribe('1', changes)
      await expect.poll(() => sources, { timeout: 10_000 }).toBe(1)
      connection.send({ id: '1', type: 'complete' })
      await expect.poll(() => sources, { timeout: 10_000 }).toBe(0)
      send('00000000-0000-4000-8000-000000000000')
      expect(await quiet(connection)).toEqual([])
      connection.socket.close()
    })

    test('completing what is not there, or no longer, does nothing', async () => {
      const connection = await ready()
      connection.send({ id: 'never', type: 'complete' })
      connection.subscribe('1', hello)
      expect(await connection.next(2)).toMatchObject([{ type: 'next' }, { type: 'complete' }])
      connection.send({ id: '1', type: 'complete' })
      expect(await quiet(connection)).toEqual([])
      connection.socket.close()
    })
  })

  describe('Invalid messages', () => {
    test.each([
      'no json', '', '[]', '"x"', 'null', '{}', '{"type":1}', '{"type":"unknown"}', '{"type":"connection_ack"}x',
      '{"type":"subscribe"}', '{"type":"subscribe","payload":{"query":"{ __typename }"}}', '{"id":"","type":"subscribe","payload":{"query":"{ __typename }"}}',
      '{"id":1,"type":"subscribe","payload":{"query":"{ __typename }"}}', '{"id":"1","type":"subscribe"}', '{"id":"1","type":"subscribe","payload":{}}',
      '{"id":"1","type":"subscribe","payload":{"query":1}}', '{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","variables":"x"}}',
      '{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","operationName":1}}', '{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","extensions":1}}',
      '{"type":"complete"}', '{"id":1,"type":"complete"}', '{"type":"ping","payload":"x"}', '{"type":"pong","payload":1}', '{"type":"connection_init","payload":"x"}',
    ])('%s closes the socket at once with 4400', async (message) => {
      const connection = await ready()
      connection.send(message)
      expect((await connection.closed).code).toBe(4400)
    })
  })
})

test('a service that stops closes with 1001', async () => {
  const api = await startApi({ services })
  const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, 'graphql-transport-ws')
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  await api.stop()
  expect(await closed).toBe(1001)
})
