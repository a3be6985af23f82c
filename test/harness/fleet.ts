/** Two replicas and three agents of the SDK on one PostgreSQL and one RabbitMQ, driven from outside. */
import { createAgent, type Agent } from '../../src/agent/index.ts'
import { loadCatalog } from '../../src/catalog/load-catalog.ts'
import type { WorkRequested } from '../../src/messaging/messages.ts'
import { createRabbitMqAgentBus } from '../../src/messaging/rabbitmq-bus.ts'
import { vi } from 'vitest'
import { provideBroker } from './broker.ts'
import { createTestDatabase } from './database.ts'
import * as documents from './documents.ts'
import { clientOf, startReplica, type Client } from './planwright.ts'
import { silentLogger } from './silent-logger.ts'

export type ReadPlan = { id: string; contentHash: string; status: string; tasks: { id: string; order: number }[] }
export type PlanEvent = { sequence: number; plan: { status: string }; entry: { kind: string } | null }

export type Fleet = {
  /** A client of each replica. */
  readonly first: Client
  readonly second: Client
  /** What the agents were sent, in the order they began it. */
  readonly received: { readonly agent: string; readonly work: WorkRequested }[]
  submit(input: Record<string, unknown>): Promise<Record<string, unknown>>
  planFor(input: string | Record<string, unknown>, userId?: string): Promise<ReadPlan>
  approve(input: Record<string, unknown>, client?: Client): Promise<unknown>
  /** All events of a plan after the number, to its end. */
  watch(client: Client, id: string, after?: number | null): Promise<PlanEvent[]>
  stop(): Promise<void>
}

/** `carryOut` is what every agent does with a piece of work; its result is the task's output. */
export async function startFleet(
  carryOut: (work: WorkRequested) => Promise<unknown>,
  settings: Readonly<Record<string, string>> = {},
): Promise<Fleet> {
  const database = await createTestDatabase()
  const broker = await provideBroker()
  const environment = { DATABASE_URL: database.url, AMQP_URL: broker.url, AMQP_PREFIX: broker.prefix, LEASE_SECONDS: '5', ...settings }
  const replicas = await Promise.all([startReplica(environment), startReplica(environment)])
  const [first, second] = [clientOf(replicas[0]!.url), clientOf(replicas[1]!.url)]
  const received: Fleet['received'] = []
  const names = ['infra-1', 'infra-2', 'infra-3']
  const agents = await Promise.all(names.map((name) => startAgent(name, broker, async (work) => {
    received.push({ agent: name, work })
    return carryOut(work)
  })))
  await vi.waitFor(async () => {
    const { agents: known } = (await first.run('{ agents { nodes { status } } }')) as { agents: { nodes: { status: string }[] } }
    if (known.nodes.filter(({ status }) => status === 'ONLINE').length < names.length) throw new Error('not all agents have joined')
  }, { timeout: 30_000, interval: 100 })

  const submit = async (input: Record<string, unknown>) =>
    (await first.run(documents.submit, { input: { userId: 'ada', ...input } })).submitRequest as Record<string, unknown>
  return {
    first, second, received, submit,
    async planFor(input, userId = 'ada') {
      const request = await submit({ ...(typeof input === 'string' ? { text: input } : input), userId })
      const { generatePlan } = await first.run(documents.generate, { input: { requestId: request['id'], userId } })
      return generatePlan as ReadPlan
    },
    approve: async (input, client = first) => (await client.run(documents.approve, { input })).approvePlan,
    async watch(client, id, after = null) {
      const events: PlanEvent[] = []
      for await (const { planStatus } of client.watch(documents.watchPlan, { id, after })) events.push(planStatus as PlanEvent)
      return events
    },
    async stop() {
      await Promise.all([first.dispose(), second.dispose()])
      await Promise.all(agents.map((agent) => agent.stop()))
      await Promise.all(replicas.map((replica) => replica.stop()))
      await broker.remove(names)
      await database.drop()
    },
  }
}

async function startAgent(
  name: string,
  broker: { readonly url: string; readonly prefix: string },
  run: (work: WorkRequested) => Promise<unknown>,
): Promise<Agent> {
  const catalog = await loadCatalog('catalog')
  const handlers = Object.fromEntries(catalog.capabilities.map((capability) => [capability.id, {
    workType: capability.workType,
    capabilityDigest: capability.digest,
    irreversible: capability.effect === 'irreversible',
    run,
  }]))
  const bus = createRabbitMqAgentBus({ url: broker.url, prefix: broker.prefix, agentName: name, logger: silentLogger })
  const agent = createAgent({ name, agentType: 'infra', slots: 4, bus, handlers, logger: silentLogger })
  await agent.start()
  return agent
}
