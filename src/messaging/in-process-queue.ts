import type { Logger } from '../logger.ts'
import { createDeliveryBatcher } from './delivery-batcher.ts'
import { createDeliveryLedger } from './delivery-ledger.ts'
import { deliveryLimitReason, maxDeliveries } from './delivery-policy.ts'
import type { BatchHandler, Consumer, ConsumerOptions } from './port.ts'

/** A message as it lies on a queue. `expiresAt` is in milliseconds of the monotonic clock. */
export type QueuedMessage = {
  readonly routingKey: string
  readonly messageId: string
  readonly body: string
  readonly expiresAt: number
}

/** A message as it ends among the dead letters. */
export type DeadMessage = { readonly routingKey: string; readonly messageId: string | null; readonly body: string }

/** A bounded first-in-first-out queue with competing consumers, redelivery and expiry. */
export type InProcessQueue = {
  /** False: the queue is full and does not take the message. */
  push(message: QueuedMessage): boolean
  consume(handler: BatchHandler, options: ConsumerOptions): Consumer
  /** Messages ready for delivery. */
  depth(): number
}

type Entry = { readonly message: QueuedMessage; redeliveries: number }
type Subscriber = { hasRoom(): boolean; deliver(entry: Entry): void }

/** `onDeadLetter` takes what was refused or delivered too often. */
export function createInProcessQueue(
  maxLength: number,
  onDeadLetter: (message: DeadMessage, reason: string) => void,
  logger: Logger,
): InProcessQueue {
  // As in a quorum queue, what is given back comes before everything else.
  const returned: Entry[] = []
  let ready: Entry[] = []
  // Index of the first ready entry: shifting a long array costs more than skipping its head.
  let head = 0
  let subscribers: Subscriber[] = []

  function takeReady(): Entry | undefined {
    for (;;) {
      const entry = returned.shift() ?? ready[head++]
      if (entry === undefined) {
        head = ready.length
        return undefined
      }
      if (head > 1_000 && head * 2 > ready.length) dropTaken()
      if (entry.message.expiresAt > performance.now()) return entry
    }
  }

  function dropTaken(): void {
    ready = ready.slice(head)
    head = 0
  }

  function dropExpired(): void {
    dropTaken()
    const now = performance.now()
    ready = ready.filter((entry) => entry.message.expiresAt > now)
  }

  function dispatch(): void {
    for (;;) {
      const index = subscribers.findIndex((subscriber) => subscriber.hasRoom())
      const subscriber = subscribers[index]
      if (subscriber === undefined) return
      const entry = takeReady()
      if (entry === undefined) return
      // The one served goes to the end, so that consumers take turns.
      if (subscribers.length > 1) subscribers = [...subscribers.toSpliced(index, 1), subscriber]
      subscriber.deliver(entry)
    }
  }

  function giveBack(entry: Entry): void {
    entry.redeliveries += 1
    if (entry.redeliveries >= maxDeliveries) onDeadLetter(entry.message, deliveryLimitReason)
    else returned.push(entry)
  }

  return {
    push(message) {
      if (ready.length - head >= maxLength) dropExpired()
      if (returned.length + ready.length - head >= maxLength) return false
      ready.push({ message, redeliveries: 0 })
      dispatch()
      return true
    },
    depth() {
      dropExpired()
      return returned.length + ready.length
    },
    consume(handler, { prefetch, overlapping }) {
      const batcher = createDeliveryBatcher(handler, { overlapping, logger })
      const ledger = createDeliveryLedger<Entry>({
        ack: dispatch,
        giveBack(entry) {
          giveBack(entry)
          dispatch()
        },
        deadLetters: {
          async keep(message, reason) {
            onDeadLetter({ ...message, body: message.body.toString() }, reason)
            return true
          },
        },
      })
      const subscriber: Subscriber = {
        hasRoom: () => ledger.size() < prefetch,
        deliver(entry) {
          const { routingKey, messageId, body } = entry.message
          const { redeliveries } = entry
          batcher.add(ledger.enter(entry, { routingKey, messageId, body: Buffer.from(body), redeliveries }))
        },
      }
      subscribers = [...subscribers, subscriber]
      dispatch()
      return {
        async stop() {
          subscribers = subscribers.filter((other) => other !== subscriber)
          batcher.clear()
          await batcher.idle()
          ledger.giveBackAll()
        },
      }
    },
  }
}
