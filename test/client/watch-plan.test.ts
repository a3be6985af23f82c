import { createServer, request as forward, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPlanwrightClient, PlanwrightApiError, type ClientOptions, type Interruption, type PlanEvent } from '../../src/client/index.ts'
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts'
import { planOfSteps, startLiveService, type LiveService } from './live-service.ts'

let service: LiveService
let network: TcpProxy
beforeAll(async () => {
  service = await startLiveService()
  network = await startTcpProxy(service.url)
})
afterAll(async () => {
  await network?.stop()
  await service?.stop()
})

const clientAt = (url: string, options: Partial<ClientOptions> = {}) => createPlanwrightClient({ url: new URL('/graphql', url).href, userId: 'ada', ...options })

/** All numbers from the first on, each once. */
function expectWhole(events: readonly PlanEvent[], first: number): void {
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => first + index))
  expect(events.at(-1)).toMatchObject({ entry: { kind: 'PLAN_COMPLETED' }, plan: { status: 'COMPLETED' } })
}

test.each(['websocket', 'sse'] as const)('over %s a watch whose connection is cut again and again has no gap and no repeat, and ends by itself', async (transport) => {
  const direct = clientAt(service.url)
  const client = clientAt(network.url, { transport })
  const interruptions: Interruption[] = []
  const plan = await planOfSteps(direct, 8)
  await direct.approve(plan)
  const events: PlanEvent[] = []
  for await (const event of client.watchPlan(plan.id, { afterSequence: 0, onInterruption: (one) => interruptions.push(one) })) {
    events.push(event)
    if (event.entry?.kind === 'TASK_STARTED') network.cut()
  }
  expectWhole(events, 1)
  expect(interruptions.length).toBeGreaterThan(2)
  client.close()
  direct.close()
})

test('a watch of the present state goes on after a break with what came meanwhile', async () => {
  const direct = clientAt(service.url)
  const client = clientAt(network.url)
  const plan = await planOfSteps(direct, 3)
  const events: PlanEvent[] = []
  for await (const event of client.watchPlan(plan.id)) {
    events.push(event)
    if (events.length > 1) continue
    expect(event.entry).toBeNull()
    network.refuse()
    network.cut()
    await direct.approve(plan)
    network.accept()
  }
  expectWhole(events, plan.sequence)
  client.close()
  direct.close()
})

test('a plan that is over is replayed and completed; beyond its log, and for no plan, the watch throws', async () => {
  const client = clientAt(service.url)
  const plan = await planOfSteps(client, 1)
  await client.reject(plan, { notes: 'not now' })
  const kinds: (string | undefined)[] = []
  for await (const { entry } of client.watchPlan(plan.id, { afterSequence: 0 })) kinds.push(entry?.kind)
  expect(kinds.at(-1)).toBe('PLAN_REJECTED')
  for (const transport of ['websocket', 'sse'] as const) {
    const other = clientAt(service.url, { transport })
    await expect(other.watchPlan(plan.id, { afterSequence: 99 }).next()).rejects.toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: 'afterSequence' }] })
    await expect(other.watchPlan('Plan_none').next()).rejects.toThrow(PlanwrightApiError)
    await expect(other.watchPlan('Plan_none').next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    other.close()
  }
  client.close()
})

test.each(['websocket', 'sse'] as const)('over %s an aborted watch ends quietly, also while nothing happens', async (transport) => {
  const client = clientAt(service.url, { transport })
  const plan = await planOfSteps(client, 1)
  const leaving = new AbortController()
  const events = client.watchPlan(plan.id, { signal: leaving.signal })
  expect(await events.next()).toMatchObject({ done: false })
  const pending = events.next()
  leaving.abort()
  expect(await pending).toEqual({ done: true, value: undefined })
  client.close()
})

test('a watch takes a document of its own', async () => {
  const client = clientAt(service.url)
  const plan = await planOfSteps(client, 1)
  const document = 'subscription ($planId: ID!, $afterSequence: Int) { planStatus(planId: $planId, afterSequence: $afterSequence) { sequence plan { summary } } }'
  const { value } = await client.watchPlan<{ planStatus: { sequence: number; plan: { summary: string } } }>(plan.id, { document }).next()
  expect(value).toMatchObject({ plan: { summary: plan.summary } })
  client.close()
})

test('where a proxy lets no WebSocket through, the watch goes over server-sent events', async () => {
  const proxy = await startProxyWithoutUpgrades(service.url)
  const client = clientAt(proxy.url)
  const plan = await planOfSteps(client, 2)
  await client.approve(plan)
  const events: PlanEvent[] = []
  const interruptions: Interruption[] = []
  for await (const event of client.watchPlan(plan.id, { afterSequence: 0, onInterruption: (one) => interruptions.push(one) })) events.push(event)
  expectWhole(events, 1)
  expect(interruptions).toEqual([])
  expect(proxy.refused()).toBe(1)
  client.close()
  await proxy.stop()
})

/** Forwards requests, and answers upgrades as plain proxies do. */
async function startProxyWithoutUpgrades(target: string): Promise<{ url: string; refused(): number; stop(): Promise<void> }> {
  const { hostname, port } = new URL(target)
  let refused = 0
  const server: Server = createServer((request, response) => {
    const { host: _host, ...headers } = request.headers
    const onward = forward({ hostname, port, path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  })
  server.on('upgrade', (_request, socket) => {
    refused++
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
