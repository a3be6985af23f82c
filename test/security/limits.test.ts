import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { GraphqlResult } from '../harness/graphql-client.ts'
import { startApi, type Api } from '../schema/api.ts'
import { codeOf, startSecured, type Caller, type Secured } from './secured.ts'

async function first(stream: AsyncIterable<GraphqlResult>): Promise<GraphqlResult> {
  try {
    for await (const result of stream) return result
    return {}
  } catch (errors) {
    return { errors: errors as NonNullable<GraphqlResult['errors']> }
  }
}

const hello = '{ __typename }'

describe('rates', () => {
  let service: Secured
  beforeAll(async () => void (service = await startSecured({ RATE_LIMIT: '1' })))
  afterAll(() => service.stop())

  const flood = async (caller: Pick<Caller, 'request'>, query = hello) => (await Promise.all(Array.from({ length: 100 }, () => caller.request(query)))).map(codeOf)

  test('count by token: who floods is refused, others are not', async () => {
    const [ada, bob] = [await service.caller('ada', 'viewer'), await service.caller('bob', 'viewer')]
    const codes = await flood(ada)
    expect(codes.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThan(50)
    expect(codeOf(await bob.request(hello))).toBeUndefined()
    expect(codeOf(await first(bob.overWebSocket(hello)))).toBeUndefined()
    // One person's tokens are counted each for itself, one token's transports together.
    expect(codeOf(await (await service.caller('ada', 'viewer')).request(hello))).toBeUndefined()
  })

  test.each(['{ nope }', '{'])('count what is refused, too, over HTTP and over WebSocket: %s', async (query) => {
    const dora = await service.caller('dora', 'viewer')
    expect((await flood(dora, query)).filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThan(50)
    const eve = await service.caller('eve', 'viewer')
    const answers = await Promise.all(Array.from({ length: 100 }, () => first(eve.overWebSocket(query))))
    expect(answers.filter((answer) => codeOf(answer) === 'RATE_LIMITED').length).toBeGreaterThan(50)
  })

  test('count by address for those who try out tokens', async () => {
    const codes = await flood(service.clientWith(`planwright_${'x'.repeat(43)}`))
    expect(new Set(codes)).toEqual(new Set(['UNAUTHENTICATED', 'RATE_LIMITED']))
    expect(codeOf(await (await service.caller('carol', 'viewer')).request(hello))).toBeUndefined()
  })
})

describe('times', () => {
  let api: Api
  beforeAll(async () => void (api = await startApi({ services: { submitRequest: () => new Promise(() => {}) } })))
  afterAll(() => api.stop())

  test('an operation that takes longer than 10 s is answered, over HTTP and over WebSocket', async () => {
    const query = 'mutation { submitRequest(input: { text: "deploy it" }) { __typename } }'
    const answers = await Promise.all([api.client.request(query), first(api.client.overWebSocket(query))])
    for (const answer of answers) expect(answer.errors).toMatchObject([{ message: expect.stringContaining('longer than 10 s'), extensions: { code: 'UNAVAILABLE' } }])
  }, 60_000)

  test('a socket that answers no ping is ended, one that does stays', async () => {
    const open = async (options: object) => {
      const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, 'graphql-transport-ws', options)
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
      socket.send('{"type":"connection_init"}')
      return socket
    }
    const [silent, alive] = [await open({ autoPong: false }), await open({})]
    const code = await new Promise((resolve) => silent.on('close', resolve))
    expect(code).toBe(1006)
    expect(alive.readyState).toBe(WebSocket.OPEN)
    alive.close()
  }, 60_000)
})

describe('with introspection off', () => {
  let api: Api
  beforeAll(async () => void (api = await startApi({ environment: { INTROSPECTION: 'false' } })))
  afterAll(() => api.stop())

  test.each(['{ __schema { types { name } } }', '{ __type(name: "Plan") { name } }', '{ plan { idd } reqests { nodes { id } } }', '{ plans(statuss: []) { nodes { id } } }', '{ plans(status: [EXPIRE]) { nodes { id } } }'])(
    '%s tells nothing, over HTTP and over WebSocket', async (query) => {
      for (const answer of [await api.client.request(query), await first(api.client.overWebSocket(query))]) {
        expect(answer.errors?.length).toBeGreaterThan(0)
        expect(JSON.stringify(answer)).not.toContain('Did you mean')
        expect(answer.data ?? null).toBeNull()
      }
    })
})
