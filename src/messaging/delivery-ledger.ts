import { retryDelayMs } from './delivery-policy.ts'
import type { Delivery } from './port.ts'

/** What a delivery carries. */
export type DeliveredMessage = Pick<Delivery, 'routingKey' | 'body' | 'messageId' | 'redeliveries'>

/** How an adapter settles one delivery; `key` is whatever names it there. */
export type Settlement<K> = {
  ack(key: K): void
  giveBack(key: K): void
  readonly deadLetters: KeepDeadLetter | { refuse(key: K): void }
}

/** Stores a message among the dead letters; false: it could not be stored now. Never rejects. */
export type KeepDeadLetter = { keep(message: DeliveredMessage, reason: string): Promise<boolean> }

/** The deliveries of one channel that are not settled yet. Each is settled once; later calls do nothing. */
export type DeliveryLedger<K> = {
  enter(key: K, message: DeliveredMessage): Delivery
  /** The oldest unsettled key. */
  oldest(): K | undefined
  size(): number
  /** Gives all unsettled deliveries back, oldest first. */
  giveBackAll(): void
  /** The channel is gone: the broker redelivers, and all calls on these deliveries do nothing from now on. */
  abandon(): void
}

export function createDeliveryLedger<K>(settlement: Settlement<K>): DeliveryLedger<K> {
  // A Set keeps insertion order: its first key is the oldest.
  const open = new Set<K>()
  const delays = new Set<NodeJS.Timeout>()

  function settle(key: K, how: (key: K) => void): void {
    if (open.delete(key)) how(key)
  }

  function giveBackLater(key: K, redeliveries: number): void {
    const delay = setTimeout(() => {
      delays.delete(delay)
      settle(key, settlement.giveBack)
    }, retryDelayMs(redeliveries))
    delays.add(delay)
  }

  async function bury(key: K, message: DeliveredMessage, reason: string): Promise<void> {
    const { deadLetters } = settlement
    if ('refuse' in deadLetters) settle(key, deadLetters.refuse)
    else if (await deadLetters.keep(message, reason)) settle(key, settlement.ack)
    else if (open.has(key)) giveBackLater(key, message.redeliveries)
  }

  function stopDelays(): void {
    for (const delay of delays) clearTimeout(delay)
    delays.clear()
  }

  return {
    enter(key, message) {
      open.add(key)
      let decided = false
      function once(decision: () => void): void {
        if (decided || !open.has(key)) return
        decided = true
        decision()
      }
      return {
        ...message,
        ack: () => once(() => settle(key, settlement.ack)),
        retry: () => once(() => giveBackLater(key, message.redeliveries)),
        deadLetter: (reason) => once(() => void bury(key, message, reason)),
      }
    },
    oldest: () => open.values().next().value,
    size: () => open.size,
    giveBackAll() {
      stopDelays()
      for (const key of [...open]) settle(key, settlement.giveBack)
    },
    abandon() {
      stopDelays()
      open.clear()
    },
  }
}
