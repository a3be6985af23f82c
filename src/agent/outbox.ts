import { backoffMs } from '../messaging/delivery-policy.ts'
import type { AgentBus, OutgoingMessage } from '../messaging/port.ts'

/** A message on its way out. */
export type OutboxEntry = {
  /** Called when it is first sent; later tries send the same message. */
  readonly format: () => OutgoingMessage
  /** True once the message says nothing new any more: it is dropped instead of sent, also between tries. */
  readonly superseded?: () => boolean
  /** The broker has stored it. */
  readonly confirmed?: () => void
}

/** Sends in order, all that waited in one call, and again until the broker confirms. */
export type Outbox = {
  add(entry: OutboxEntry): void
  /** Entries not yet confirmed. */
  readonly size: number
  /** Resolves when nothing waits, or after `deadlineMs`; says whether nothing waits. */
  drained(deadlineMs: number): Promise<boolean>
  /** Ends the loop; what waits is given up. */
  stop(): void
}

type Pending = { readonly entry: OutboxEntry; readonly message?: OutgoingMessage }

const maxBatch = 1_000
const maxBatchLength = 8 * 1_048_576
const firstRetryMs = 50
const slowestRetryMs = 5_000

export function createOutbox(bus: Pick<AgentBus, 'publish'>): Outbox {
  let waiting: Pending[] = []
  let inFlight = 0
  let failures = 0
  let running = false
  let stopped = false
  let endWait: (() => void) | null = null
  let onIdle: (() => void)[] = []

  const hasWork = () => waiting.length > 0 && !stopped

  /** The messages of the next call, in order; bounded, because a broker must store them before the next go out. */
  function takeBatch(): Required<Pending>[] {
    const batch: Required<Pending>[] = []
    let length = 0
    let taken = 0
    while (taken < waiting.length && batch.length < maxBatch && length < maxBatchLength) {
      const { entry, message } = waiting[taken]!
      taken += 1
      if (entry.superseded?.()) continue
      const formatted = message ?? entry.format()
      length += formatted.body.length
      batch.push({ entry, message: formatted })
    }
    waiting = waiting.slice(taken)
    return batch
  }

  async function flush(): Promise<void> {
    const batch = takeBatch()
    if (batch.length === 0) return
    inFlight = batch.length
    const outcomes = await bus.publish(batch.map((pending) => pending.message))
    inFlight = 0
    const unsent = batch.filter((_, index) => outcomes[index] !== 'confirmed')
    waiting = [...unsent, ...waiting]
    batch.forEach(({ entry }, index) => outcomes[index] === 'confirmed' && entry.confirmed?.())
    failures = unsent.length > 0 ? failures + 1 : 0
    if (unsent.length > 0 && !stopped) await wait(backoffMs(failures, firstRetryMs, slowestRetryMs))
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      endWait = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function run(): Promise<void> {
    running = true
    // The rest of this turn joins the first batch: an early result then takes the place of its `accepted`.
    await new Promise((resolve) => setImmediate(resolve))
    while (hasWork()) await flush()
    running = false
    for (const tell of onIdle.splice(0)) tell()
  }

  return {
    add(entry) {
      if (stopped) return
      waiting.push({ entry })
      if (!running) void run()
    },
    get size() {
      return waiting.length + inFlight
    },
    async drained(deadlineMs) {
      if (!running) return waiting.length === 0
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadlineMs)
        onIdle.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
      return waiting.length + inFlight === 0
    },
    stop() {
      stopped = true
      endWait?.()
    },
  }
}
