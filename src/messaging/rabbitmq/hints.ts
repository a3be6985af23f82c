import type { Channel } from 'amqplib'
import type { Logger } from '../../logger.ts'
import { createHintBatcher } from '../hint-batcher.ts'
import { stopLimitMs } from '../time-limit.ts'
import { closeChannel, keepChannel } from './channel.ts'
import type { LastingConnection } from './connection.ts'
import type { QueueConsumer } from './consumer.ts'

/** Most hints waiting for one replica; the oldest are dropped, and the comparison of heads finds what they said. */
const maxWaiting = 10_000

/** Listens on an exchange through a queue that lives and dies with this replica's channel. */
export function listenToHints(
  connection: LastingConnection,
  exchange: string,
  { handler, missed }: { readonly handler: (bodies: readonly string[]) => void; readonly missed: () => void },
  logger: Logger,
): QueueConsumer {
  const hints = createHintBatcher(handler, logger)
  let isFirst = true
  const lasting = keepChannel<Channel>(
    connection,
    {
      name: exchange,
      create: (model) => model.createChannel(),
      async setUp(channel) {
        const { queue } = await channel.assertQueue('', {
          exclusive: true,
          autoDelete: true,
          durable: false,
          arguments: { 'x-max-length': maxWaiting },
        })
        await channel.bindQueue(queue, exchange, '#')
        // From here on nothing is lost; what came before is read after this.
        if (!isFirst) missed()
        isFirst = false
        await channel.consume(
          queue,
          (message) => {
            if (message === null) void closeChannel(channel)
            else hints.add(message.content.toString('utf8'))
          },
          { noAck: true },
        )
      },
      onEnd() {},
    },
    logger,
  )
  return {
    async opened() {
      await lasting.gate.next()
    },
    stop: () => lasting.stop(stopLimitMs),
  }
}
