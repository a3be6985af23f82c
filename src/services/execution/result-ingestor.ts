/**
 * ResultIngestor: what agents report, applied once. A delivery is acknowledged only after its transaction; while the
 * database is away deliveries are held, not given back, so that an outage never turns results into dead letters.
 */
import { causedBy } from '../../cause.ts'
import { isTransient } from '../../database/database-errors.ts'
import { PlanwrightError, UnavailableError } from '../../errors.ts'
import { fromGlobalId } from '../../global-id.ts'
import type { AgentEvent } from '../../lifecycle/plan-event.ts'
import type { Logger } from '../../logger.ts'
import { parseMessage, type EventOf } from '../../messaging/cloud-event.ts'
import { agentMessageTypes, maxOutputBytes } from '../../messaging/messages.ts'
import type { Consumer, Delivery, ServiceBus } from '../../messaging/port.ts'
import { redactJson } from '../../redact-secrets.ts'
import { pause, type Scheduler } from '../../scheduler.ts'
import type { StartSpan } from '../../span.ts'
import type { Queryable } from '../recording/rows.ts'
import type { PlanEngine, PlanTurn } from './plan-engine.ts'
import type { PlanStore, TaskPlace } from './plan-store.ts'
import { reportedUsage } from './reported-usage.ts'

const reportTypes = [
  'planwright.work.accepted', 'planwright.work.progressed', 'planwright.work.succeeded', 'planwright.work.failed', 'planwright.work.stopped',
] as const
type Report = { readonly event: EventOf<(typeof reportTypes)[number]>; readonly agentName: string }

export type ResultIngestorDeps = {
  readonly bus: Pick<ServiceBus, 'consumeResults'>
  readonly engine: PlanEngine
  readonly store: PlanStore
  readonly database: Queryable
  readonly leaseSeconds: number
  readonly logger: Logger
  readonly scheduler: Scheduler
  readonly prefetch?: number
  /** Begins the span in which a report is applied; absent: no traces. */
  readonly startSpan?: StartSpan | undefined
}

export type ResultIngestor = { start(): Promise<void>; stop(): Promise<void> }

/** Reports are read while earlier ones are being committed; the engine puts all that wait into its next batch. */
const overlappingReads = 16

export function createResultIngestor(deps: ResultIngestorDeps): ResultIngestor {
  let consumer: Consumer | null = null
  const stopping = new AbortController()
  return {
    async start() {
      consumer = await deps.bus.consumeResults((deliveries) => ingest(deps, deliveries, stopping.signal), { prefetch: deps.prefetch ?? 512, overlapping: overlappingReads })
    },
    async stop() {
      stopping.abort()
      await consumer?.stop()
    },
  }
}

async function ingest(deps: ResultIngestorDeps, deliveries: readonly Delivery[], signal: AbortSignal): Promise<void> {
  const readable: { delivery: Delivery; report: Report }[] = []
  for (const delivery of deliveries) {
    const report = readReport(delivery)
    if (typeof report === 'string') delivery.deadLetter(report)
    else readable.push({ delivery, report })
  }
  if (readable.length === 0) return
  const taskIds = [...new Set(readable.map(({ report }) => taskIdOf(report)))]
  const places = await withPatience(deps, () => deps.store.placesOf(deps.database, taskIds), signal).catch(() => null)
  // Not settled: the broker delivers them again to whoever consumes next.
  if (places === null) return
  await Promise.all(readable.map(({ delivery, report }) => settle(deps, delivery, report, places.get(taskIdOf(report)), signal)))
}

const taskIdOf = ({ event }: Report): string => fromGlobalId('Task', event.data.taskId)

/** The report inside a delivery, or why it is none. The sender is whom the routing key names. */
function readReport(delivery: Delivery): Report | string {
  const [, agentName, word] = /^agent\.([a-z0-9-]{1,64})\.([a-z]+)$/.exec(delivery.routingKey) ?? []
  const type = word && word in agentMessageTypes ? agentMessageTypes[word as keyof typeof agentMessageTypes] : undefined
  if (!agentName || !type) return `unknown routing key ${delivery.routingKey.slice(0, 200)}`
  const parsed = parseMessage(delivery.body, reportTypes)
  if (!parsed.ok) return parsed.reason
  // Before anything of it is looked at further: what an agent in any language sends is stored and shown.
  const event = { ...parsed.event, data: redactJson(parsed.event.data) } as Report['event']
  if (event.type !== type) return `the routing key says ${word}, the message is ${event.type}`
  if (event.type === 'planwright.work.succeeded' && Buffer.byteLength(JSON.stringify(event.data.output ?? null)) > maxOutputBytes) {
    return `oversized: an output has at most ${maxOutputBytes} bytes`
  }
  return { event, agentName }
}

async function settle(deps: ResultIngestorDeps, delivery: Delivery, report: Report, place: TaskPlace | undefined, signal: AbortSignal): Promise<void> {
  if (!place) {
    delivery.deadLetter('unknown task')
    return
  }
  const { type, traceparent, requestid: requestId, data: { taskId, attempt } } = report.event
  const span = deps.startSpan?.(`apply ${type}`, {
    kind: 'consumer', parent: traceparent, attributes: { 'planwright.task.id': taskId, 'planwright.attempt': attempt, 'planwright.agent': report.agentName },
  })
  const handedOn = span?.traceparent ?? traceparent
  const cause = requestId === undefined && handedOn === undefined ? undefined : { requestId, traceparent: handedOn }
  try {
    await causedBy(cause, () => withPatience(deps, () => deps.engine.run(place.planId, (turn) => applyReport(deps, turn, place.order, report)), signal))
    delivery.ack()
    deps.logger.debug({ requestId, type, taskId, attempt, agent: report.agentName }, 'a report was applied')
    span?.end()
  } catch (error) {
    span?.end(error instanceof PlanwrightError ? error.code : 'UNEXPECTED')
    if (signal.aborted && error instanceof UnavailableError) return
    if (error instanceof PlanwrightError) delivery.deadLetter(error.message)
    else {
      deps.logger.error({ err: error, requestId, planId: place.planId, type }, 'a report could not be applied')
      delivery.retry()
    }
  }
}

/** Tries again while the database is away, until the consumer stops. */
async function withPatience<Result>({ scheduler }: ResultIngestorDeps, work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (let wait = 50; ; wait = Math.min(2_000, wait * 2)) {
    try {
      return await work()
    } catch (error) {
      const isAway = error instanceof UnavailableError || isTransient(error)
      if (signal.aborted || !isAway) throw error
      await pause(scheduler, wait * (0.5 + scheduler.random() / 2), signal)
    }
  }
}

function applyReport({ leaseSeconds }: ResultIngestorDeps, turn: PlanTurn, order: number, { event, agentName }: Report): void {
  const plan = turn.plan()
  const task = plan.definition.tasks[order - 1]!
  const { attempt } = event.data
  if ('usage' in event.data && event.data.usage) turn.batch.usages.push(reportedUsage(plan, task, { attempt, agentName }, event.data.usage))
  const outcome = turn.apply(toPlanEvent(event, { order, attempt, agentName, instance: event.data.instance }, leaseSeconds))
  const reason = 'refused' in outcome ? outcome.refused : outcome.evidence
  if (reason === null || reason === 'no_change') return
  turn.batch.evidence.push({ planId: plan.definition.id, taskId: task.id, attempt, agentName, reason, sample: sampleOf(event) })
  // A zombie that begins an attempt which is over is told to stop.
  if (reason === 'stale_attempt' && event.type === 'planwright.work.accepted') {
    turn.batch.messages.push({
      planId: plan.definition.id,
      message: { type: 'cancelled', order, attempt, agentName, reason: 'This attempt is over.' },
    })
  }
}

type Source = { order: number; attempt: number; agentName: string; instance: string }

function toPlanEvent(event: Report['event'], from: Source, leaseSeconds: number): AgentEvent {
  switch (event.type) {
    case 'planwright.work.accepted': return { ...from, type: 'accepted', leaseSeconds }
    case 'planwright.work.progressed':
      return { ...from, type: 'progressed', progress: event.data.progress, message: event.data.message ?? null, leaseSeconds }
    case 'planwright.work.succeeded': return { ...from, type: 'succeeded', output: event.data.output ?? null }
    case 'planwright.work.failed': return { ...from, type: 'failed', ...event.data.error }
    case 'planwright.work.stopped': return { ...from, type: 'stopped', outcome: event.data.outcome }
  }
}

/** Enough of a message to see what it was. */
function sampleOf({ type, data }: Report['event']): unknown {
  const text = JSON.stringify(data)
  return { type, data: text.length <= 8_192 ? data : { omitted: true, bytes: text.length } }
}
