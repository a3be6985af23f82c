/** One service as a client reaches it: operations over HTTP, subscriptions over whatever gets through. */
import { ConnectionLostError, errorOf, PlanwrightApiError, type GraphqlError } from './api-error.ts'
import { openEventStream, post } from './http-transport.ts'
import { pause, waitBefore } from './retry.ts'
import { textOf, type Endpoint, type GraphqlResult, type Operation, type ResultStream, type TypedDocument } from './transport.ts'
import { createWebSocketTransport } from './web-socket-transport.ts'

export type ConnectionOptions = {
  /** Of the GraphQL endpoint: `https://host/graphql`. In browsers it may be a path. */
  readonly url: string
  /** A token, or what gives the present one: it is asked before each request and connection. */
  readonly token?: string | (() => string | Promise<string>)
  /** How subscriptions travel. `auto` (the default) takes WebSocket, and server-sent events where that does not get through. */
  readonly transport?: 'auto' | 'websocket' | 'sse'
  /** A class like the global WebSocket, for platforms without one. */
  readonly webSocket?: unknown
  readonly fetch?: typeof fetch
}

/** Told each time a subscription breaks off: why, and when it will be resumed. */
export type Interruption = { readonly error: Error; readonly retryInMs: number }

export type FollowOptions = {
  /** Ends the stream quietly. */
  readonly signal?: AbortSignal | undefined
  readonly onInterruption?: ((interruption: Interruption) => void) | undefined
}

export type Connection = ReturnType<typeof createConnection>

export function createConnection(options: ConnectionOptions) {
  const { token, transport = 'auto', webSocket = globalThis.WebSocket } = options
  const endpoint: Endpoint = {
    url: absolute(options.url),
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    async authorization() {
      const given = typeof token === 'function' ? await token() : token
      return given === undefined ? null : `Bearer ${given}`
    },
  }
  const sockets = transport === 'sse' || !webSocket ? null : createWebSocketTransport(endpoint, webSocket)
  if (transport === 'websocket' && !sockets) throw new TypeError('This platform has no WebSocket: pass one as `webSocket`.')
  let socketsFail = false

  async function open(operation: Operation): Promise<ResultStream> {
    if (sockets && !(transport === 'auto' && socketsFail)) return sockets.open(operation)
    try {
      return await openEventStream(endpoint, operation)
    } catch (error) {
      // Neither gets through: the service is away, and WebSocket deserves the next try.
      if (error instanceof ConnectionLostError) socketsFail = false
      throw error
    }
  }

  /** Whether the failure of a stream may be the proxy's, so that server-sent events are worth a try at once. */
  function isWorthTheOther(error: unknown): boolean {
    if (transport !== 'auto' || !sockets || sockets.hasConnected || socketsFail || !(error instanceof ConnectionLostError)) return false
    return (socketsFail = true)
  }

  /** The results of a subscription across reconnects; `operation` says anew each time where to go on. */
  async function* follow(operation: () => Operation, { signal, onInterruption }: FollowOptions): AsyncGenerator<unknown, void> {
    for (let failures = 0; !signal?.aborted; ) {
      let stream: ResultStream | null = null
      let received = false
      const leave = () => stream?.cancel()
      signal?.addEventListener('abort', leave)
      try {
        stream = await open(operation())
        if (signal?.aborted) return
        for (let result = await stream.next(); result && !signal?.aborted; result = await stream.next()) {
          const data = dataOf(result)
          received = true
          failures = 0
          yield data
        }
        return
      } catch (error) {
        if (signal?.aborted) return
        if (isWorthTheOther(error)) continue
        const tokenEnded = received && typeof token === 'function' && error instanceof PlanwrightApiError && error.code === 'UNAUTHENTICATED'
        if (!isInterruption(error) && !tokenEnded) throw error
        const retryInMs = waitBefore(failures++, error)
        onInterruption?.({ error: error as Error, retryInMs })
        await pause(retryInMs, signal)
      } finally {
        stream?.cancel()
        signal?.removeEventListener('abort', leave)
      }
    }
  }

  return {
    follow,
    /** Runs a query or mutation and returns its data; throws PlanwrightApiError and ConnectionLostError. */
    async run<Result, Variables extends object>(document: TypedDocument<Result, Variables>, variables?: Variables, signal?: AbortSignal): Promise<Result> {
      return dataOf(await post(endpoint, { query: textOf(document), variables }, signal)) as Result
    },
    close: () => sockets?.close(),
  }
}

/** An unexpected failure of the service passes too; a watch that resumes loses nothing. */
const isInterruption = (error: unknown): boolean =>
  error instanceof ConnectionLostError ||
  (error instanceof PlanwrightApiError && ['UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR'].includes(error.code))

function dataOf({ data, errors }: GraphqlResult): unknown {
  if (errors && errors.length > 0) throw errorOf(errors as readonly GraphqlError[])
  return data
}

/** In a page a path is meant relative to it; WebSockets want the whole address. */
const absolute = (url: string): string => new URL(url, 'location' in globalThis ? (globalThis as unknown as { location: { href: string } }).location.href : undefined).href
