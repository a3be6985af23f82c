/**
 * The bus of the embedded mode: the queues of topology.ts in this process's memory, with the same rules. What is
 * on them ends with the process; the database knows what was under way.
 */
import type { Logger } from '../logger.ts'
import { maxReasonLength } from './delivery-policy.ts'
import { createHintBatcher } from './hint-batcher.ts'
import { createInProcessQueue } from './in-process-queue.ts'
import type { DeadMessage } from './in-process-queue.ts'
import { agentNamePattern } from './port.ts'
import type { AgentBus, BusConnection, Consumer, DeadLetter } from './port.ts'
import type { OutgoingMessage, PublishOutcome, ServiceBus } from './port.ts'
import { stopLimitMs, withinTime } from './time-limit.ts'
import { heartbeatTtlMs, mayAgentPublish } from './topology.ts'

/** Most dead letters kept; the oldest go first. */
const maxDeadLetters = 1_000

export type InProcessBroker = {
  /** A replica's side; all of one broker share queues and see each other's hints. */
  serviceBus(): ServiceBus
  agentBus(agentName: string): AgentBus
}

/** `maxQueueLength` bounds every queue: a publish beyond it fails, as it does when RabbitMQ refuses it. */
export function createInProcessBroker(options: { maxQueueLength: number; logger: Logger }): InProcessBroker {
  const { maxQueueLength, logger } = options
  const letters: DeadLetter[] = []
  const results = newQueue()
  const heartbeats = newQueue()
  const agentQueues = new Map<string, ReturnType<typeof newAgentQueue>>()
  const listeners = new Set<(body: string) => void>()

  function newQueue() {
    return createInProcessQueue(maxQueueLength, bury, logger)
  }

  /** Consumers may wait on an agent's queue before the service declares it. */
  function newAgentQueue() {
    return { queue: newQueue(), declared: false }
  }

  function agentQueueOf(agentName: string) {
    if (!agentNamePattern.test(agentName)) throw new RangeError('An agent name has 1 to 64 of a-z, 0-9 and -.')
    const existing = agentQueues.get(agentName)
    if (existing) return existing
    const created = newAgentQueue()
    agentQueues.set(agentName, created)
    return created
  }

  function bury(message: DeadMessage, reason: string): void {
    const letter = { reason: reason.slice(0, maxReasonLength), routingKey: message.routingKey, body: message.body }
    logger.warn({ reason: letter.reason, routingKey: letter.routingKey, messageId: message.messageId }, 'dead letter')
    letters.push({ ...letter, at: new Date().toISOString() })
    if (letters.length > maxDeadLetters) letters.shift()
  }

  function route(message: OutgoingMessage): PublishOutcome {
    const { exchange, routingKey, messageId, body, expiresAfterMs = Infinity } = message
    const queued = { routingKey, messageId, body, expiresAt: performance.now() + expiresAfterMs }
    if (exchange === 'events') {
      for (const listener of listeners) listener(body)
      return listeners.size > 0 ? 'confirmed' : 'unroutable'
    }
    if (exchange === 'results') {
      if (!/^agent\.[^.]*\.heartbeat$/.test(routingKey)) return results.push(queued) ? 'confirmed' : 'failed'
      const expiresAt = performance.now() + Math.min(expiresAfterMs, heartbeatTtlMs)
      return heartbeats.push({ ...queued, expiresAt }) ? 'confirmed' : 'failed'
    }
    const agentQueue = routingKey.startsWith('agent.') ? agentQueues.get(routingKey.slice('agent.'.length)) : undefined
    if (!agentQueue?.declared) return 'unroutable'
    return agentQueue.queue.push(queued) ? 'confirmed' : 'failed'
  }

  return {
    serviceBus() {
      const connection = createConnection(route, logger)
      return {
        ...connection,
        consumeResults: async (handler, options) => connection.keep(results.consume(handler, options)),
        consumeHeartbeats: async (handler, options) => connection.keep(heartbeats.consume(handler, options)),
        async consumeEvents(handler) {
          const hints = createHintBatcher(handler, logger)
          listeners.add(hints.add)
          return connection.keep({
            async stop() {
              listeners.delete(hints.add)
            },
          })
        },
        async declareAgentQueue(agentName) {
          agentQueueOf(agentName).declared = true
        },
        queueDepths: async () => ({
          results: results.depth(),
          heartbeats: heartbeats.depth(),
          deadLetters: letters.length,
        }),
        readDeadLetters: async (limit) => letters.slice(0, limit),
      }
    },
    agentBus(agentName) {
      const connection = createConnection(
        (message) => (mayAgentPublish(agentName, message) ? route(message) : 'failed'),
        logger,
      )
      return {
        ...connection,
        async consumeWork(name, handler, options) {
          if (name !== agentName) throw new RangeError(`Agent ${agentName} may consume only its own work.`)
          return connection.keep(agentQueueOf(name).queue.consume(handler, options))
        },
      }
    },
  }
}

/** One side's connection: its life, its health and its consumers. */
function createConnection(route: (message: OutgoingMessage) => PublishOutcome, logger: Logger) {
  const consumers = new Set<Consumer>()
  let connected = false

  const connection: BusConnection = {
    async start() {
      connected = true
    },
    async stop() {
      const stopped = Promise.all([...consumers].map((consumer) => consumer.stop()))
      if (!(await withinTime(stopped, stopLimitMs))) logger.warn({}, 'a message handler did not end in time')
      connected = false
    },
    health: () => ({ connected, blocked: false, lastError: null }),
    publish: async (messages) => messages.map((message) => (connected ? route(message) : 'failed')),
  }
  return {
    ...connection,
    /** The consumer, stopped with the connection at the latest. */
    keep(consumer: Consumer): Consumer {
      const kept = {
        async stop() {
          consumers.delete(kept)
          await consumer.stop()
        },
      }
      consumers.add(kept)
      return kept
    },
  }
}
