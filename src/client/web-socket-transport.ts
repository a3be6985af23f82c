/** Subscriptions over one WebSocket (graphql-transport-ws), opened when the first begins and closed after the last. */
import { createClient } from 'graphql-ws/client'
import { ConnectionLostError, errorOf, PlanwrightApiError, type GraphqlError } from './api-error.ts'
import type { Endpoint, GraphqlResult, Operation, ResultStream } from './transport.ts'

const connectLimitMs = 10_000
const pingEveryMs = 10_000
/** Results that wait for their reader before the subscription is dropped; it resumes where the reader is. */
const mostUnread = 1_000

export type WebSocketTransport = {
  /** False until a connection was acknowledged once: a proxy may not let them through. */
  readonly hasConnected: boolean
  open(operation: Operation): ResultStream
  close(): void
}

/** `implementation`: a class like the global WebSocket, for platforms without one. */
export function createWebSocketTransport({ url, authorization }: Omit<Endpoint, 'fetch'>, implementation?: unknown): WebSocketTransport {
  const open = new Set<(error: Error) => void>()
  let hasConnected = false
  let watchdog: ReturnType<typeof setTimeout> | undefined
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: implementation,
    retryAttempts: 0,
    connectionAckWaitTimeout: connectLimitMs,
    keepAlive: pingEveryMs,
    lazyCloseTimeout: 1_000,
    async connectionParams() {
      const credentials = await authorization()
      return credentials === null ? undefined : { authorization: credentials }
    },
    on: {
      // A peer that vanished without a word leaves the socket open for minutes.
      connecting: () => expect(connectLimitMs),
      connected() {
        hasConnected = true
        clearTimeout(watchdog)
      },
      ping: (received) => {
        if (!received) expect(pingEveryMs)
      },
      pong: (received) => {
        if (received) clearTimeout(watchdog)
      },
      closed(event) {
        clearTimeout(watchdog)
        // The library would repeat operations with their first variables after some closes.
        for (const fail of open) fail(asError(event))
      },
    },
  })
  const expect = (ms: number) => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => client.terminate(), ms)
  }

  return {
    get hasConnected() {
      return hasConnected
    },
    open({ query, variables }) {
      const unread: GraphqlResult[] = []
      let end: { error: Error | null } | null = null
      let wake = () => {}
      const finish = (error: Error | null) => {
        end ??= { error }
        open.delete(fail)
        wake()
      }
      const fail = (error: Error) => {
        finish(error)
        cancel()
      }
      open.add(fail)
      const cancel = client.subscribe<unknown>({ query, variables: { ...variables } }, {
        next(result) {
          if (end) return
          unread.push(result as GraphqlResult)
          wake()
          if (unread.length === mostUnread) fail(new ConnectionLostError('Results arrive faster than they are read.'))
        },
        error: (error) => finish(asError(error)),
        complete: () => finish(null),
      })
      return {
        async next() {
          while (unread.length === 0 && !end) {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
          const result = unread.shift()
          if (result) return result
          if (end?.error) throw end.error
          return null
        },
        cancel() {
          finish(null)
          cancel()
        },
      }
    },
    close: () => void client.dispose(),
  }
}

/** Close codes after which another try would meet the same answer. */
const finalCodes = [4_400, 4_406, 4_409, 4_429]
const unauthenticatedCodes = [4_401, 4_403]

/** What graphql-ws hands over: errors of the operation, the close event of the connection, or an error of the socket. */
function asError(cause: unknown): Error {
  if (Array.isArray(cause)) return errorOf(cause as readonly GraphqlError[])
  const { code, reason } = cause as { code?: unknown; reason?: string }
  if (typeof code === 'number' && unauthenticatedCodes.includes(code)) {
    return new PlanwrightApiError({ code: 'UNAUTHENTICATED', message: reason || 'Send a valid token.' })
  }
  if (typeof code === 'number' && finalCodes.includes(code)) {
    return new PlanwrightApiError({ code: 'BAD_REQUEST', message: `The service closed the connection (${code}): ${reason}` })
  }
  return new ConnectionLostError(`The connection broke off${typeof code === 'number' ? ` (${code})` : ''}.`, { cause })
}
