/** Figures for Prometheus: what the engine counts as it goes, and what is read when somebody asks. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Logger } from './logger.ts'
import type { ServiceBus } from './messaging/port.ts'
import { withinTime } from './messaging/time-limit.ts'
import type { EngineObserver } from './services/execution/engine-observer.ts'
import { readFigures, type Figures } from './services/watching/figures.ts'
import type { Queryable } from './services/recording/rows.ts'

export type MetricsSources = {
  readonly database: Queryable
  readonly bus: Pick<ServiceBus, 'queueDepths' | 'health'>
  /** Events that wait for the engine and messages that wait for the broker, in this process. */
  readonly backlog: () => { readonly events: number; readonly messages: number }
  /** Subscribers of this process, and the streams that serve them; absent where it serves no API. */
  readonly subscriptions?: () => { readonly subscribers: number; readonly streams: number }
}

export type Metrics = {
  readonly observer: EngineObserver
  /** From then on `render` reads these too. */
  connect(sources: MetricsSources): void
  /** The text format of Prometheus; figures of the last second are not read again. Never rejects. */
  render(): Promise<{ readonly type: string; readonly text: string }>
}

const prefix = 'planwright_'
/** Milliseconds for which figures are good, and in which a dependency has to answer. */
const freshMs = 1_000
const answerMs = 2_000
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics({ logger }: { readonly logger: Pick<Logger, 'debug'> }): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix })
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: prefix + name, help, labelNames, registers })
  const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: prefix + name, help, labelNames, registers })

  const events = counter('engine_events_total', 'Events that the engine has committed.')
  const batches = new Histogram({ name: `${prefix}engine_batch_seconds`, help: 'Time of a transaction of the engine.', buckets: seconds, registers })
  const dispatch = new Histogram({ name: `${prefix}dispatch_seconds`, help: 'Time from the commit of a message to its confirm by the broker.', buckets: seconds, registers })
  const decisions = counter('decisions_total', 'Approvals and rejections of plans.', ['decision'])
  const routing = counter('routing_decisions_total', 'Routing decisions: an agent was found, or the task waits.', ['outcome'])
  const attempts = counter('attempts_ended_total', 'Attempts that ended, by how.', ['status'])

  const up = gauge('dependency_up', '1 where the dependency answers.', ['dependency'])
  const queues = gauge('queue_messages', 'Messages in the queues of the service.', ['queue'])
  const backlog = gauge('engine_backlog', 'What waits in this process: events for the engine, messages for the broker.', ['kind'])
  const subscribers = gauge('subscribers', 'Subscriptions of this process.')
  const streams = gauge('subscription_streams', 'Streams of events that serve them; equal subscriptions share one.')
  const outbox = gauge('outbox_messages', 'Committed messages that the broker has not confirmed, at most 10001.')
  const outboxAge = gauge('outbox_oldest_seconds', 'Age of the oldest of them.')
  const leases = gauge('leases', 'Attempts that agents hold or were sent, by state.', ['status'])
  const overdue = gauge('leases_overdue', 'Those whose lease or deadline is over.')
  const waiting = gauge('tasks_waiting', 'Tasks that no agent can take now, at most 10001.')
  const pending = gauge('plans_pending', 'Plans that wait for a decision, at most 10001.')
  const agents = gauge('agents', 'Agents by state.', ['state'])
  const slots = gauge('agent_slots', 'Slots of agents that are online, and those taken.', ['state'])
  const checkpointAge = gauge('checkpoint_age_seconds', 'Time since the last checkpoint of the log.')

  let sources: MetricsSources | null = null
  let refreshed = -Infinity
  let refreshing: Promise<void> | null = null

  function show(figures: Figures): void {
    outbox.set(figures.outboxMessages)
    outboxAge.set(figures.outboxOldestSeconds)
    leases.reset()
    for (const [status, count] of Object.entries(figures.leases)) leases.set({ status }, count)
    overdue.set(figures.leasesOverdue)
    waiting.set(figures.tasksWaiting)
    pending.set(figures.plansPending)
    agents.set({ state: 'online' }, figures.agentsOnline)
    agents.set({ state: 'offline' }, figures.agentsOffline)
    slots.set({ state: 'all' }, figures.slots)
    slots.set({ state: 'taken' }, figures.slotsTaken)
    if (figures.checkpointAgeSeconds === null) checkpointAge.remove()
    else checkpointAge.set(figures.checkpointAgeSeconds)
  }

  /** A dependency that is away leaves its figures as they were; `dependency_up` says so. */
  async function ask(dependency: string, work: () => Promise<void>): Promise<void> {
    const answer = work().then(() => true, (error: unknown) => {
      logger.debug({ err: error, dependency }, 'figures could not be read')
      return false
    })
    up.set({ dependency }, (await withinTime(answer, answerMs)) && (await answer) ? 1 : 0)
  }

  async function refresh(from: MetricsSources): Promise<void> {
    await Promise.all([
      ask('database', async () => show(await readFigures(from.database))),
      ask('broker', async () => {
        const { connected, blocked } = from.bus.health()
        if (!connected) throw new Error('not connected')
        const { results, heartbeats, deadLetters } = await from.bus.queueDepths()
        queues.set({ queue: 'results' }, results)
        queues.set({ queue: 'heartbeats' }, heartbeats)
        queues.set({ queue: 'dead_letters' }, deadLetters)
        if (blocked) throw new Error('refuses messages')
      }),
    ])
    const { events: forEngine, messages } = from.backlog()
    backlog.set({ kind: 'events' }, forEngine)
    backlog.set({ kind: 'messages' }, messages)
    const served = from.subscriptions?.() ?? { subscribers: 0, streams: 0 }
    subscribers.set(served.subscribers)
    streams.set(served.streams)
  }

  return {
    observer: {
      committed(batch, about) {
        events.inc(about.events)
        batches.observe(about.seconds)
        for (const { decision } of batch.inserts.get('approval') ?? []) decisions.inc({ decision: String(decision) })
        for (const { agent_id: agent } of batch.inserts.get('routing_decision') ?? []) routing.inc({ outcome: agent === null ? 'waiting' : 'dispatched' })
        for (const { attempt } of batch.attempts.values()) if (attempt.finishedAt !== null) attempts.inc({ status: attempt.status })
      },
      dispatched: (time) => dispatch.observe(time),
    },
    connect(given) {
      sources = given
    },
    async render() {
      if (sources && performance.now() - refreshed > freshMs) {
        refreshing ??= refresh(sources).finally(() => {
          refreshing = null
          refreshed = performance.now()
        })
        await refreshing
      }
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}
