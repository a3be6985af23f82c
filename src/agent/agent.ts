/** The life of an agent: connect, announce, take work, report, stop. */
import { randomUUID } from 'node:crypto'
import type { Logger } from '../logger.ts'
import { agentNamePattern } from '../messaging/port.ts'
import type { AgentBus, Consumer } from '../messaging/port.ts'
import { withinTime } from '../messaging/time-limit.ts'
import type { StartSpan } from '../span.ts'
import { defaultLimits } from './agent-limits.ts'
import type { AgentLimits } from './agent-limits.ts'
import { measureResources } from './agent-resources.ts'
import type { AgentResources } from './agent-resources.ts'
import { createAttempts } from './attempts.ts'
import type { TaskHandlers } from './handler.ts'
import { createHeartbeat } from './heartbeat.ts'
import { createOutbox } from './outbox.ts'
import { agentMessage } from './report.ts'
import { createWorkIntake } from './work-intake.ts'
import type { VerifyEvent } from './work-intake.ts'

export type AgentOptions = Partial<AgentLimits> & {
  /** Unique among the agents of an installation: 1 to 64 of a-z, 0-9 and -. */
  readonly name: string
  /** The agent type that capabilities of the catalog ask for. */
  readonly agentType: string
  /** Tasks carried out at once, 1..10000. */
  readonly slots: number
  /** Started and stopped by the agent. */
  readonly bus: AgentBus
  readonly handlers: TaskHandlers
  /** What is free now; measured on this machine where absent. */
  readonly resources?: () => AgentResources
  /** Refuses messages that are not from the service; without it the broker's permissions are trusted. */
  readonly verify?: VerifyEvent
  readonly logger: Logger
  /** Begins the span of each attempt; absent: no traces, but their context is handed on. */
  readonly startSpan?: StartSpan
}

export type Agent = {
  /** Identifies this run; a new one tells the service that all earlier attempts ended. */
  readonly instance: string
  /** Waits for the broker as long as `signal` allows, announces the agent, then takes work. */
  start(signal?: AbortSignal): Promise<void>
  /** Takes no more work, aborts what runs, reports its end, says good-bye, closes. Bounded; may be called twice. */
  stop(): Promise<void>
}

/** Control messages must never wait behind work: the broker may hand over this many beyond slots and surplus. */
const controlPrefetch = 64
/** The last steps of stopping, milliseconds each: stop takes these, `drainMs` and `flushMs` at most. */
const goodbyeMs = 500
const closeMs = 2_500

/** An agent that carries out work with the given handlers. Throws RangeError for a name or slots out of bounds. */
export function createAgent(options: AgentOptions): Agent {
  const { name, agentType, slots, bus, handlers, resources = measureResources, verify, logger, startSpan } = options
  if (!agentNamePattern.test(name)) throw new RangeError('An agent name has 1 to 64 of a-z, 0-9 and -.')
  if (!Number.isInteger(slots) || slots < 1 || slots > 10_000) throw new RangeError('An agent has 1 to 10000 slots.')
  const limits: AgentLimits = { ...defaultLimits, ...definedOnly(options) }
  const instance = randomUUID()
  const reporter = { name, instance }
  const outbox = createOutbox(bus)
  const attempts = createAttempts({ reporter, slots, handlers, outbox, limits, logger, startSpan })
  const heartbeat = createHeartbeat(beat, limits.heartbeatMs, logger)
  const intents = Object.keys(handlers)
  const workTypes = [...new Set(Object.values(handlers).map((handler) => handler.workType))]
  let consumer: Promise<Consumer | null> = Promise.resolve(null)
  let stopping: Promise<void> | null = null

  async function beat(): Promise<void> {
    const held = attempts.held()
    const message = agentMessage(
      reporter,
      'heartbeat',
      {
        instance,
        agentType,
        intents,
        workTypes,
        slots: stopping ? 0 : Math.max(0, slots - attempts.overdue),
        resources: resources(),
        attempts: held.slice(0, 10_000).map(({ taskId, attempt }) => ({ taskId, attempt })),
      },
      {},
    )
    const [outcome] = await bus.publish([{ ...message, expiresAfterMs: 3 * limits.heartbeatMs }])
    if (outcome !== 'confirmed') logger.debug({ outcome }, 'heartbeat not delivered')
  }

  async function consume(): Promise<Consumer | null> {
    const intake = createWorkIntake({ name, attempts, verify, logger })
    try {
      return await bus.consumeWork(name, intake, { prefetch: slots + limits.surplus + controlPrefetch })
    } catch (error) {
      if (!stopping) logger.error({ err: error }, 'no work can be taken')
      return null
    }
  }

  async function shutDown(): Promise<void> {
    // Tells the service early that no more work fits; nothing waits for it.
    void heartbeat.now()
    await attempts.shutDown()
    if (!(await outbox.drained(limits.flushMs)))
      logger.warn({ messages: outbox.size }, 'stopped with unconfirmed messages')
    heartbeat.stop()
    await withinTime(heartbeat.now(), goodbyeMs)
    outbox.stop()
    if (!(await withinTime(bus.stop(), closeMs))) logger.warn({}, 'stopped before the connection was closed')
    await withinTime(consumer, goodbyeMs)
    logger.info({ agent: name, instance }, 'agent stopped')
  }

  return {
    instance,
    async start(signal) {
      await bus.start(signal)
      if (stopping) return
      heartbeat.start()
      consumer = consume()
      logger.info({ agent: name, instance, agentType, slots, intents }, 'agent started')
    },
    stop() {
      stopping ??= shutDown()
      return stopping
    },
  }
}

/** The limits among the options that were really given. */
function definedOnly(options: Partial<AgentLimits>): Partial<AgentLimits> {
  const given = Object.keys(defaultLimits).filter((key) => options[key as keyof AgentLimits] !== undefined)
  return Object.fromEntries(given.map((key) => [key, options[key as keyof AgentLimits]]))
}
