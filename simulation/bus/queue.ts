import type { BatchHandler, ConsumerOptions, Delivery, OutgoingMessage } from '../../src/messaging/port.ts'
import type { Faults } from '../faults.ts'
import type { Random } from '../random.ts'
import type { Process, World } from '../world.ts'
import type { DeadLetter } from './broker.ts'

/** One consumer of a queue. */
export type Subscription = {
  readonly process: Process
  /** Everything unacknowledged goes back to the queue. */
  loseChannel(): void
  stop(): Promise<void>
}

export type Queue = {
  push(message: OutgoingMessage): void
  subscribe(process: Process, handler: BatchHandler, options: ConsumerOptions): Subscription
  readonly subscriptions: readonly Subscription[]
  /** Nothing ready and nothing unacknowledged. */
  isEmpty(): boolean
}

type Parts = { readonly world: World; readonly faults: Faults; readonly random: Random; readonly name: string; readonly bury: (letter: DeadLetter) => void; readonly acked: (message: OutgoingMessage) => void }
type Entry = { readonly message: OutgoingMessage; readonly redeliveries: number; readonly expiresAt: number }

const maxDeliveries = 5

export function createQueue({ world, faults, random, name, bury, acked }: Parts): Queue {
  let ready: Entry[] = []
  const subscribers: (Subscription & { pump(): void; readonly open: ReadonlySet<Entry> })[] = []

  function giveBack(entry: Entry): void {
    const again = { ...entry, redeliveries: entry.redeliveries + 1 }
    if (again.redeliveries < maxDeliveries) ready.unshift(again)
    else bury({ reason: 'delivered too often', routingKey: entry.message.routingKey, body: entry.message.body })
    pump()
  }

  function pump(): void {
    for (const subscriber of random.shuffle(subscribers)) subscriber.pump()
  }

  function take(): Entry | undefined {
    ready = ready.filter((entry) => entry.expiresAt > world.now)
    if (ready.length === 0) return undefined
    const index = faults.reorders() ? random.below(ready.length) : 0
    const entry = ready[index]!
    // A publisher that was not sure has sent it twice.
    if (!faults.duplicates()) ready.splice(index, 1)
    return entry
  }

  function subscribe(process: Process, handler: BatchHandler, { prefetch, overlapping = 1 }: ConsumerOptions): Subscription {
    let open = new Set<Entry>()
    let channel = 0
    let coming = false
    let stopped = false
    const calls = new Set<Promise<void>>()
    const isBusy = () => calls.size >= overlapping

    function deliver(): void {
      coming = false
      if (stopped || isBusy() || faults.brokerIsAway(process)) {
        if (!stopped && !isBusy()) later()
        return
      }
      const entries: Entry[] = []
      for (let room = Math.min(prefetch - open.size, 1 + random.below(8)); room > 0; room--) {
        const entry = take()
        if (!entry) break
        // A repeat of the same message is another delivery.
        const delivered = { ...entry }
        open.add(delivered)
        entries.push(delivered)
      }
      if (entries.length === 0) return
      if (name !== 'heartbeats') world.note(process.name, `takes ${entries.length} of ${name}: ${entries.map(({ message }) => message.routingKey).join(' ')}`)
      if (entries.some(({ message }) => /\.(succeeded|failed)$/.test(message.routingKey))) faults.ofDelivery(process)
      const call = handler(entries.map((entry) => toDelivery(entry, channel)))
      calls.add(call)
      void call.finally(() => {
        calls.delete(call)
        subscriber.pump()
      })
      subscriber.pump()
    }

    function later(): void {
      coming = true
      world.at(process, faults.latency(process) + (faults.brokerIsAway(process) ? 200 : 0), deliver)
    }

    function toDelivery(entry: Entry, ofChannel: number): Delivery {
      const { routingKey, body, messageId } = entry.message
      let settled = false
      const once = (delayMs: number, work: () => void) => {
        if (settled) return
        settled = true
        world.at(process, delayMs, () => {
          if (ofChannel === channel && open.delete(entry)) work()
          subscriber.pump()
        })
      }
      return {
        routingKey,
        body: Buffer.from(body),
        messageId,
        redeliveries: entry.redeliveries,
        ack: () => once(faults.latency(process), () => acked(entry.message)),
        retry: () => once(random.between(100, 2_000), () => giveBack(entry)),
        deadLetter: (reason) => once(faults.latency(process), () => bury({ reason, routingKey, body })),
      }
    }

    const subscriber = {
      process,
      get open(): ReadonlySet<Entry> {
        return open
      },
      pump() {
        if (!coming && !isBusy() && !stopped && process.alive && open.size < prefetch && ready.length > 0) later()
      },
      loseChannel() {
        channel++
        const back = [...open]
        open = new Set()
        for (const entry of back.reverse()) giveBack(entry)
      },
      async stop() {
        stopped = true
        await Promise.all(calls)
        leave()
      },
    }
    function leave(): void {
      const index = subscribers.indexOf(subscriber)
      if (index >= 0) subscribers.splice(index, 1)
      subscriber.loseChannel()
    }
    subscribers.push(subscriber)
    process.onKill(() => world.at(null, random.between(0, 500), leave))
    subscriber.pump()
    return subscriber
  }

  return {
    push(message) {
      ready.push({ message, redeliveries: 0, expiresAt: world.now + (message.expiresAfterMs ?? Infinity) })
      pump()
    },
    subscribe,
    subscriptions: subscribers,
    isEmpty: () => ready.length === 0 && subscribers.every(({ open }) => open.size === 0),
  }
}
