import { connect } from 'amqplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAgent, type Agent } from '../src/agent/index.ts'
import { loadCatalog } from '../src/catalog/load-catalog.ts'
import { createRabbitMqAgentBus } from '../src/messaging/rabbitmq-bus.ts'
import { brokerNames } from '../src/messaging/topology.ts'
import { provideBroker, type TestBroker } from './harness/broker.ts'
import { createTestDatabase, type TestDatabase } from './harness/database.ts'
import * as documents from './harness/documents.ts'
import { clientOf, startReplica } from './harness/planwright.ts'
import { until } from './harness/service.ts'
import { silentLogger } from './harness/silent-logger.ts'

type Replica = Awaited<ReturnType<typeof startReplica>>

describe('replicas by role', () => {
  let database: TestDatabase
  let broker: TestBroker
  let api: Replica
  let engine: Replica
  let agent: Agent
  const start = (environment: Record<string, string>) =>
    startReplica({ DATABASE_URL: database.url, AMQP_URL: broker.url, AMQP_PREFIX: broker.prefix, ...environment })

  /** Who takes results and heartbeats. */
  async function consumers(): Promise<number[]> {
    const model = await connect(broker.url)
    try {
      const channel = await model.createChannel()
      const { results, heartbeats } = brokerNames(broker.prefix)
      return [(await channel.checkQueue(results)).consumerCount, (await channel.checkQueue(heartbeats)).consumerCount]
    } finally {
      await model.close()
    }
  }

  beforeAll(async () => {
    database = await createTestDatabase()
    broker = await provideBroker()
    api = await start({ ROLES: 'api' })
  })
  afterAll(async () => {
    await agent?.stop()
    await engine?.stop()
    await api?.stop()
    await broker?.remove(['infra-1'])
    await database?.drop()
  })

  test('one with the API alone takes neither results nor heartbeats', async () => {
    expect(await consumers()).toEqual([0, 0])
    const client = clientOf(api.url)
    const { submitRequest } = await client.run(documents.submit, { input: { text: 'Deploy Kuma', userId: 'ada' } })
    expect(submitRequest).toMatchObject({ status: 'PARSING_COMPLETE' })
    await client.dispose()
  })

  test('one with the engine alone takes them, serves health and metrics, and nothing of the API', async () => {
    engine = await start({ ROLES: 'engine' })
    expect(await consumers()).toEqual([1, 1])
    const status = async (path: string, init?: RequestInit) => (await fetch(`${engine.url}${path}`, init)).status
    expect(await Promise.all(['/health/live', '/health/ready', '/metrics'].map((path) => status(path)))).toEqual([200, 200, 200])
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' }
    expect(await Promise.all(['/graphql', '/schema.graphql', '/', '/api/v1/plan/x/status'].map((path) => status(path)))).toEqual([404, 404, 404, 404])
    expect(await status('/graphql', post)).toBe(404)
    await expect(new Promise((resolve, reject) => {
      const socket = new WebSocket(`${engine.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', () => reject(new Error('refused')))
    })).rejects.toThrow('refused')
  })

  test('together they see a plan through', async () => {
    const catalog = await loadCatalog('catalog')
    const handlers = Object.fromEntries(catalog.capabilities.map(({ id, workType, effect }) =>
      [id, { workType, irreversible: effect === 'irreversible', run: async () => ({ done: true }) }]))
    const bus = createRabbitMqAgentBus({ url: broker.url, prefix: broker.prefix, agentName: 'infra-1', logger: silentLogger })
    agent = createAgent({ name: 'infra-1', agentType: 'infra', slots: 4, bus, handlers, logger: silentLogger })
    await agent.start()
    const client = clientOf(api.url)
    await until('the agent', async () => {
      const { agents } = (await client.run('{ agents { nodes { status } } }')) as { agents: { nodes: unknown[] } }
      return agents.nodes.length > 0
    })
    const { submitRequest } = await client.run(documents.submit, { input: { text: 'Deploy Kuma', userId: 'ada' } })
    const { generatePlan } = await client.run(documents.generate, { input: { requestId: (submitRequest as { id: string }).id } })
    const { id } = generatePlan as { id: string }
    expect(await client.run(documents.approve, { input: { planId: id, userId: 'ben' } })).toMatchObject({ approvePlan: { __typename: 'Plan' } })
    const events = []
    for await (const { planStatus } of client.watch(documents.watchPlan, { id, after: 0 })) events.push(planStatus)
    expect(events.at(-1)).toMatchObject({ plan: { status: 'COMPLETED' }, entry: { kind: 'PLAN_COMPLETED' } })
    await client.dispose()
  })
})
