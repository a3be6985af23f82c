import { hasLeft } from '../services/watching/has-left.ts'

/**
 * Opens a stream and ends it at once when the subscriber leaves: an async generator alone would first wait for the
 * event it is waiting for, which may never come.
 */
export async function abortOnReturn<Event>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>,
): Promise<AsyncIterableIterator<Event>> {
  const leaving = new AbortController()
  const events = (await open(leaving.signal))[Symbol.asyncIterator]()
  const stream: AsyncIterableIterator<Event> = {
    next: () => events.next(),
    return: async () => {
      leaving.abort(hasLeft)
      // The stream ends by the signal; whether it could also be returned does not matter to the subscriber.
      events.return?.().catch(() => {})
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}
