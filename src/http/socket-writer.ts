/** Writes events to one WebSocket no faster than they are read. What waits is shared text, and bounded. */
import type { WebSocket } from 'ws'
import { closeCodes, serverLimits } from './server-limits.ts'

export type SocketWriter = {
  /** Writes one event of an operation; while the promise is pending the socket is behind. */
  write(operationId: string, text: string): void | Promise<void>
  /** Resolves once everything is written, or never will be. */
  drained(): Promise<void>
}

const terminateMs = 2_000

export function createSocketWriter(socket: WebSocket): SocketWriter {
  const waiting: { readonly operationId: string; readonly text: string }[] = []
  let behind: PromiseWithResolvers<void> | null = null
  let stalled: NodeJS.Timeout | undefined

  function send(operationId: string, text: string): void {
    socket.send(`{"id":${JSON.stringify(operationId)},"type":"next","payload":${text}}`, flush)
  }

  function flush(): void {
    if (!behind) return
    clearTimeout(stalled)
    if (socket.readyState !== socket.OPEN) waiting.length = 0
    let next = 0
    while (next < waiting.length && socket.bufferedAmount < serverLimits.unreadEventBytes) {
      const { operationId, text } = waiting[next++]!
      send(operationId, text)
    }
    waiting.splice(0, next)
    if (waiting.length === 0 && socket.bufferedAmount < serverLimits.unreadEventBytes) {
      behind.resolve()
      behind = null
    } else {
      stalled = setTimeout(drop, serverLimits.stalledReaderMs)
    }
  }

  /** The client resumes from the last number it has. */
  function drop(): void {
    waiting.length = 0
    clearTimeout(stalled)
    behind?.resolve()
    behind = null
    socket.close(closeCodes.tooSlow, 'Read the events faster.')
    // A peer that reads nothing does not answer the close either.
    setTimeout(() => socket.terminate(), terminateMs).unref()
  }

  socket.once('close', () => {
    clearTimeout(stalled)
    waiting.length = 0
    behind?.resolve()
    behind = null
  })

  return {
    write(operationId, text) {
      if (socket.readyState !== socket.OPEN) return
      if (!behind) {
        send(operationId, text)
        if (socket.bufferedAmount < serverLimits.unreadEventBytes) return
        behind = Promise.withResolvers<void>()
        stalled = setTimeout(drop, serverLimits.stalledReaderMs)
        return behind.promise
      }
      if (waiting.length >= serverLimits.queuedEvents) return drop()
      waiting.push({ operationId, text })
      return behind.promise
    },
    drained: () => behind?.promise ?? Promise.resolve(),
  }
}
