/**
 * The protocol document of graphql-transport-ws (PROTOCOL.md of graphql-ws), statement by statement, on whole replicas.
 * That credentials are refused with 4401 is in test/security/tokens.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startModelServer, type ModelServer } from '../harness/model-server.ts'
import { replicaKinds, type ReplicaKind } from '../harness/replica-kinds.ts'
import { startApi } from '../schema/api.ts'
import { invalidMessages } from './invalid-messages.ts'
import { answered, changes, hello, slow, startSite, statusOf, type Site } from './protocol-site.ts'
import { openConnection, openSocket, patience, type ProtocolSocket } from './protocol-socket.ts'

let model: ModelServer
/** Holds the answers of the model back until what this returns is called. */
const hold = (): (() => void) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  model.obey(() => promise.then(() => ({ subtasks: [], unclear: [], outOfScope: ['Tidy up'] })))
  return resolve
}
const sites = new Map<ReplicaKind, Site>()

beforeAll(async () => {
  model = await startModelServer()
  await Promise.all(replicaKinds.map(async (kind) => sites.set(kind, await startSite(kind, model))))
})
afterAll(async () => {
  await Promise.all([...sites.values()].map((site) => site.stop()))
  await model?.stop()
})

describe.each(replicaKinds)('$mode, with $settings settings', (kind) => {
  let site: Site
  beforeAll(() => void (site = sites.get(kind)!))
  const ready = (payload?: unknown): Promise<ProtocolSocket> => openConnection(site.url, payload)

  describe('Communication', () => {
    test('the sub-protocol is graphql-transport-ws, also among others, and no other is taken', async () => {
      const among = await openSocket(site.url, ['other', 'graphql-transport-ws'])
      expect(among.socket.protocol).toBe('graphql-transport-ws')
      await among.close()
      await expect(openSocket(site.url, 'graphql-ws')).rejects.toThrow('Server sent no subprotocol')
      expect(await (await openSocket(site.url, [])).closed).toMatchObject({ code: 4406 })
    })

    test('operations have their ids, and what comes for them is interleaved', async () => {
      const release = hold()
      const connection = await ready()
      const planId = await site.propose()
      connection.subscribe('slow', slow)
      connection.subscribe('stream', statusOf(planId))
      expect(await connection.next(1)).toMatchObject([{ id: 'stream', type: 'next', payload: { data: { planStatus: { plan: { status: 'PENDING_APPROVAL' } } } } }])
      connection.subscribe('quick', hello)
      expect(await connection.next(2)).toEqual(answered('quick'))
      release()
      expect(await connection.next(2)).toMatchObject([{ id: 'slow', type: 'next' }, { id: 'slow', type: 'complete' }])
      await site.reject(planId)
      expect(new Set((await connection.upTo('complete')).map((message) => 'id' in message && message.id))).toEqual(new Set(['stream']))
      await connection.close()
    })

    test('the client closes with 1000, and its streams end', async () => {
      const connection = await ready()
      connection.subscribe('1', changes)
      await expect.poll(site.subscribers, patience).toBe(1)
      connection.socket.close(1000)
      expect((await connection.closed).code).toBe(1000)
      await expect.poll(site.subscribers, patience).toBe(0)
    })
  })

  describe('ConnectionInit and ConnectionAck', () => {
    test.each([[undefined], [null], [{}], [{ anything: { at: 'all' } }]])('a connection with the payload %j is acknowledged, once', async (payload) => {
      const connection = await ready(payload)
      expect(await connection.untilPong()).toEqual([])
      await connection.close()
    })

    test('a second one closes the socket, before the acknowledgement too', async () => {
      const connection = await ready()
      connection.send({ type: 'connection_init' })
      expect(await connection.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' })
      const early = await openSocket(site.url)
      for (let sent = 0; sent < 2; sent++) early.send({ type: 'connection_init' })
      expect((await early.closed).code).toBe(4429)
    })
  })

  describe('Ping and Pong', () => {
    test('a ping is answered at any time, before the connection and during an operation too', async () => {
      const connection = await openSocket(site.url)
      connection.send({ type: 'ping' })
      expect(await connection.next(1)).toMatchObject([{ type: 'pong' }])
      connection.send({ type: 'ping', payload: { any: 'thing' } })
      expect(await connection.next(1)).toMatchObject([{ type: 'pong' }])
      connection.send({ type: 'connection_init' })
      connection.send({ type: 'ping', payload: null })
      expect((await connection.next(2)).map(({ type }) => type).toSorted()).toEqual(['connection_ack', 'pong'])
      connection.subscribe('1', changes)
      expect(await connection.untilPong()).toEqual([])
      await connection.close()
    })

    test('a pong that nobody asked for is taken at any time', async () => {
      const connection = await openSocket(site.url)
      connection.send({ type: 'pong' })
      connection.send({ type: 'connection_init' })
      expect(await connection.next(1)).toMatchObject([{ type: 'connection_ack' }])
      connection.send({ type: 'pong', payload: { beat: 1 } })
      expect(await connection.untilPong()).toEqual([])
      await connection.close()
    })
  })

  describe('Subscribe', () => {
    test('before the acknowledgement the socket is closed', async () => {
      const connection = await openSocket(site.url)
      connection.subscribe('1', hello)
      expect(await connection.closed).toEqual({ code: 4401, reason: 'Unauthorized' })
    })

    test('an id in use closes the socket, whatever the operations are', async () => {
      const release = hold()
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
        expect(await connection.next(2)).toEqual(answered('again'))
        connection.subscribe('again', { query: '{' })
        expect(await connection.next(1)).toMatchObject([{ id: 'again', type: 'error' }])
        connection.subscribe('again', changes)
        connection.complete('again')
        expect(await connection.untilPong()).toEqual([])
      }
      await connection.close()
    })

    test('the same id on another socket is another operation', async () => {
      const [one, other] = await Promise.all([ready(), ready()])
      one.subscribe('1', changes)
      other.subscribe('1', hello)
      expect(await other.next(2)).toEqual(answered('1'))
      expect(await one.untilPong()).toEqual([])
      await Promise.all([one.close(), other.close()])
    })

    test('null counts as left out, and extensions are allowed', async () => {
      const connection = await ready()
      connection.subscribe('1', { ...hello, variables: null, operationName: null, extensions: null })
      expect(await connection.next(2)).toEqual(answered('1'))
      connection.subscribe('2', { query: 'query a { __typename } query b { b: __typename }', operationName: 'b', variables: { unused: 1 }, extensions: { any: 1 } })
      expect(await connection.next(2)).toMatchObject([{ id: '2', type: 'next', payload: { data: { b: 'Query' } } }, { id: '2', type: 'complete' }])
      await connection.close()
    })
  })

  describe('Next, Error and Complete', () => {
    test('a single result comes as one next, then complete', async () => {
      const connection = await ready()
      connection.subscribe('1', hello)
      expect(await connection.next(2)).toEqual(answered('1'))
      expect(await connection.untilPong()).toEqual([])
      await connection.close()
    })

    test('an error of the execution is part of the result, for a stream that cannot begin, too', async () => {
      const connection = await ready()
      connection.subscribe('1', { query: '{ plan(id: "x") { id } }' })
      expect(await connection.next(2)).toMatchObject([{ id: '1', type: 'next', payload: { data: { plan: null }, errors: [{ path: ['plan'] }] } }, { id: '1', type: 'complete' }])
      connection.subscribe('2', statusOf('Plan_00000000-0000-4000-8000-000000000000'))
      expect(await connection.next(2)).toMatchObject([{ id: '2', type: 'next', payload: { errors: [{ path: ['planStatus'] }] } }, { id: '2', type: 'complete' }])
      expect(await connection.untilPong()).toEqual([])
      await connection.close()
    })

    test.each([
      ['a syntax error', { query: '{' }],
      ['an unknown field', { query: '{ nope }' }],
      ['no operation', { query: 'fragment a on Plan { id }' }],
      ['a name that no operation has', { query: 'query a { __typename }', operationName: 'b' }],
      ['a streaming directive, which the schema has not', { query: '{ ... @defer { __typename } }' }],
    ])('%s, found before the execution, is an error and nothing follows', async (_what, operation) => {
      const connection = await ready()
      connection.subscribe('1', operation)
      expect(await connection.next(1)).toMatchObject([{ id: '1', type: 'error' }])
      expect(await connection.untilPong()).toEqual([])
      await connection.close()
    })

    test('a stream sends its results in order and completes when its source does', async () => {
      const planId = await site.propose()
      const connection = await ready()
      connection.subscribe('1', statusOf(planId, 0))
      const results = await connection.next(1)
      await site.reject(planId)
      results.push(...(await connection.upTo('complete')))
      expect(results.pop()).toEqual({ id: '1', type: 'complete' })
      expect(results).toMatchObject(results.map((_, index) => ({ id: '1', type: 'next', payload: { data: { planStatus: { sequence: index + 1 } } } })))
      expect(results.at(-1)).toMatchObject({ payload: { data: { planStatus: { plan: { status: 'REJECTED' } } } } })
      expect(await connection.untilPong()).toEqual([])
      await expect.poll(site.subscribers, patience).toBe(0)
      await connection.close()
    })

    test('after the client completes, its stream ends and nothing more is sent', async () => {
      const planId = await site.propose()
      const connection = await ready()
      connection.subscribe('1', statusOf(planId))
      connection.subscribe('witness', statusOf(planId))
      await connection.next(2)
      connection.complete('1')
      await expect.poll(site.subscribers, patience).toBe(1)
      await site.reject(planId)
      const seen = await connection.upTo('complete')
      expect(new Set(seen.map((message) => 'id' in message && `${message.type} ${message.id}`))).toEqual(new Set(['next witness', 'complete witness']))
      expect(await connection.untilPong()).toEqual([])
      await connection.close()
    })

    test('the single result of an operation that the client completed before is not sent', async () => {
      const release = hold()
      const finished = (await site.slowRequests()).length + 1
      const connection = await ready()
      connection.subscribe('1', slow)
      await expect.poll(() => model.calls.length, patience).toBe(1)
      connection.complete('1')
      expect(await connection.untilPong()).toEqual([])
      release()
      await expect.poll(async () => (await site.slowRequests()).filter((status) => status !== 'PARSING').length, patience).toBe(finished)
      connection.subscribe('2', hello)
      expect(await connection.next(2)).toEqual(answered('2'))
      expect(await connection.untilPong()).toEqual([])
      await connection.close()
    })

    test('completing what is not there, or no longer, does nothing', async () => {
      const connection = await ready()
      connection.complete('never')
      connection.subscribe('1', hello)
      expect(await connection.next(2)).toEqual(answered('1'))
      connection.complete('1')
      connection.subscribe('2', { query: '{' })
      expect(await connection.next(1)).toMatchObject([{ id: '2', type: 'error' }])
      connection.complete('2')
      expect(await connection.untilPong()).toEqual([])
      await connection.close()
    })
  })

  describe('Invalid messages', () => {
    test.each(invalidMessages)('%s closes the socket at once with 4400', async (message) => {
      const connection = await ready()
      connection.send(message)
      const { code, reason } = await connection.closed
      expect(code).toBe(4400)
      expect(reason).not.toBe('')
    })

    test('one before the connection closes it, too', async () => {
      const connection = await openSocket(site.url)
      connection.send('no json')
      expect((await connection.closed).code).toBe(4400)
    })
  })
})

// After all others: the time has passed by then.
describe.each(replicaKinds)('$mode, with $settings settings', (kind) => {
  test('without a ConnectionInit in time the socket is closed', async () => {
    expect(await sites.get(kind)!.silent.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' })
  })

  test('the server closes sockets when it stops, with 1001', async () => {
    const { url, stop } = sites.get(kind)!
    const [waiting, connected] = await Promise.all([openSocket(url), openConnection(url)])
    connected.subscribe('1', changes)
    await stop()
    expect([(await waiting.closed).code, (await connected.closed).code]).toEqual([1001, 1001])
  })
})

// No request makes a source of a whole replica fail.
test('a stream whose source fails tells the error and completes', async () => {
  const api = await startApi({ services: { async *watchPlans() { yield* []; throw new Error('scripted') } } })
  const connection = await openConnection(api.url)
  connection.subscribe('1', changes)
  expect(await connection.next(2)).toMatchObject([{ id: '1', type: 'next', payload: { errors: [{ message: expect.any(String) }] } }, { id: '1', type: 'complete' }])
  expect(await connection.untilPong()).toEqual([])
  await connection.close()
  await api.stop()
})
