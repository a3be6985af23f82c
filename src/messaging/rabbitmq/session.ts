import type { ChannelModel } from 'amqplib'
import type { Logger } from '../../logger.ts'
import type { BusConnection, Consumer, OutgoingMessage, PublishOutcome } from '../port.ts'
import { stopLimitMs, withinTime } from '../time-limit.ts'
import { brokerNames } from '../topology.ts'
import { createLastingConnection } from './connection.ts'
import type { LastingConnection } from './connection.ts'
import { createPublisher } from './publisher.ts'
import type { Publisher, WireMessage } from './publisher.ts'

export type BrokerSession = {
  readonly bus: BusConnection
  readonly publisher: Publisher
  /** For everything but publishing: a broker that is short of memory stops reading from publishers. */
  readonly consuming: LastingConnection
  /** The consumer, stopped with the session at the latest. */
  keep(consumer: Consumer): Consumer
}

export type SessionOptions = {
  readonly url: string
  readonly prefix: string
  readonly name: string
  readonly logger: Logger
  setUp(model: ChannelModel): Promise<void>
}

/** What both sides share: a connection to publish, another to consume, and their end. */
export function createBrokerSession({ url, prefix, name, logger, setUp }: SessionOptions): BrokerSession {
  const { exchanges } = brokerNames(prefix)
  const publishing = createLastingConnection(
    { url, name: `${name} (publishing)`, setUp, onBlocked: () => publisher.failUnconfirmed() },
    logger,
  )
  const consuming = createLastingConnection({ url, name: `${name} (consuming)`, setUp }, logger)
  const publisher = createPublisher(publishing, logger)
  const consumers = new Set<Consumer>()
  let stopped: Promise<void> | null = null

  function wireMessage(message: OutgoingMessage): WireMessage {
    const { exchange, routingKey, messageId, body, expiresAfterMs } = message
    return {
      exchange: exchanges[exchange],
      routingKey,
      messageId,
      content: Buffer.from(body),
      // Hints and heartbeats are worth nothing after a restart of the broker.
      persistent: exchange !== 'events' && !routingKey.endsWith('.heartbeat'),
      ...(expiresAfterMs !== undefined && { expiresAfterMs }),
    }
  }

  async function closeInOrder(): Promise<void> {
    await Promise.all([...consumers].map((consumer) => consumer.stop()))
    await publisher.stop(stopLimitMs)
    await Promise.all([publishing.stop(stopLimitMs), consuming.stop(stopLimitMs)])
  }

  async function close(): Promise<void> {
    if (await withinTime(closeInOrder(), stopLimitMs)) return
    logger.warn({}, 'the broker or a message handler did not end in time, dropping the connections')
    await Promise.all([publishing.stop(0), consuming.stop(0)])
  }

  return {
    publisher,
    consuming,
    bus: {
      async start(signal) {
        await Promise.all([publishing.start(signal), consuming.start(signal)])
        await publisher.opened()
      },
      stop() {
        stopped ??= close()
        return stopped
      },
      health() {
        const [out, back] = [publishing.health(), consuming.health()]
        return {
          connected: out.connected && back.connected,
          blocked: out.blocked || back.blocked,
          lastError: out.lastError ?? back.lastError,
        }
      },
      publish: (messages): Promise<readonly PublishOutcome[]> => publisher.publish(messages.map(wireMessage)),
    },
    keep(consumer) {
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
