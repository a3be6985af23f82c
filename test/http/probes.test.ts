import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { provideBroker } from '../harness/broker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'
import * as documents from '../harness/documents.ts'
import { freePort } from '../harness/free-port.ts'
import { clientOf, startReplica } from '../harness/planwright.ts'
import { until } from '../harness/service.ts'
import { startTcpProxy } from '../harness/tcp-proxy.ts'
import { createHealthCheck } from '../../src/http/probes.ts'

type Replica = Awaited<ReturnType<typeof startReplica>>

/** Samples by `name{labels}`. */
const samplesOf = (text: string): Map<string, number> =>
  new Map(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const at = line.lastIndexOf(' ')
    return [line.slice(0, at), Number(line.slice(at + 1))]
  }))

describe('metrics of a replica', () => {
  let database: TestDatabase
  let replica: Replica
  const scrape = async () => {
    const answer = await fetch(`${replica.url}/metrics`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')])
    return samplesOf(await answer.text())
  }
  beforeAll(async () => {
    database = await createTestDatabase()
    replica = await startReplica({ DATABASE_URL: database.url })
  })
  afterAll(async () => {
    await replica?.stop()
    await database?.drop()
  })

  test('the state of the installation and of the process is told', async () => {
    const samples = await scrape()
    expect(Object.fromEntries(samples)).toMatchObject({
      'planwright_dependency_up{dependency="database"}': 1,
      'planwright_dependency_up{dependency="broker"}': 1,
      'planwright_queue_messages{queue="results"}': 0,
      'planwright_queue_messages{queue="dead_letters"}': 0,
      'planwright_outbox_messages': 0,
      'planwright_outbox_oldest_seconds': 0,
      'planwright_leases_overdue': 0,
      'planwright_agents{state="online"}': 1,
      'planwright_agent_slots{state="all"}': 4,
      'planwright_plans_pending': 0,
      'planwright_subscribers': 0,
      'planwright_engine_backlog{kind="events"}': 0,
    })
    expect(samples.get('planwright_nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0)
  })

  test('what happens is counted: decisions, dispatches and their latency, attempts, subscribers', async () => {
    const client = clientOf(replica.url)
    const { submitRequest } = await client.run(documents.submit, { input: { text: 'Deploy Kuma', userId: 'ada' } })
    const { generatePlan } = await client.run(documents.generate, { input: { requestId: (submitRequest as { id: string }).id } })
    const { id } = generatePlan as { id: string }
    const watching = client.watch(documents.watchPlan, { id })
    await watching.next()
    await until('the subscriber and the pending plan', async () => {
      const samples = await scrape()
      return samples.get('planwright_subscribers') === 1 && samples.get('planwright_plans_pending') === 1
    })
    await client.run(documents.approve, { input: { planId: id, userId: 'ben' } })
    for await (const _ of watching);
    const samples = await until('the end of the attempt', async () => {
      const read = await scrape()
      return read.get('planwright_attempts_ended_total{status="SUCCEEDED"}') === 1 && read.get('planwright_subscribers') === 0 && read
    })
    expect(Object.fromEntries(samples)).toMatchObject({
      'planwright_decisions_total{decision="APPROVED"}': 1,
      'planwright_routing_decisions_total{outcome="dispatched"}': 1,
      'planwright_dispatch_seconds_count': 1,
      'planwright_plans_pending': 0,
    })
    expect(samples.get('planwright_engine_events_total')).toBeGreaterThanOrEqual(3)
    expect(samples.get('planwright_engine_batch_seconds_count')).toBeGreaterThanOrEqual(3)
    await client.dispose()
  })

  test('a page of another site cannot read them', async () => {
    const answer = await fetch(`${replica.url}/metrics`, { headers: { origin: 'https://evil.example' } })
    expect(answer.status).toBe(403)
  })
})

test('readiness names what is missing, also a database that hangs, of which many probes ask once', async () => {
  let questions = 0
  const broker = { connected: true, blocked: false }
  const check = (query: () => Promise<unknown>) => createHealthCheck({ database: { query }, broker: () => broker, answerMs: 50 })
  const hanging = check(() => {
    questions++
    return new Promise(() => {})
  })
  const answers = await Promise.all(Array.from({ length: 20 }, hanging))
  expect(answers[19]).toEqual({ ready: false, dependencies: { database: { ok: false, detail: 'does not answer' }, broker: { ok: true, detail: 'connected' } } })
  await hanging()
  expect(questions).toBe(1)
  expect(await check(() => Promise.reject(new Error('away')))()).toMatchObject({ ready: false, dependencies: { database: { ok: false } } })
  expect(await check(async () => {})()).toMatchObject({ ready: true })
  broker.blocked = true
  expect(await check(async () => {})()).toMatchObject({ ready: false, dependencies: { broker: { ok: false, detail: 'refuses messages' } } })
  broker.connected = false
  expect(await check(async () => {})()).toMatchObject({ ready: false, dependencies: { broker: { ok: false, detail: 'not connected' } } })
})

describe('a replica that starts', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database?.drop())

  test('says that it waits for the broker, and turns callers away until it is there', async () => {
    const broker = await provideBroker()
    const network = await startTcpProxy(broker.url)
    network.refuse()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const starting = startReplica({ DATABASE_URL: database.url, AMQP_URL: network.url, AMQP_PREFIX: broker.prefix, PORT: String(port), ROLES: 'api' })
    await until('the database to be known', async () => {
      const answer = await fetch(`${url}/health/ready`).catch(() => null)
      return answer?.status === 503 && JSON.stringify(await answer.json()) ===
        '{"ready":false,"dependencies":{"database":{"ok":true,"detail":"answers"},"broker":{"ok":false,"detail":"not connected"}}}'
    })
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    const early = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ quota { period } }"}' })
    expect([early.status, await early.json()]).toMatchObject([503, { errors: [{ extensions: { code: 'UNAVAILABLE' } }] }])
    network.accept()
    const replica = await starting
    expect((await fetch(`${replica.url}/health/ready`)).status).toBe(200)
    await replica.stop()
    await network.stop()
    await broker.remove([])
  })

  test('ends at once when it is stopped while it waits for the broker', async () => {
    const port = await freePort()
    const stopping = new AbortController()
    const starting = startReplica({ DATABASE_URL: database.url, AMQP_URL: 'amqp://127.0.0.1:1', PORT: String(port) }, { signal: stopping.signal })
    const ended = starting.then(() => 'it started', (error: Error) => error.message)
    const url = `http://127.0.0.1:${port}/health/live`
    await until('it to wait', () => fetch(url).then(({ ok }) => ok, () => false))
    stopping.abort()
    expect(await ended).toContain('Not connected to the broker')
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  test('says which setting is at fault where it cannot listen', async () => {
    const failure = (environment: Record<string, string>) =>
      startReplica({ DATABASE_URL: database.url, ...environment }).then(() => 'it started', (error: Error) => `${error.name} ${error.message}`)
    const replica = await startReplica({ DATABASE_URL: database.url })
    const port = new URL(replica.url).port
    expect(await failure({ PORT: port })).toMatch(new RegExp(`^SettingsError PORT: something listens on 127.0.0.1:${port} already`))
    await replica.stop()
    expect(await failure({ HOST: '203.0.113.1', ALLOW_ANONYMOUS: 'true' })).toBe('SettingsError HOST: 203.0.113.1 is no address of this machine.')
  })

  test.each([
    ['another address', (url: URL) => { url.port = '1' }, 'ECONNREFUSED'],
    ['another name of a database', (url: URL) => { url.pathname = '/nothing' }, 'database "nothing" does not exist'],
    ['another password', (url: URL) => { url.password = 'wrong-one' }, 'password authentication failed'],
  ])('says that DATABASE_URL has %s than the database', async (_what, change, told) => {
    const url = new URL(database.url)
    change(url)
    const failure = await startReplica({ DATABASE_URL: url.href }).then(() => 'it started', (error: Error) => `${error.name} ${error.message}`)
    expect(failure).toMatch(/^SettingsError DATABASE_URL: /)
    expect(failure).toContain(told)
    expect(failure).not.toContain(url.password)
  })
})

describe('beyond loopback', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database?.drop())
  const start = (environment: Record<string, string>) =>
    startReplica({ DATABASE_URL: database.url, HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true', ...environment })

  test('metrics are not on the port of the API', async () => {
    const replica = await start({})
    try {
      const answers = await Promise.all(['/metrics', '/health/ready'].map((path) => fetch(`${replica.url}${path}`)))
      expect(answers.map(({ status }) => status)).toEqual([404, 200])
    } finally {
      await replica.stop()
    }
  })

  test('METRICS_PORT serves them, and nothing of the API, apart', async () => {
    const probe = await freePort()
    const replica = await start({ METRICS_PORT: String(probe) })
    try {
      const status = async (url: string) => (await fetch(url)).status
      const apart = `http://127.0.0.1:${probe}`
      expect(await Promise.all([status(`${replica.url}/metrics`), status(`${apart}/metrics`), status(`${apart}/health/live`), status(`${apart}/graphql`)])).toEqual([404, 200, 200, 404])
    } finally {
      await replica.stop()
    }
  })
})
