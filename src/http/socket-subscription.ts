import type { ExecutionArgs, ExecutionResult } from 'graphql'
import type { Execution } from './execution.ts'
import type { EventStream } from './queue-reader.ts'
import type { SocketWriter } from './socket-writer.ts'

/**
 * Subscribes an operation of a socket. Its events are written as they come, past graphql-ws, which would serialise each
 * of them again; what that library gets is a stream without events that ends after the last was written.
 */
export async function subscribeOnSocket(
  execution: Pick<Execution, 'join'>,
  writer: SocketWriter,
  operationId: string,
  args: ExecutionArgs,
): Promise<EventStream | ExecutionResult> {
  const head = `{"id":${JSON.stringify(operationId)},"type":"next","payload":`
  const over = Promise.withResolvers<void>()
  const joined = await execution.join(args, {
    take: (events) => writer.write(head, events),
    end: () => void writer.drained().then(over.resolve),
  })
  if (!('leave' in joined)) return joined
  const done = { done: true, value: undefined } as const
  const stream: EventStream = {
    async next() {
      await over.promise
      return done
    },
    async return() {
      joined.leave()
      over.resolve()
      return done
    },
    async throw(error) {
      throw error
    },
    [Symbol.asyncIterator]: () => stream,
    [Symbol.asyncDispose]: async () => void (await stream.return()),
  }
  return stream
}
