import type { Channel, ConsumeMessage } from 'amqplib'
import type { Logger } from '../../logger.ts'
import { createDeliveryBatcher } from '../delivery-batcher.ts'
import { createDeliveryLedger } from '../delivery-ledger.ts'
import type { KeepDeadLetter } from '../delivery-ledger.ts'
import type { BatchHandler, Consumer, ConsumerOptions } from '../port.ts'
import { stopLimitMs, withinTime } from '../time-limit.ts'
import { closeChannel, keepChannel } from './channel.ts'
import type { LastingConnection } from './connection.ts'

/** `opened` resolves once the broker accepted the consumer for the first time. */
export type QueueConsumer = Consumer & { opened(): Promise<void> }

export type QueueUse = ConsumerOptions & {
  readonly queue: string
  readonly handler: BatchHandler
  /** Absent: this side may not store dead letters; a refused message goes where the queue's declaration says. */
  readonly deadLetters?: KeepDeadLetter
}

/** Consumes a queue in batches, again after whatever interrupts it. */
export function consumeQueue(connection: LastingConnection, use: QueueUse, logger: Logger): QueueConsumer {
  const batcher = createDeliveryBatcher(use.handler, { overlapping: use.overlapping, logger })
  let session: Session | null = null
  let stopping = false

  const lasting = keepChannel<Channel>(
    connection,
    {
      name: use.queue,
      create: (model) => model.createChannel(),
      async setUp(channel) {
        const begun = createSession(channel, use)
        session = begun
        await channel.prefetch(use.prefetch)
        const { consumerTag } = await channel.consume(use.queue, (message) => {
          // The queue was deleted or its node is down: begin again on a fresh channel.
          if (message === null) void closeChannel(channel)
          else if (!stopping) batcher.add(begun.receive(message))
        })
        begun.consumerTag = consumerTag
      },
      onEnd() {
        session?.ledger.abandon()
        session = null
        batcher.clear()
      },
    },
    logger,
  )

  async function stop(): Promise<void> {
    stopping = true
    batcher.clear()
    const current = session
    if (current?.consumerTag) await current.channel.cancel(current.consumerTag).catch(() => {})
    await batcher.idle()
    session?.ledger.giveBackAll()
    session?.flush()
    await lasting.stop(stopLimitMs)
  }

  return {
    async opened() {
      await lasting.gate.next()
    },
    async stop() {
      if (await withinTime(stop(), stopLimitMs)) return
      logger.warn({ queue: use.queue }, 'the broker or a message handler did not end in time')
      await lasting.stop(0)
    },
  }
}

type Session = ReturnType<typeof createSession>

/** The unsettled deliveries of one channel. */
function createSession(channel: Channel, use: QueueUse) {
  let acked: ConsumeMessage[] = []

  /** The channel may end at any moment; the broker then redelivers what was not settled. */
  function tell(action: () => void): void {
    try {
      action()
    } catch {
      ledger.abandon()
    }
  }

  const ledger = createDeliveryLedger<ConsumeMessage>({
    ack(message) {
      // Acknowledgements of one turn travel together.
      if (acked.length === 0) queueMicrotask(flush)
      acked.push(message)
    },
    giveBack: (message) => tell(() => channel.nack(message, false, true)),
    deadLetters: use.deadLetters ?? { refuse: (message) => tell(() => channel.nack(message, false, false)) },
  })

  /** All tags below the oldest open one are settled: one frame acknowledges them. The others go one by one. */
  function flush(): void {
    const oldest = ledger.oldest()?.fields.deliveryTag ?? Infinity
    const messages = acked
    acked = []
    let last: ConsumeMessage | null = null
    for (const message of messages) {
      const tag = message.fields.deliveryTag
      if (tag > oldest) tell(() => channel.ack(message))
      else if (last === null || tag > last.fields.deliveryTag) last = message
    }
    const upTo = last
    if (upTo) tell(() => channel.ack(upTo, true))
  }

  return {
    channel,
    ledger,
    flush,
    consumerTag: null as string | null,
    receive(message: ConsumeMessage) {
      const { fields, properties, content } = message
      const counted: unknown = properties.headers?.['x-delivery-count']
      return ledger.enter(message, {
        routingKey: fields.routingKey,
        body: content,
        messageId: typeof properties.messageId === 'string' ? properties.messageId : null,
        // Classic queues do not count.
        redeliveries: typeof counted === 'number' ? counted : Number(fields.redelivered),
      })
    },
  }
}
