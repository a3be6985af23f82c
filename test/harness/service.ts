/** The services and the engine of one replica on a test database, with agents played by the SDK or by hand. */
import { createRowReader } from '../../src/services/watching/row-reader.ts'
import { randomUUID } from 'node:crypto'
import type { Catalog } from '../../src/catalog/capability.ts'
import { createAgent, type Agent, type TaskHandler } from '../../src/agent/index.ts'
import { agentMessage, formatReport } from '../../src/agent/report.ts'
import { createServices } from '../../src/create-services.ts'
import { createOrm } from '../../src/database/orm.ts'
import { createPool } from '../../src/database/pool.ts'
import { createEngine } from '../../src/engine.ts'
import type { Plan } from '../../src/entities/plan.ts'
import { parseMessage, type EventOf } from '../../src/messaging/cloud-event.ts'
import { createInProcessBroker } from '../../src/messaging/in-process-bus.ts'
import type { WorkRequested } from '../../src/messaging/messages.ts'
import { readSettings } from '../../src/settings.ts'
import { person } from './plan-builder.ts'
import { silentLogger as logger } from './silent-logger.ts'

/** Polls until the check gives something; fails with what was waited for. */
export async function until<Found>(what: string, check: () => Promise<Found | null | undefined | false> | Found | null | undefined | false, deadlineMs = 30_000): Promise<Found> {
  for (const end = performance.now() + deadlineMs; ; ) {
    const found = await check()
    if (found) return found
    if (performance.now() > end) throw new Error(`Timed out waiting for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export type Service = Awaited<ReturnType<typeof startService>>

type TaskRow = { id: string; status: string; attempt: number; output: unknown; failure_reason: string | null }

/** Starts everything but HTTP; `environment` is read as settings. */
export async function startService(url: string, catalog: Catalog, environment: Readonly<Record<string, string>> = {}) {
  const settings = readSettings({ LEASE_SECONDS: '2', ...environment })
  const orm = await createOrm({ url })
  const pool = createPool({ url, max: 8, logger, pipeline: true })
  const broker = createInProcessBroker({ maxQueueLength: 10_000, logger })
  const bus = broker.serviceBus()
  await bus.start()
  const engine = createEngine({ settings, logger, catalog, pool, bus })
  await engine.start()
  const services = createServices({ settings, logger, catalog, rows: createRowReader({ orm, database: pool }), pool, engine })
  services.start()
  const stops: (() => Promise<void>)[] = []
  const { operations } = services

  const planRow = async (planId: string) => (await pool.query('select * from plan where id = $1', [planId])).rows[0] as { status: string; content_hash: string; approval_id: string }
  const taskRows = async (planId: string) => (await pool.query('select * from task where plan_id = $1 order by position', [planId])).rows as TaskRow[]
  const online = (name: string) =>
    until(`agent ${name}`, async () => (await pool.query('select 1 from agent where name = $1 and online', [name])).rows.length > 0)

  return {
    operations, pool, engine, bus,
    planRow,
    taskRows,
    /** A pending plan for these subtasks. */
    async plan(...parts: { intent: string; dependsOn?: number[] }[]): Promise<Plan> {
      const request = await operations.submitRequest(person('ann'), { subtasks: parts.map((part) => ({ parameters: {}, ...part })) })
      return operations.generatePlan(person('ann'), { requestId: request.id, regenerate: false })
    },
    /** Decides about a plan as it stands. */
    decide: (plan: Plan, { userId = 'bob', approved = true, acceptInfeasible = false } = {}): Promise<Plan> =>
      operations.approvePlan(person(userId), { planId: plan.id, approved, contentHash: plan.contentHash, acceptInfeasible, notes: null, skip: [] }),
    planReaches: (planId: string, status: string) =>
      until(`plan in ${status}`, async () => (await planRow(planId)).status === status),
    taskReaches: (planId: string, order: number, status: string) =>
      until(`task ${order} in ${status}`, async () => {
        const row = (await taskRows(planId))[order - 1]!
        return row.status === status && row
      }),
    evidence: async (planId: string) =>
      (await pool.query('select reason, attempt, agent_name, count from evidence where plan_id = $1 order by reason, attempt', [planId])).rows as
        { reason: string; attempt: number; agent_name: string; count: number }[],
    /** An agent of the SDK that carries out every capability with `run`. */
    async startAgent(name: string, run: TaskHandler['run']): Promise<Agent> {
      const handlers = Object.fromEntries(catalog.capabilities.map(({ id, workType, digest }) => [id, { workType, capabilityDigest: digest, run }]))
      const agent = createAgent({ name, agentType: 'infra', slots: 16, bus: broker.agentBus(name), handlers, logger, heartbeatMs: 300 })
      await agent.start()
      stops.push(() => agent.stop())
      await online(name)
      return agent
    },
    /** An agent that does nothing but what the test says; it stays silent unless `beat` is called. */
    async playAgent(name: string, slots = 16) {
      const agentBus = broker.agentBus(name)
      const instance = randomUUID()
      const reporter = { name, instance }
      const received: EventOf<'planwright.work.requested' | 'planwright.work.granted' | 'planwright.work.cancelled'>[] = []
      await agentBus.start()
      await agentBus.consumeWork(name, async (deliveries) => {
        for (const delivery of deliveries) {
          const parsed = parseMessage(delivery.body, ['planwright.work.requested', 'planwright.work.granted', 'planwright.work.cancelled'])
          if (parsed.ok) received.push(parsed.event)
          delivery.ack()
        }
      }, { prefetch: Math.max(64, slots) })
      stops.push(() => agentBus.stop())
      const beat = (attempts: { taskId: string; attempt: number }[] = []) =>
        agentBus.publish([agentMessage(reporter, 'heartbeat', {
          instance, agentType: 'infra', slots, intents: [...catalog.byId.keys()], workTypes: ['work'],
          resources: { cpuFree: 4, memoryFreeMb: 4_096, gpus: 0 }, attempts,
        }, {})])
      await beat()
      await online(name)
      return {
        received,
        beat,
        /** Reports on an attempt, as often as said. */
        async report(...[work, word, data, times = 1]: [Pick<WorkRequested, 'taskId' | 'attempt'>, 'accepted' | 'succeeded', object, number?]) {
          const message = formatReport(reporter, work, word, data)
          await agentBus.publish(Array.from({ length: times }, () => message))
        },
        work: (attempt = 1, order = 1) =>
          until(`work with attempt ${attempt}`, () => {
            const requests = received.flatMap((event) => (event.type === 'planwright.work.requested' ? [event.data] : []))
            return requests.filter((data) => data.attempt === attempt)[order - 1]
          }),
        granted: () => until('a grant', () => received.some(({ type }) => type === 'planwright.work.granted')),
      }
    },
    async stop() {
      for (const stop of stops) await stop()
      await services.stop()
      await engine.stop()
      await bus.stop()
      await pool.end()
      await orm.close()
    },
  }
}
