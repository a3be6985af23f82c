/** The bus on RabbitMQ. Only this file and those in rabbitmq/ know AMQP. */
import type { Channel } from 'amqplib'
import { UnavailableError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { AgentBus, PublishOutcome, ServiceBus } from './port.ts'
import { keepChannel } from './rabbitmq/channel.ts'
import { consumeQueue } from './rabbitmq/consumer.ts'
import { keepDeadLettersIn, readDeadLetters } from './rabbitmq/dead-letters.ts'
import { declare, declareOn } from './rabbitmq/declare.ts'
import { listenToHints } from './rabbitmq/hints.ts'
import { createBrokerSession } from './rabbitmq/session.ts'
import { withinTime } from './time-limit.ts'
import { agentTopology, brokerNames, mayAgentPublish, serviceTopology } from './topology.ts'

/** Longest wait for a connection before an operation is refused as unavailable, in milliseconds. */
const operationLimitMs = 10_000

export type RabbitMqOptions = {
  /** `amqp://` or `amqps://` with credentials; `?heartbeat=` in seconds, 10 where absent. */
  readonly url: string
  /** Begins every name on the broker: installations with different prefixes share one. */
  readonly prefix: string
  readonly logger: Logger
}

/** The service's side: declares the topology on each connection, so that a wiped broker is usable again. */
export function createRabbitMqServiceBus(options: RabbitMqOptions): ServiceBus {
  const { prefix, logger } = options
  const names = brokerNames(prefix)
  const session = createBrokerSession({
    ...options,
    name: `${prefix} service`,
    setUp: (model) => declareOn(model, serviceTopology(prefix), logger),
  })
  const { bus, consuming, keep } = session
  const deadLetters = keepDeadLettersIn(names.deadLetters, session.publisher, logger)
  const administration = keepChannel<Channel>(
    consuming,
    { name: 'administration', create: (model) => model.createChannel(), async setUp() {}, onEnd() {} },
    logger,
  )

  /** Runs an operation on the administration channel; a lost broker shows as UnavailableError. */
  async function administer<T>(operation: (channel: Channel) => Promise<T>): Promise<T> {
    const opening = administration.gate.next()
    const channel = (await withinTime(opening, operationLimitMs)) ? await opening : null
    try {
      if (channel) return await operation(channel)
    } catch (error) {
      logger.warn({ err: error }, 'broker operation failed')
    }
    throw new UnavailableError('The message broker cannot be reached. Try again shortly.')
  }

  async function depthOf(channel: Channel, queue: string): Promise<number> {
    const { messageCount } = await channel.checkQueue(queue)
    return messageCount
  }

  return {
    ...bus,
    async consumeResults(handler, options) {
      const consumer = consumeQueue(consuming, { ...options, queue: names.results, handler, deadLetters }, logger)
      await consumer.opened()
      return keep(consumer)
    },
    async consumeHeartbeats(handler, options) {
      const consumer = consumeQueue(consuming, { ...options, queue: names.heartbeats, handler, deadLetters }, logger)
      await consumer.opened()
      return keep(consumer)
    },
    async consumeEvents(handler, missed = () => {}) {
      const listener = listenToHints(consuming, names.exchanges.events, { handler, missed }, logger)
      await listener.opened()
      return keep(listener)
    },
    async declareAgentQueue(agentName) {
      const topology = agentTopology(prefix, agentName)
      await administer((channel) => declare(channel, topology))
    },
    queueDepths: () =>
      administer(async (channel) => ({
        results: await depthOf(channel, names.results),
        heartbeats: await depthOf(channel, names.heartbeats),
        deadLetters: await depthOf(channel, names.deadLetters),
      })),
    readDeadLetters: (limit) => readDeadLetters(consuming, names.deadLetters, limit, logger),
  }
}

/**
 * An agent's side. It declares nothing: topic permissions may allow it its own queue and routing keys only. Before
 * the service ran for the first time there is no exchange, and publishes fail.
 */
export function createRabbitMqAgentBus(options: RabbitMqOptions & { readonly agentName: string }): AgentBus {
  const { prefix, agentName, logger } = options
  const session = createBrokerSession({ ...options, name: `${prefix} agent ${agentName}`, async setUp() {} })
  const queue = brokerNames(prefix).agentQueue(agentName)
  return {
    ...session.bus,
    async publish(messages) {
      const allowed = messages.filter((message) => mayAgentPublish(agentName, message))
      const outcomes: Iterator<PublishOutcome> = (await session.bus.publish(allowed)).values()
      return messages.map((message) => (mayAgentPublish(agentName, message) ? outcomes.next().value : 'failed'))
    },
    async consumeWork(name, handler, options) {
      if (name !== agentName) throw new RangeError(`Agent ${agentName} may consume only its own work.`)
      // Not awaited: the queue is created at the agent's first heartbeat, which may come after this call.
      return session.keep(consumeQueue(session.consuming, { ...options, queue, handler }, logger))
    },
  }
}
