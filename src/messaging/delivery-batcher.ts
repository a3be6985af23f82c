import type { Logger } from '../logger.ts'
import type { BatchHandler, Delivery } from './port.ts'

/** Hands deliveries to a handler, one call at a time, each with all that arrived during the last. */
export type DeliveryBatcher = {
  add(delivery: Delivery): void
  /** Forgets and returns what was not handed over yet. */
  clear(): readonly Delivery[]
  /** Resolves once no call is in progress. */
  idle(): Promise<void>
}

/** A handler that throws breaks its contract; its batch is given back so that nothing hangs unsettled. */
export function createDeliveryBatcher(handler: BatchHandler, logger: Logger): DeliveryBatcher {
  let waiting: Delivery[] = []
  let running: Promise<void> | null = null

  async function drain(): Promise<void> {
    // One turn of the event loop lets everything that came in the same read join the batch.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await handler(batch)
      } catch (error) {
        logger.error({ err: error, deliveries: batch.length }, 'message handler failed, giving its batch back')
        for (const delivery of batch) delivery.retry()
      }
    }
    running = null
  }

  return {
    add(delivery) {
      waiting.push(delivery)
      running ??= drain()
    },
    clear() {
      const forgotten = waiting
      waiting = []
      return forgotten
    },
    async idle() {
      await running
    },
  }
}
