/** Puts the execution side together: engine, outbox, results, heartbeats, leases and live hints of one replica. */
import type pg from 'pg'
import type { Catalog } from './catalog/capability.ts'
import type { Logger } from './logger.ts'
import type { ServiceBus } from './messaging/port.ts'
import type { SignWork } from './messaging/work-signature.ts'
import { newId as systemNewId } from './new-id.ts'
import { pause, systemScheduler, type Scheduler } from './scheduler.ts'
import { createAgentPool } from './services/execution/agent-pool.ts'
import { createAgentRegistry } from './services/execution/agent-registry.ts'
import { createDispatchClock } from './services/execution/dispatch-clock.ts'
import type { EngineObserver } from './services/execution/engine-observer.ts'
import { createLeaseSweeper } from './services/execution/lease-sweeper.ts'
import { createListening } from './services/execution/listening.ts'
import { createOutboxRelay } from './services/execution/outbox-relay.ts'
import { createPlanEngine } from './services/execution/plan-engine.ts'
import { createPlanStore } from './services/execution/plan-store.ts'
import { createResultIngestor } from './services/execution/result-ingestor.ts'
import { createQuotaLedger } from './services/planning/quota-ledger.ts'
import { createPlanFeeds } from './services/watching/plan-feeds.ts'
import { createPresentPlans } from './services/watching/present-plans.ts'
import { createWatchHub, pingBody } from './services/watching/watch-hub.ts'
import { isLoopback, type Settings } from './settings.ts'
import type { StartSpan } from './span.ts'

export type Engine = ReturnType<typeof createEngine>

export type EngineParts = {
  readonly settings: Settings
  readonly logger: Logger
  readonly catalog: Catalog
  readonly pool: pg.Pool
  readonly bus: ServiceBus
  /** The process's own unless a simulation plays them. */
  readonly scheduler?: Scheduler
  readonly newId?: () => string
  /** Signs what agents are sent; absent: unsigned. */
  readonly signWork?: SignWork
  /** Tasks of one plan that one transaction sends out at most (128). */
  readonly tasksAtOnce?: number
  /** Told what the engine does, for figures. */
  readonly observer?: EngineObserver
  /** Absent: no traces. */
  readonly startSpan?: StartSpan
}

/** How long a stopping replica waits for its last hints to be confirmed; a lost hint is found by the comparison of heads. */
const lastHintsMs = 500

export function createEngine({ settings, logger, pool, bus, scheduler = systemScheduler, newId = systemNewId, tasksAtOnce = 128, signWork, observer, startSpan }: EngineParts) {
  const replicaId = newId()
  const leaseSeconds = settings.LEASE_SECONDS
  const runsEngine = settings.ROLES.includes('engine')
  const agentPool = createAgentPool({ database: pool, scheduler, offlineAfterSeconds: settings.AGENT_SILENCE_SECONDS })
  const store = createPlanStore()
  const ledger = createQuotaLedger(settings)
  const publishEvent = async (body: string) => {
    const [outcome] = await bus.publish([{ exchange: 'events', routingKey: 'hint', messageId: newId(), body }])
    return outcome !== 'failed'
  }
  const hub = createWatchHub({ database: pool, replicaId, logger, scheduler, publish: settings.AMQP_URL ? publishEvent : null })
  const clock = observer ? createDispatchClock({ scheduler, observer, bus }) : null
  const format = { leaseSeconds, startSpan, sign: signWork }
  const relay = createOutboxRelay({
    bus: clock ? { ...bus, publish: clock.publish } : bus,
    database: pool,
    replicaId,
    logger,
    scheduler,
    ...format,
    undeliverable: (rows) => void loseUndeliverable(rows),
  })
  const plans = createPlanEngine({
    pool, store, agentPool, ledger, newId, replicaId, scheduler, observer, tasksAtOnce, ...format,
    send(work) {
      clock?.begin(work)
      relay.send(work)
    },
    announce: (hint) => hub.announce(hint),
    slotsFreed: () => {
      if (runsEngine) sweeper.wake()
    },
  })
  const sweeper = createLeaseSweeper({ engine: plans, pool, agentPool, leaseSeconds, logger, scheduler })
  const listening = createListening({ database: pool, replicaId, logger, scheduler, leaseSeconds, ping: async (replica) => void (await publishEvent(pingBody(replica))) })
  const registry = createAgentRegistry({
    bus, pool, agentPool, newId, leaseSeconds, logger, scheduler,
    // The in-process bus has no agent but the bundled one.
    allowed: settings.AGENTS.length > 0 || settings.AMQP_URL && !isLoopback(settings) && !settings.ALLOW_ANONYMOUS ? settings.AGENTS : null,
    queueDiesWithAgent: !settings.AMQP_URL,
    lost: (attempts) => sweeper.lose(attempts, 'agent_restarted'),
    joined: () => sweeper.wake(),
  })
  const ingestor = createResultIngestor({ bus, engine: plans, store, database: pool, leaseSeconds, logger, scheduler, startSpan })

  /** The agent's queue is gone: made anew for the next attempt, this one is lost. */
  async function loseUndeliverable(rows: readonly { plan_id: string; task_id: string; attempt: number; agent_name: string }[]): Promise<void> {
    try {
      await registry.restoreQueues([...new Set(rows.map((row) => row.agent_name))])
      sweeper.lose(rows.map((row) => ({ planId: row.plan_id, taskId: row.task_id, attempt: row.attempt })), 'undeliverable')
    } catch (error) {
      // The dispatch lease ends these attempts.
      logger.warn({ err: error, messages: rows.length }, 'undeliverable work could not be taken back')
    }
  }

  let events: { stop(): Promise<void> } | null = null
  return {
    agentPool, store, ledger, hub, plans, replicaId,
    /** Events that wait for the engine, and messages that wait for the broker, in this process. */
    backlog: () => ({ events: plans.size, messages: relay.pending }),
    feeds: createPlanFeeds({ database: pool, hub }),
    presentPlans: createPresentPlans({ store }),
    async start() {
      hub.start()
      events = await bus.consumeEvents((bodies) => {
        for (const body of bodies) {
          const pinging = hub.hear(body)
          if (pinging) listening.heard(pinging)
        }
      }, () => hub.missed())
      relay.start()
      if (!runsEngine) return
      await registry.start()
      await ingestor.start()
      // Only now does a ping that came back mean that agents are heard too.
      await listening.start()
      sweeper.start()
    },
    /** Intake ends first; what is under way commits; unsent messages are given back. */
    async stop() {
      // At once, and no wait without a limit: each may be waiting for a broker that does not answer.
      if (runsEngine) await Promise.all([ingestor.stop(), registry.stop(), sweeper.stop(), listening.stop()])
      await plans.stop()
      await relay.stop()
      await Promise.race([hub.stop(), pause(scheduler, lastHintsMs)])
      await events?.stop()
    },
  }
}
