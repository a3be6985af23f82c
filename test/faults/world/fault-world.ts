/** Real processes on a real PostgreSQL and RabbitMQ, with a network between them that a test controls. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'pg'
import { provideBroker, type TestBroker } from '../../harness/broker.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { until } from '../../harness/service.ts'
import { startTcpProxy } from '../../harness/tcp-proxy.ts'
import { readLedger, startAgentProcess, type AgentNode, type AgentPlan, type AgentProcess, type LedgerEntry } from './agent-process.ts'
import { startServiceProcess, type ServiceProcess } from './service-process.ts'

export { until }

export type FaultWorldOptions = {
  /** Servers of the test's own, where it kills them; otherwise those of the run. */
  readonly broker?: { readonly url: string }
  readonly database?: () => Promise<TestDatabase>
  /** Settings of every replica beside the world's own. */
  readonly settings?: Readonly<Record<string, string>>
  /** Seconds between AMQP heartbeats (10): two missed ones end a half-open connection. */
  readonly amqpHeartbeat?: number
}

export type FaultWorld = Awaited<ReturnType<typeof createFaultWorld>>

/** Runs `work` in a world of its own; where it fails, the last lines of the replicas' logs are shown. */
export async function inWorld(options: FaultWorldOptions, work: (world: FaultWorld) => Promise<void>): Promise<void> {
  const world = await createFaultWorld(options)
  try {
    await work(world)
  } catch (error) {
    for (const [index, { output }] of world.services.entries()) console.error(`replica ${index + 1}:\n${output().slice(-3_000)}`)
    throw error
  } finally {
    await world.stop()
  }
}

/** Catalog of the fault tests. */
export const catalogPath = fileURLToPath(new URL('catalog.yaml', import.meta.url))

export const leaseSeconds = 4

export async function createFaultWorld(options: FaultWorldOptions = {}) {
  const database = await (options.database ?? createTestDatabase)()
  const broker: TestBroker = options.broker
    ? { url: options.broker.url, prefix: `fault-${randomBytes(6).toString('hex')}`, async remove() {} }
    : await provideBroker()
  const folder = await mkdtemp(join(tmpdir(), 'planwright-faults-'))
  const ledger = join(folder, 'ledger.jsonl')
  const [toDatabase, toBroker, agentsToBroker] = await Promise.all([startTcpProxy(database.url), startTcpProxy(broker.url), startTcpProxy(broker.url)])
  const pool = new Pool({ connectionString: database.url, max: 4 })
  pool.on('error', () => {})
  const services: ServiceProcess[] = []
  const agents: AgentProcess[] = []
  const withHeartbeat = (url: string) => `${url}?heartbeat=${options.amqpHeartbeat ?? 10}`

  /** Rows as they are, past every proxy; tries again while the server is away. */
  async function sql<Row = Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return until(`an answer to ${text}`, () => pool.query(text, [...values]).then(({ rows }) => rows as Row[], (error: Error & { code?: string }) => {
      if (error.code?.startsWith('42')) throw error
      return null
    }), 60_000)
  }

  return {
    broker, toDatabase, toBroker, agentsToBroker, services, agents, sql,
    databaseUrl: database.url,
    /** Starts one more replica. */
    async startService(settings: Readonly<Record<string, string>> = {}, preload?: string): Promise<ServiceProcess> {
      const service = await startServiceProcess({
        DATABASE_URL: toDatabase.url,
        AMQP_URL: withHeartbeat(toBroker.url),
        AMQP_PREFIX: broker.prefix,
        CATALOG: catalogPath,
        LEASE_SECONDS: String(leaseSeconds),
        ...options.settings,
        ...settings,
      }, preload)
      services.push(service)
      return service
    },
    /** Starts an agent and waits until the service has heard of this run of it. */
    async startAgent(name: string, plan: Partial<AgentPlan> = {}, node: AgentNode | null = null): Promise<AgentProcess> {
      const [known] = await sql<{ instance: string }>('select instance from agent where name = $1', [name])
      const agent = await startAgentProcess({
        name, slots: 8, url: withHeartbeat(agentsToBroker.url), prefix: broker.prefix, catalog: catalogPath, ledger, ends: 'at once', heedsCancel: true, ...plan,
      }, node)
      agents.push(agent)
      await until(`agent ${name}`, async () =>
        (await sql('select 1 from agent where name = $1 and online and instance <> $2', [name, known?.instance ?? ''])).length > 0, 60_000)
      return agent
    },
    /** What all agents did, in order. */
    ledger: (): LedgerEntry[] => readLedger(ledger),
    async stop() {
      for (const proxy of [toDatabase, toBroker, agentsToBroker]) proxy.restore()
      await Promise.all([...agents, ...services].map((process) => process.kill()))
      await pool.end()
      await Promise.all([toDatabase.stop(), toBroker.stop(), agentsToBroker.stop()])
      await broker.remove([...new Set(agents.map(({ name }) => name))])
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
