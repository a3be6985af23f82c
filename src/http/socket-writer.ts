/** Writes events to one WebSocket no faster than they are read. What waits is shared text, and bounded. */
import type { WebSocket } from 'ws'
import { closeCodes, serverLimits } from './server-limits.ts'

export type SocketWriter = {
  /** Writes events of an operation, each `head`, text and `}`; while the promise is pending the socket is behind. */
  write(head: string, texts: readonly { readonly text: string }[]): void | Promise<void>
  /** Lets go what waits of an operation. */
  forget(head: string): void
  /** Resolves once everything is written, or never will be. */
  drained(): Promise<void>
}

const terminateMs = 10_000

export function createSocketWriter(socket: WebSocket): SocketWriter {
  let waiting: { readonly head: string; readonly text: string }[] = []
  const closed = Promise.withResolvers<void>()
  let behind: PromiseWithResolvers<void> | null = null
  let stalled: NodeJS.Timeout | undefined

  const isFull = (): boolean => socket.bufferedAmount >= serverLimits.unreadEventBytes
  const send = (head: string, text: string): void => socket.send(`${head}${text}}`, flush)

  function flush(): void {
    if (!behind || socket.readyState !== socket.OPEN) return
    clearTimeout(stalled)
    let next = 0
    while (next < waiting.length && !isFull()) {
      const { head, text } = waiting[next++]!
      send(head, text)
    }
    waiting.splice(0, next)
    if (waiting.length === 0 && !isFull()) settle()
    else stalled = setTimeout(drop, serverLimits.stalledReaderMs)
  }

  function settle(): void {
    clearTimeout(stalled)
    waiting.length = 0
    behind?.resolve()
    behind = null
  }

  /** Until it is closed it counts as behind. The client resumes from the last number it has. */
  function drop(): void {
    clearTimeout(stalled)
    waiting.length = 0
    socket.close(closeCodes.tooSlow, 'Read the events faster.')
    // A peer that reads nothing does not answer the close either.
    setTimeout(() => socket.terminate(), terminateMs).unref()
  }

  socket.once('close', () => {
    settle()
    closed.resolve()
  })

  return {
    write(head, texts) {
      if (socket.readyState === socket.OPEN && waiting.length + texts.length > serverLimits.queuedEvents) drop()
      if (socket.readyState !== socket.OPEN) return closed.promise
      for (const { text } of texts) {
        if (behind) waiting.push({ head, text })
        else send(head, text)
        if (!behind && isFull()) {
          behind = Promise.withResolvers<void>()
          stalled = setTimeout(drop, serverLimits.stalledReaderMs)
        }
      }
      return behind?.promise
    },
    forget(head) {
      waiting = waiting.filter((one) => one.head !== head)
    },
    drained: () => behind?.promise ?? Promise.resolve(),
  }
}
