import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createAgent, type Agent } from '../src/agent/index.ts'
import { loadCatalog } from '../src/catalog/load-catalog.ts'
import type { WorkRequested } from '../src/messaging/messages.ts'
import { createRabbitMqAgentBus } from '../src/messaging/rabbitmq-bus.ts'
import { provideBroker, type TestBroker } from './harness/broker.ts'
import { createTestDatabase } from './harness/database.ts'
import * as documents from './harness/documents.ts'
import { clientOf, startReplica, type Client } from './harness/planwright.ts'
import { silentLogger } from './harness/silent-logger.ts'

/** Two replicas and three agents on one PostgreSQL and one RabbitMQ, driven from outside. */
describe('from a sentence to finished work', () => {
  const received: { agent: string; work: WorkRequested }[] = []
  const agents: Agent[] = []
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let broker: TestBroker
  let replicas: Awaited<ReturnType<typeof startReplica>>[] = []
  let first: Client
  let second: Client

  beforeAll(async () => {
    database = await createTestDatabase()
    broker = await provideBroker()
    const environment = { DATABASE_URL: database.url, AMQP_URL: broker.url, AMQP_PREFIX: broker.prefix, LEASE_SECONDS: '5' }
    replicas = await Promise.all([startReplica(environment), startReplica(environment)])
    first = clientOf(replicas[0]!.url)
    second = clientOf(replicas[1]!.url)
    const catalog = await loadCatalog('catalog')
    for (const name of ['infra-1', 'infra-2', 'infra-3']) {
      const handlers = Object.fromEntries(catalog.capabilities.map((capability) => [capability.id, {
        workType: capability.workType,
        capabilityDigest: capability.digest,
        irreversible: capability.effect === 'irreversible',
        run: async (work: WorkRequested) => {
          received.push({ agent: name, work })
          return { done: capability.id }
        },
      }]))
      const bus = createRabbitMqAgentBus({ url: broker.url, prefix: broker.prefix, agentName: name, logger: silentLogger })
      const agent = createAgent({ name, agentType: 'infra', slots: 4, bus, handlers, logger: silentLogger })
      agents.push(agent)
      await agent.start()
    }
    await vi.waitFor(async () => {
      const { agents: known } = (await first.run('{ agents { nodes { name status } } }')) as { agents: { nodes: { status: string }[] } }
      if (known.nodes.filter(({ status }) => status === 'ONLINE').length < agents.length) throw new Error('not all agents have joined')
    }, { timeout: 30_000, interval: 100 })
  })

  afterAll(async () => {
    await Promise.all([first?.dispose(), second?.dispose()])
    await Promise.all(agents.map((agent) => agent.stop()))
    await Promise.all(replicas.map((replica) => replica.stop()))
    await broker?.remove(agents.map((_, index) => `infra-${index + 1}`))
    await database?.drop()
  })

  const planFor = async (text: string, userId = 'ada') => {
    const { submitRequest } = (await first.run(documents.submit, { input: { text, userId } })) as { submitRequest: { id: string; status: string } }
    expect(submitRequest).toMatchObject({ __typename: 'Request', status: 'PARSING_COMPLETE' })
    const { generatePlan } = await first.run(documents.generate, { input: { requestId: submitRequest.id, userId } })
    return generatePlan as { id: string; contentHash: string; status: string; tasks: { id: string }[] }
  }
  const approve = async (input: Record<string, unknown>, client = first) => (await client.run(documents.approve, { input })).approvePlan
  const watch = async (client: Client, id: string, after: number | null = null) => {
    const events = []
    for await (const { planStatus } of client.watch(documents.watchPlan, { id, after })) {
      events.push(planStatus as { sequence: number; plan: { status: string }; entry: { kind: string } | null })
    }
    return events
  }

  test('the seed sentence becomes the plan that the catalog promises', async () => {
    const plan = await planFor('Deploy Kuma and add existing portals to config')
    expect(plan).toMatchObject({
      status: 'PENDING_APPROVAL',
      complexity: 'SIMPLE',
      willUseExternalAi: false,
      estimatedMinutes: 4,
      summary: '1. Deploy Uptime Kuma (estimated 3 minutes)\n2. Add existing portals to config (estimated 1 minute)\n\nTotal estimated time: 4 minutes',
      tasks: [
        { name: 'Deploy Uptime Kuma', workType: 'deploy_service', agentType: 'infra', estimatedMinutes: 3 },
        { name: 'Add existing portals to config', workType: 'run_playbook', agentType: 'infra', estimatedMinutes: 1 },
      ],
    })
  })

  test('an approved plan is carried out in order and watched to its end, from either replica', async () => {
    const plan = await planFor('Deploy Kuma and add existing portals to config')
    const watching = Promise.all([watch(first, plan.id), watch(second, plan.id)])
    expect(await approve({ planId: plan.id, contentHash: plan.contentHash, userId: 'ben', notes: 'go' })).toMatchObject({ __typename: 'Plan' })
    for (const events of await watching) {
      expect(events.at(-1)).toMatchObject({ entry: { kind: 'PLAN_COMPLETED', planStatus: 'COMPLETED' }, plan: { status: 'COMPLETED' } })
      expect(events[0]!.entry).toBeNull()
      const numbers = events.map((event) => event.sequence)
      expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index))
    }
    const work = received.filter((one) => one.work.planId === plan.id)
    expect(work.map((one) => one.work.intent)).toEqual(['deploy_kuma', 'add_portals_to_config'])
    expect(work.every((one) => one.work.contentHash === plan.contentHash)).toBe(true)
    expect(await first.run(documents.planById, { id: plan.id })).toMatchObject({
      plan: {
        status: 'COMPLETED',
        approvals: [{ decision: 'APPROVED', decidedBy: 'ben', notes: 'go' }],
        tasks: [
          { status: 'SUCCEEDED', attempt: 1, output: { done: 'deploy_kuma' }, attempts: [{ number: 1, status: 'SUCCEEDED' }] },
          { status: 'SUCCEEDED', attempt: 1, output: { done: 'add_portals_to_config' } },
        ],
      },
    })
    const late = await watch(second, plan.id, 2)
    expect(late.map((event) => event.sequence)).toEqual(late.map((_, index) => index + 3))
    expect(late.at(-1)).toMatchObject({ entry: { kind: 'PLAN_COMPLETED' } })
  })

  test('a decided plan answers a contrary decision with its state and an equal one with itself', async () => {
    const plan = await planFor('Deploy Kuma')
    const reject = { planId: plan.id, approved: false, userId: 'ben', notes: 'not now' }
    expect(await approve(reject)).toMatchObject({ __typename: 'Plan', status: 'REJECTED', approvals: [{ decision: 'REJECTED', notes: 'not now' }] })
    expect(await approve(reject, second)).toMatchObject({ __typename: 'Plan', status: 'REJECTED' })
    expect(await approve({ planId: plan.id, userId: 'cleo' })).toMatchObject({ __typename: 'InvalidStateError', code: 'INVALID_STATE', state: 'REJECTED' })
    expect(received.filter((one) => one.work.planId === plan.id)).toEqual([])
  })

  test('an approval of another hash is refused and dispatches nothing', async () => {
    const plan = await planFor('Deploy Kuma')
    expect(await approve({ planId: plan.id, contentHash: '0'.repeat(64), userId: 'ben' })).toMatchObject({
      __typename: 'PlanChangedError', code: 'PLAN_CHANGED', contentHash: plan.contentHash,
    })
    expect(await first.run(documents.cancel, { input: { planId: plan.id, userId: 'ben' } })).toMatchObject({ cancelPlan: { status: 'CANCELLED' } })
  })

  test('bad input is answered with typed errors', async () => {
    const send = async (input: Record<string, unknown>) => (await first.run(documents.submit, { input })).submitRequest
    for (const text of ['', '   \n', 'x'.repeat(10_001)]) {
      expect(await send({ text, userId: 'ada' })).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' })
    }
    const nobody = `Plan_${crypto.randomUUID()}`
    for (const planId of [nobody, 'nonsense', `Request_${crypto.randomUUID()}`]) {
      expect(await approve({ planId, userId: 'ben' })).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
    }
    expect(await send({ text: 'Tell me a joke about routers.', userId: 'ada' })).toMatchObject({ status: 'PARSING_FAILED', failureReason: expect.any(String) })
  })

  test('a repeated submit with the same key returns the first request', async () => {
    const send = async (text: string) => (await first.run(documents.submit, { input: { text, userId: 'ada', idempotencyKey: 'k-1' } })).submitRequest
    const one = await send('Deploy Kuma')
    expect(await send('Deploy Kuma')).toMatchObject({ id: (one as { id: string }).id })
    expect(await send('Add existing portals to config')).toMatchObject({ __typename: 'InvalidInputError' })
  })

  test('the audit trail says what happened to a request and who did it', async () => {
    const plan = await planFor('Deploy Kuma', 'dora')
    await approve({ planId: plan.id, userId: 'ben' })
    await watch(first, plan.id)
    const { plan: read } = (await first.run(documents.planById, { id: plan.id })) as { plan: { request: { id: string } } }
    const { auditTrail } = await first.run(`query ($id: ID!) { auditTrail(requestId: $id, first: 100) { edges { node { kind actor } } } }`, { id: read.request.id })
    const kinds = (auditTrail as { edges: { node: { kind: string; actor: string } }[] }).edges.map(({ node }) => `${node.kind} ${node.actor}`)
    expect(kinds).toEqual(expect.arrayContaining(['REQUEST_SUBMITTED user:dora', 'PLAN_APPROVED user:ben', 'TASK_DISPATCHED service', 'PLAN_COMPLETED service']))
  })
})
