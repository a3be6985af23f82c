/** A reader whose events are pulled, for transports that ask for one after the other. */
import { GraphQLError, type ExecutionResult } from 'graphql'
import { serverLimits } from './server-limits.ts'
import type { Membership, Reader } from './shared-streams.ts'

export type EventStream = AsyncGenerator<ExecutionResult, void, void>

const tooSlow: ExecutionResult = {
  errors: [
    new GraphQLError('The events are read too slowly. Subscribe again from the last number that was handled.', {
      extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 1 },
    }),
  ],
}

/** `join` is called with the reader; where it answers with a result, there is no stream. */
export async function readByPulling(join: (reader: Reader) => Promise<Membership | ExecutionResult>): Promise<EventStream | ExecutionResult> {
  const queue: ExecutionResult[] = []
  let isOver = false
  let arrived = () => {}
  let drained: PromiseWithResolvers<void> | null = null
  let membership: Membership | null = null

  const finish = () => {
    isOver = true
    membership?.leave()
    drained?.resolve()
    arrived()
  }
  const joined = await join({
    take(events) {
      if (isOver) return
      if (queue.length + events.length > serverLimits.queuedEvents) {
        // What waits is let go: the reader resumes from where it is.
        queue.length = 0
        queue.push(tooSlow)
        return finish()
      }
      for (const { result } of events) queue.push(result)
      arrived()
      drained ??= Promise.withResolvers<void>()
      return drained.promise
    },
    end: finish,
  })
  if (!('leave' in joined)) return joined
  membership = joined

  const stream: EventStream = {
    async next() {
      while (queue.length === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      }
      const value = queue.shift()
      if (queue.length === 0) {
        drained?.resolve()
        drained = null
      }
      return value ? { done: false, value } : { done: true, value: undefined }
    },
    async return() {
      queue.length = 0
      finish()
      return { done: true, value: undefined }
    },
    async throw(error) {
      throw error
    },
    [Symbol.asyncIterator]: () => stream,
    [Symbol.asyncDispose]: async () => void (await stream.return()),
  }
  return stream
}
