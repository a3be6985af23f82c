import type { Process } from './world.ts'

/** What is to happen, and when. */
export type Event = {
  readonly time: number
  readonly process: Process | null
  readonly work: () => void | Promise<void>
  /** Order among events of the same time; kept when an event is put off. */
  readonly order?: number
}

type Entry = Event & { readonly order: number; cancelled: boolean }

const comesFirst = (a: Entry, b: Entry) => a.time < b.time || (a.time === b.time && a.order < b.order)

/** Events by time, then by the order in which they were made: a binary heap. */
export function createEventQueue() {
  const heap: Entry[] = []
  let made = 0

  function rise(index: number): void {
    for (let at = index; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!comesFirst(heap[at]!, heap[parent]!)) return
      ;[heap[at], heap[parent]] = [heap[parent]!, heap[at]!]
      at = parent
    }
  }

  function sink(): void {
    for (let at = 0; ; ) {
      let first = at
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && comesFirst(heap[child]!, heap[first]!)) first = child
      }
      if (first === at) return
      ;[heap[at], heap[first]] = [heap[first]!, heap[at]!]
      at = first
    }
  }

  return {
    /** The answer takes the event back. */
    add(event: Event): () => void {
      const entry: Entry = { ...event, order: event.order ?? made++, cancelled: false }
      heap.push(entry)
      rise(heap.length - 1)
      return () => {
        entry.cancelled = true
      }
    },
    /** Removes and answers the first event. */
    take(): Event | undefined {
      for (;;) {
        const first = heap[0]
        const last = heap.pop()
        if (!first || !last) return undefined
        if (heap.length > 0) {
          heap[0] = last
          sink()
        }
        if (!first.cancelled) return first
      }
    },
  }
}
