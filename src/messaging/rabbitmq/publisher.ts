import type { ConfirmChannel, Message } from 'amqplib'
import type { Logger } from '../../logger.ts'
import type { PublishOutcome } from '../port.ts'
import { withinTime } from '../time-limit.ts'
import { keepChannel } from './channel.ts'
import type { LastingConnection } from './connection.ts'

/** Longest wait for a confirm in milliseconds; afterwards the outcome is `failed`, whatever comes later. */
const confirmLimitMs = 10_000
/** Most that may be on its way unconfirmed; a publish beyond fails at once. */
const maxUnconfirmed = 50_000
const maxUnconfirmedBytes = 128 * 1024 * 1024

/** A message as the broker takes it. `exchange` '' publishes straight to the queue named by the routing key. */
export type WireMessage = {
  readonly exchange: string
  readonly routingKey: string
  readonly messageId: string | null
  readonly content: Buffer
  readonly persistent: boolean
  readonly expiresAfterMs?: number
  readonly headers?: Readonly<Record<string, string>>
}

export type Publisher = {
  /** Resolves once a channel is open for the first time. */
  opened(): Promise<void>
  publish(messages: readonly WireMessage[]): Promise<readonly PublishOutcome[]>
  /** Fails all that is unconfirmed, because its confirms cannot come soon. */
  failUnconfirmed(): void
  stop(limitMs: number): Promise<void>
}

type Batch = { fail(): void; readonly done: Promise<readonly PublishOutcome[]> }

/** Publishes with confirms on a channel of its own. */
export function createPublisher(connection: LastingConnection, logger: Logger): Publisher {
  const batches = new Set<Batch>()
  // Correlation ids of messages that came back; the return arrives before the confirm of the same message.
  const returned = new Set<string>()
  let published = 0
  let unconfirmed = 0
  let unconfirmedBytes = 0

  const lasting = keepChannel<ConfirmChannel>(
    connection,
    {
      name: 'publisher',
      create: (model) => model.createConfirmChannel(),
      async setUp(channel) {
        channel.on('return', (message: Message) => returned.add(String(message.properties.correlationId)))
      },
      onEnd: () => returned.clear(),
    },
    logger,
  )

  /** Sends one message; `settle` is called exactly once, now or later. */
  function send(channel: ConfirmChannel, message: WireMessage, settle: (outcome: PublishOutcome) => void): void {
    const { exchange, routingKey, messageId, content, persistent, expiresAfterMs, headers } = message
    published += 1
    const correlationId = published.toString(36)
    const size = content.length
    const settings = {
      mandatory: true,
      persistent,
      contentType: 'application/cloudevents+json',
      correlationId,
      ...(messageId !== null && { messageId }),
      ...(expiresAfterMs !== undefined && { expiration: String(Math.max(1, Math.ceil(expiresAfterMs))) }),
      ...(headers && { headers }),
    }
    try {
      channel.publish(exchange, routingKey, content, settings, (error: unknown) => {
        unconfirmed -= 1
        unconfirmedBytes -= size
        settle(error ? 'failed' : returned.delete(correlationId) ? 'unroutable' : 'confirmed')
      })
    } catch (error) {
      // The channel is closing, or the message cannot be encoded.
      logger.warn({ err: error, routingKey }, 'message not published')
      settle('failed')
      return
    }
    unconfirmed += 1
    unconfirmedBytes += size
  }

  function sendAll(channel: ConfirmChannel, messages: readonly WireMessage[]): Batch {
    const outcomes: PublishOutcome[] = Array.from({ length: messages.length }, () => 'failed')
    const { promise, resolve } = Promise.withResolvers<void>()
    const late = setTimeout(resolve, confirmLimitMs)
    let open = messages.length
    for (const [index, message] of messages.entries()) {
      send(channel, message, (outcome) => {
        outcomes[index] = outcome
        open -= 1
        if (open === 0) resolve()
      })
    }
    const batch: Batch = {
      fail: resolve,
      // Copied, so that a confirm that comes too late changes nothing.
      done: promise.then(() => {
        clearTimeout(late)
        batches.delete(batch)
        return [...outcomes]
      }),
    }
    batches.add(batch)
    return batch
  }

  return {
    async opened() {
      await lasting.gate.next()
    },
    async publish(messages) {
      if (messages.length === 0) return []
      const channel = lasting.gate.value()
      const bytes = messages.reduce((sum, message) => sum + message.content.length, 0)
      const full = unconfirmed + messages.length > maxUnconfirmed || unconfirmedBytes + bytes > maxUnconfirmedBytes
      if (!channel || full || connection.health().blocked) return messages.map(() => 'failed')
      return sendAll(channel, messages).done
    },
    failUnconfirmed() {
      for (const batch of batches) batch.fail()
    },
    async stop(limitMs) {
      await withinTime(Promise.all([...batches].map((batch) => batch.done)), limitMs)
      await lasting.stop(limitMs)
      for (const batch of batches) batch.fail()
    },
  }
}
