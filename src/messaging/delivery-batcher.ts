import type { Logger } from '../logger.ts'
import type { BatchHandler, Delivery } from './port.ts'

/** Hands deliveries to a handler, each call with all that arrived since the last. */
export type DeliveryBatcher = {
  add(delivery: Delivery): void
  /** Forgets and returns what was not handed over yet. */
  clear(): readonly Delivery[]
  /** Resolves once no call is in progress. */
  idle(): Promise<void>
}

export type DeliveryBatcherOptions = {
  /** Calls in progress at a time (1). */
  readonly overlapping?: number | undefined
  readonly logger: Logger
}

/** A handler that throws breaks its contract; its batch is given back so that nothing hangs unsettled. */
export function createDeliveryBatcher(handler: BatchHandler, { overlapping = 1, logger }: DeliveryBatcherOptions): DeliveryBatcher {
  let waiting: Delivery[] = []
  let draining: Promise<void> | null = null
  const calls = new Set<Promise<void>>()

  async function handOver(batch: readonly Delivery[]): Promise<void> {
    try {
      await handler(batch)
    } catch (error) {
      logger.error({ err: error, deliveries: batch.length }, 'message handler failed, giving its batch back')
      for (const delivery of batch) delivery.retry()
    }
  }

  async function drain(): Promise<void> {
    // One turn of the event loop lets everything that came in the same read join the batch.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      const call: Promise<void> = handOver(batch).finally(() => calls.delete(call))
      calls.add(call)
      if (calls.size >= overlapping) await Promise.race(calls)
    }
    draining = null
  }

  return {
    add(delivery) {
      waiting.push(delivery)
      draining ??= drain()
    },
    clear() {
      const forgotten = waiting
      waiting = []
      return forgotten
    },
    async idle() {
      await draining
      await Promise.all(calls)
    },
  }
}
