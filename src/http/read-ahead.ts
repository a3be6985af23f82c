/** Reads and executes the events of a stream while those before them are being delivered. */
import type { ExecutionResult } from 'graphql'
import type { Audience } from '../services/access/visibility.ts'

export type SharedEvent = {
  readonly result: ExecutionResult
  /** The result as JSON. */
  readonly text: string
  /** Who may have it, null for nobody; undefined for all who read the stream. */
  readonly audience?: Audience | null | undefined
}

/** Events from where a subscriber wants to begin. */
export type Source = {
  readonly events: AsyncIterator<unknown, unknown>
  /** Executes an event; does not reject. */
  execute(event: unknown): ExecutionResult | Promise<ExecutionResult>
  /** Who may have an event, where not all who read the stream may. */
  readonly audienceOf: ((event: unknown) => Promise<Audience | null>) | null
  /** What an event was read together with; events that share it are executed together, others one after the other. */
  readonly pageOf: ((event: unknown) => object | undefined) | null
  /** The last event of a stream that broke. */
  fault(error: unknown): ExecutionResult
  /** The number of an event; null for streams without numbers. */
  readonly positionOf: ((event: unknown) => number) | null
  /** What is sent of a result. */
  serialize(result: ExecutionResult): string
}

/** `position` is null for streams without numbers and for a fault. */
export type ReadEvent = SharedEvent & { readonly position: number | null }

/** Events that wait for their delivery; a delivery takes all there are. */
const mostAhead = 64

/** An event in its turn; null while it is being executed. */
type Slot = { done: ReadEvent | null }

export type ReadAhead = {
  next(): Promise<readonly ReadEvent[]>
  /** What `next` would answer now, as far as it has numbers; it will be answered by `next` all the same. */
  ready(): readonly ReadEvent[]
}

/**
 * `next` answers at least one event, or none at the end. Events that were read together are executed together, so that
 * they share their reads; they keep their order.
 */
export function readAhead({ events, execute, audienceOf, pageOf, fault, positionOf, serialize }: Source): ReadAhead {
  let started: Slot[] = []
  let isOver = false
  let arrived = () => {}
  let taken = () => {}

  const shown = (result: ExecutionResult, position: number | null, audience?: Audience | null): ReadEvent => ({ result, text: serialize(result), position, audience })

  async function run(event: unknown): Promise<void> {
    const slot: Slot = { done: null }
    started.push(slot)
    const audience = audienceOf ? await audienceOf(event) : undefined
    slot.done = shown(await execute(event), positionOf?.(event) ?? null, audience)
    if (started[0]?.done) arrived()
  }

  /** The last event of a stream that broke. */
  function breakOff(error: unknown): void {
    started.push({ done: shown(fault(error), null) })
    isOver = true
    arrived()
  }

  async function read(): Promise<void> {
    let last: { readonly page: object | undefined; readonly done: Promise<unknown> } = { page: undefined, done: Promise.resolve() }
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const page = pageOf?.(next.value)
      if (page !== last.page) await last.done
      last = { page, done: Promise.all([last.done, run(next.value)]).catch(breakOff) }
      if (!page) await last.done
      if (started.length < mostAhead) continue
      await new Promise<void>((resolve) => {
        taken = resolve
      })
    }
    isOver = true
    arrived()
  }

  read().catch(breakOff)
  return {
    async next() {
      while (started.length > 0 ? !started[0]!.done : !isOver) {
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      }
      const pending = started.findIndex(({ done }) => done === null)
      const batch = pending === -1 ? started : started.slice(0, pending)
      started = started.slice(batch.length)
      taken()
      return batch.map(({ done }) => done!)
    },
    ready() {
      const end = started.findIndex(({ done }) => done === null || done.position === null)
      return (end === -1 ? started : started.slice(0, end)).map(({ done }) => done!)
    },
  }
}
