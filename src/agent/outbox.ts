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

/** Sends in order, all that waited in one call and a few calls at a time, and again until the broker confirms. */
export type Outbox = {
  add(entry: OutboxEntry): void
  /** Entries not yet confirmed. */
  readonly size: number
  /** Resolves when nothing waits, or after `deadlineMs`; says whether nothing waits. */
  drained(deadlineMs: number): Promise<boolean>
  /** What waits is given up. */
  stop(): void
}

/** `number` says in which order they were added. */
type Pending = { readonly number: number; readonly entry: OutboxEntry; readonly message?: OutgoingMessage }

const maxBatch = 1_000
const maxBatchLength = 8 * 1_048_576
/** Calls that wait for confirms at a time: what is ready does not wait for the confirm of what went before. */
const maxCalls = 8
const firstRetryMs = 50
const slowestRetryMs = 5_000

export function createOutbox(bus: Pick<AgentBus, 'publish'>): Outbox {
  let waiting: Pending[] = []
  let added = 0
  let inFlight = 0
  let calls = 0
  let failures = 0
  let scheduled = false
  let pause: NodeJS.Timeout | null = null
  let stopped = false
  let onIdle: (() => void)[] = []

  /** The messages of the next call, in order; bounded, because a broker must store them before the next go out. */
  function takeBatch(): Required<Pending>[] {
    const batch: Required<Pending>[] = []
    let length = 0
    let taken = 0
    while (taken < waiting.length && batch.length < maxBatch && length < maxBatchLength) {
      const { number, entry, message } = waiting[taken]!
      taken += 1
      if (entry.superseded?.()) continue
      const formatted = message ?? entry.format()
      length += formatted.body.length
      batch.push({ number, entry, message: formatted })
    }
    waiting = waiting.slice(taken)
    return batch
  }

  /** The rest of this turn joins the batch: an early result then takes the place of its `accepted`. */
  function schedule(): void {
    if (scheduled || stopped || pause || calls >= maxCalls) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      if (stopped || pause || calls >= maxCalls) return
      const batch = takeBatch()
      if (batch.length > 0) void send(batch)
      if (waiting.length > 0) schedule()
      tellIdle()
    })
  }

  async function send(batch: readonly Required<Pending>[]): Promise<void> {
    calls += 1
    inFlight += batch.length
    const outcomes = await bus.publish(batch.map((pending) => pending.message))
    calls -= 1
    inFlight -= batch.length
    const unsent = batch.filter((_, index) => outcomes[index] !== 'confirmed')
    batch.forEach(({ entry }, index) => outcomes[index] === 'confirmed' && entry.confirmed?.())
    if (unsent.length === 0) failures = 0
    else {
      waiting = [...unsent, ...waiting].sort((a, b) => a.number - b.number)
      waitAndRetry()
    }
    if (waiting.length > 0) schedule()
    tellIdle()
  }

  function waitAndRetry(): void {
    if (pause || stopped) return
    failures += 1
    pause = setTimeout(() => {
      pause = null
      schedule()
    }, backoffMs(failures, firstRetryMs, slowestRetryMs))
  }

  const isIdle = () => calls === 0 && (waiting.length === 0 || stopped)

  function tellIdle(): void {
    if (isIdle()) for (const tell of onIdle.splice(0)) tell()
  }

  return {
    add(entry) {
      if (stopped) return
      waiting.push({ number: added++, entry })
      schedule()
    },
    get size() {
      return waiting.length + inFlight
    },
    async drained(deadlineMs) {
      if (isIdle()) return waiting.length === 0
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
      if (pause) clearTimeout(pause)
      pause = null
      tellIdle()
    },
  }
}
