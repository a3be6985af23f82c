import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { revokeApiToken } from '../../src/services/access/api-tokens.ts'
import { audience, issuer, startIdentityProvider, type IdentityProvider } from './identity-provider.ts'
import { proposePlan, startSecured, type Secured } from './secured.ts'

let provider: IdentityProvider
let service: Secured
beforeAll(async () => {
  provider = await startIdentityProvider()
  await provider.addKey('ed', 'EdDSA')
  service = await startSecured({ JWT_JWKS_URL: provider.jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience })
})
afterAll(async () => {
  await service.stop()
  await provider.stop()
})

const watch = 'subscription ($id: ID!) { planStatus(planId: $id) { sequence } }'

type Stream = { readonly events: number; readonly ended: number | string | null }

/** A subscription over WebSocket: how many events came, and with which code the socket was closed. */
async function overWebSocket(token: string, id: string) {
  const socket = new WebSocket(`${service.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
  const state = { events: 0, ended: null as number | string | null, socket }
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })))
  socket.on('close', (code) => (state.ended = code))
  socket.on('message', (data) => {
    const { type } = JSON.parse(String(data)) as { type: string }
    if (type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: watch, variables: { id } } }))
    if (type === 'next') state.events++
  })
  await begun(state)
  return state
}

/** The same over server-sent events, also for a client that takes whatever comes. */
async function overSse(token: string, id: string, accept = 'text/event-stream') {
  const state = { events: 0, ended: null as number | string | null }
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: watch, variables: { id } }),
  })
  const read = async () => {
    for await (const bytes of response.body!) state.events += String(Buffer.from(bytes)).split('event: next').length - 1
  }
  void read().then(() => (state.ended = 'end'), () => (state.ended = 'cut'))
  await begun(state)
  return state
}

async function begun(stream: Stream): Promise<void> {
  await expect.poll(() => stream.events, { timeout: 30_000 }).toBe(1)
}

test('what a revoked token or an ended JWT has open ends within 60 s, and what others have open goes on', async () => {
  const ada = await service.caller('ada', 'requester')
  const { planId } = await proposePlan(ada)
  const [leaver, stayer] = [await service.caller('leaver', 'viewer'), await service.caller('stayer', 'viewer')]
  const short = await provider.sign('ed', {}, { expires: '5s' })
  const ending = [
    await overWebSocket(leaver.token, planId), await overSse(leaver.token, planId), await overWebSocket(short, planId), await overSse(short, planId),
    await overSse(leaver.token, planId, '*/*'),
  ]
  const staying = [await overWebSocket(stayer.token, planId), await overSse(stayer.token, planId)]
  await revokeApiToken(service.pool, leaver.id)
  await expect.poll(() => ending.map(({ ended }) => ended), { timeout: 60_000 }).toEqual([4401, 'cut', 4401, 'cut', 'cut'])
  expect(staying.map(({ ended }) => ended)).toEqual([null, null])

  const cancelled = await (await service.caller('op', 'operator')).data(`mutation { cancelPlan(input: { planId: "${planId}" }) { ... on Plan { status } } }`)
  expect(cancelled.cancelPlan.status).toBe('CANCELLED')
  await expect.poll(() => staying.every(({ events }) => events > 1), { timeout: 30_000 }).toBe(true)
  expect(ending.map(({ events }) => events)).toEqual([1, 1, 1, 1, 1])
}, 120_000)

test('an open socket cannot act with a token that was revoked a moment ago', async () => {
  const leaver = await service.caller('leaver', 'requester')
  const socket = new WebSocket(`${service.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
  const messages: { type: string; payload?: unknown }[] = []
  socket.on('message', (data) => messages.push(JSON.parse(String(data))))
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${leaver.token}` } })))
  await expect.poll(() => messages, { timeout: 30_000 }).toEqual([{ type: 'connection_ack' }])
  await revokeApiToken(service.pool, leaver.id)
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'mutation { submitRequest(input: { text: "deploy it" }) { __typename } }' } }))
  await expect.poll(() => messages[1], { timeout: 30_000 }).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  socket.close()
})
