import type { ExecutionArgs, ExecutionResult } from 'graphql'
import type { Execution } from './execution.ts'
import type { SocketOperation } from './socket-protocol.ts'
import type { SocketWriter } from './socket-writer.ts'

/** A subscription that has begun: `over` resolves once it has no more events, and all are written or it was left. */
export type SocketSubscription = { readonly over: Promise<void>; leave(): void }

/** Subscribes an operation of a socket, whose events are written as they come, or answers why it cannot begin. */
export async function subscribeOnSocket(
  execution: Pick<Execution, 'join'>,
  writer: SocketWriter,
  operation: SocketOperation,
  args: ExecutionArgs,
): Promise<SocketSubscription | ExecutionResult> {
  const head = `{"id":${JSON.stringify(operation.id)},"type":"next","payload":`
  const over = Promise.withResolvers<void>()
  const joined = await execution.join(args, {
    take: (events) => (operation.isOpen() ? writer.write(head, events) : undefined),
    end: () => void writer.drained().then(over.resolve),
  })
  if (!('leave' in joined)) return joined
  return {
    over: over.promise,
    leave() {
      joined.leave()
      writer.forget(head)
      over.resolve()
    },
  }
}
