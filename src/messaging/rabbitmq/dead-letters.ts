import { randomUUID } from 'node:crypto'
import type { GetMessage } from 'amqplib'
import type { Logger } from '../../logger.ts'
import type { KeepDeadLetter } from '../delivery-ledger.ts'
import { deliveryLimitReason, maxReasonLength } from '../delivery-policy.ts'
import type { DeadLetter } from '../port.ts'
import { closeChannel, watch } from './channel.ts'
import type { LastingConnection } from './connection.ts'
import type { Publisher } from './publisher.ts'

/** Most dead letters read at once: each is held back from others until all are read. */
const maxRead = 1_000

/** Why the broker itself gave a message up, in our words. */
const brokerReasons: Readonly<Record<string, string>> = {
  delivery_limit: deliveryLimitReason,
  rejected: 'refused by its receiver',
  maxlen: 'queue full',
}

/** Publishes letters straight to their queue; the original is acknowledged only after that is confirmed. */
export function keepDeadLettersIn(queue: string, publisher: Publisher, logger: Logger): KeepDeadLetter {
  return {
    async keep({ routingKey, body, messageId }, reason) {
      const at = new Date().toISOString()
      const headers = { reason: reason.slice(0, maxReasonLength), 'routing-key': routingKey, at }
      logger.warn({ ...headers, messageId }, 'dead letter')
      const letter = { exchange: '', routingKey: queue, messageId: messageId ?? randomUUID(), content: body, headers }
      const [outcome] = await publisher.publish([{ ...letter, persistent: true }])
      return outcome === 'confirmed'
    },
  }
}

/** Reads all there are, up to a bound, and gives everything back. */
export async function readDeadLetters(
  connection: LastingConnection,
  queue: string,
  limit: number,
  logger: Logger,
): Promise<DeadLetter[]> {
  const model = connection.gate.value()
  if (!model) return []
  const channel = await model.createChannel()
  void watch(channel, queue, logger)
  const messages: GetMessage[] = []
  try {
    while (messages.length < maxRead) {
      const message = await channel.get(queue)
      if (message === false) break
      messages.push(message)
    }
  } finally {
    // What was read and not acknowledged returns to the queue.
    await closeChannel(channel)
  }
  // Returning takes effect later and in any order, so the order on the queue says little after the first read.
  return messages
    .map(letterOf)
    .toSorted((one, other) => (one.at ?? '').localeCompare(other.at ?? ''))
    .slice(0, limit)
}

function letterOf({ content, fields, properties }: GetMessage): DeadLetter {
  const body = content.toString('utf8')
  const headers: Record<string, unknown> = properties.headers ?? {}
  const { reason, at } = headers
  if (typeof reason === 'string') {
    return { reason, routingKey: String(headers['routing-key']), body, at: typeof at === 'string' ? at : null }
  }
  const death = properties.headers?.['x-death']?.[0]
  return {
    reason: brokerReasons[death?.reason ?? ''] ?? death?.reason ?? 'unknown',
    routingKey: death?.['routing-keys'][0] ?? fields.routingKey,
    body,
    at: death ? new Date(death.time.value * 1_000).toISOString() : null,
  }
}
