import { setTimeout as pause } from 'node:timers/promises'
import type { BatchHandler, Delivery } from '../../src/messaging/port.ts'

/** A handler that keeps what it received; `settle` says what to do with each delivery at once. */
export function createInbox(settle: (delivery: Delivery) => void = (delivery) => delivery.ack()) {
  const deliveries: Delivery[] = []
  const batchSizes: number[] = []
  const handler: BatchHandler = async (batch) => {
    batchSizes.push(batch.length)
    deliveries.push(...batch)
    for (const delivery of batch) settle(delivery)
  }
  return { handler, deliveries, batchSizes, bodies: () => deliveries.map((delivery) => delivery.body.toString()) }
}

/** Polls until the condition holds; fails with what was observed last. */
export async function eventually<T>(
  observe: () => T | Promise<T>,
  holds: (value: T) => boolean,
  ms = 20_000,
): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const value = await observe()
    if (holds(value)) return value
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms; last seen: ${JSON.stringify(value)}`)
    await pause(20)
  }
}
