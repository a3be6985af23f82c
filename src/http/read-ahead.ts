/** Reads and executes the events of a stream while those before them are being delivered. */
import type { ExecutionResult } from 'graphql'

export type SharedEvent = {
  readonly result: ExecutionResult
  /** The result as JSON. */
  readonly text: string
}

/** Events from where a subscriber wants to begin. */
export type Source = {
  readonly events: AsyncIterator<unknown, unknown>
  /** Executes an event; does not reject. */
  execute(event: unknown): ExecutionResult | Promise<ExecutionResult>
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
const mostAhead = 16

/** `next` answers at least one event, or none at the end. */
export function readAhead({ events, execute, fault, positionOf, serialize }: Source): { next(): Promise<readonly ReadEvent[]> } {
  let ready: ReadEvent[] = []
  let isOver = false
  let arrived = () => {}
  let taken = () => {}

  const push = (result: ExecutionResult, position: number | null): void => {
    ready.push({ result, text: serialize(result), position })
    arrived()
  }

  async function read(): Promise<void> {
    try {
      for (let next = await events.next(); !next.done; next = await events.next()) {
        push(await execute(next.value), positionOf?.(next.value) ?? null)
        if (ready.length < mostAhead) continue
        await new Promise<void>((resolve) => {
          taken = resolve
        })
      }
    } catch (error) {
      push(fault(error), null)
    }
    isOver = true
    arrived()
  }

  void read()
  return {
    async next() {
      while (ready.length === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      }
      const batch = ready
      ready = []
      taken()
      return batch
    },
  }
}
