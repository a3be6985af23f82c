/** GraphQL over HTTP, server-sent events and WebSocket, health routes and GraphiQL, on one node:http server. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { GraphQLSchema } from 'graphql'
import { acceptsAnswers } from './http/accept.ts'
import { anonymous, credentialsOf, type Authenticate } from './http/authenticate.ts'
import { answerBrokenRequest } from './http/broken-request.ts'
import { createErrorMask, unexpectedMessage } from './http/client-error.ts'
import { createEventStreams } from './http/event-streams.ts'
import { createExecution } from './http/execution.ts'
import { createGraphqlEngine } from './http/graphql-engine.ts'
import { graphiqlOptions } from './http/graphiql.ts'
import { listen } from './http/listen.ts'
import { withCauses } from './http/operation-cause.ts'
import { createPlaces, type Place } from './http/places.ts'
import type { Health, RenderMetrics } from './http/probes.ts'
import { createRateLimiter } from './http/rate-limiter.ts'
import { parsedBody, readBody } from './http/read-body.ts'
import { bodyTooLarge, checkSource, type GuardRules, type Refusal } from './http/request-guard.ts'
import { createOperations } from './http/rest/operations.ts'
import { restErrorOf } from './http/rest/rest-error.ts'
import { createRest } from './http/rest/serve-rest.ts'
import { respondError, respondFault, respondRefusal } from './http/respond.ts'
import { createRoutes, pathOf } from './http/routes.ts'
import { serverLimits } from './http/server-limits.ts'
import { createSessions } from './http/sessions.ts'
import { watchUnused } from './http/unused-connections.ts'
import { createWebSocketTransport, refuseUpgrade } from './http/web-socket.ts'
import { UnauthenticatedError } from './errors.ts'
import type { Logger } from './logger.ts'
import { createOperationContext, type OperationDependencies } from './operation-context.ts'
import type { Principal } from './principal.ts'
import { isLoopback } from './settings.ts'
import type { StartSpan } from './span.ts'

export type HttpServerOptions = OperationDependencies & {
  readonly schema: GraphQLSchema
  readonly logger: Logger
  /** Left out: everybody is anonymous. */
  readonly authenticate?: Authenticate
  readonly health: () => Promise<Health>
  /** Figures at /metrics; null or absent: not on this port. */
  readonly metrics?: RenderMetrics | null
  /** Begins the span of each operation; absent: no traces. */
  readonly startSpan?: StartSpan
}

export type HttpServer = {
  /** Begins to listen; rejects where the address is taken. `url` is where a browser finds the service. */
  start(): Promise<{ url: string; port: number }>
  /** Subscribers now, and the streams that serve them. */
  subscriptions(): { readonly subscribers: number; readonly streams: number }
  /** Takes no more requests, lets those under way end within 5 s, and closes every connection. */
  stop(): Promise<void>
}

/** What the transports know about a caller. */
type Caller = { readonly principal: Principal; readonly requestId: string; readonly traceparent: string | undefined; readonly rateKey: string }
type Parameters = Readonly<Record<string, unknown>>
/** What the engine knows of an operation before it has a context. */
type Incoming = { readonly caller: () => Promise<Caller>; readonly beforeStream?: () => void }

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { settings, schema, logger, authenticate, health } = options
  const mask = createErrorMask({ logger })
  const rules: GuardRules = { host: settings.HOST, allowedHosts: settings.ALLOWED_HOSTS, allowedOrigins: settings.ALLOWED_ORIGINS }
  const open = isLoopback(settings) && !authenticate
  const introspection = isOn(settings.INTROSPECTION, open)
  const graphiql = isOn(settings.GRAPHIQL, open)
  const rate = createRateLimiter(settings.RATE_LIMIT ?? (isLoopback(settings) ? 0 : 200))
  const places = createPlaces(settings.CONNECTIONS_PER_CALLER ?? (isLoopback(settings) ? 0 : 1_000))

  const sessions = authenticate ? createSessions({ authenticate, logger, checkMs: serverLimits.credentialCheckMs }) : null
  const streams = createEventStreams({ places, sessions })

  const identify = async (request: IncomingMessage, requestId: string, parameters?: Parameters): Promise<Caller> => {
    const address = addressOf(request)
    const principal = await (authenticate?.(credentialsOf(request, parameters)) ?? Promise.resolve(anonymous)).catch((error: unknown) => {
      // Whoever tries out tokens is counted by where they are.
      if (error instanceof UnauthenticatedError) rate.take(address)
      throw error
    })
    return { principal, requestId, traceparent: traceparentOf(request), rateKey: principal.credential ?? address }
  }
  const execution = withCauses(createExecution({ logger, timeoutMs: serverLimits.operationMs, hideSuggestions: !introspection }), { logger, startSpan: options.startSpan })
  const engine = createGraphqlEngine<Incoming, object>({
    schema,
    mask,
    introspection,
    graphiql: graphiql ? { render: renderGraphiQL, options: graphiqlOptions } : null,
    execution,
    context: async ({ caller }) => {
      const { rateKey: _, ...who } = await caller()
      return createOperationContext(options, who)
    },
    beforeStream: ({ beforeStream }) => beforeStream?.(),
  })
  /** Places of sockets: by address until it is known who is there. */
  const placeOf = new WeakMap<IncomingMessage, Place>()
  const sockets = createWebSocketTransport({
    engine,
    execution,
    mask,
    logger,
    async connect(request, parameters, connection) {
      const requestId = requestIdOf(request)
      const { rateKey } = await identify(request, requestId, parameters)
      placeOf.get(request)?.moveTo(rateKey)
      const closed = sessions?.open(credentialsOf(request, parameters), () => connection.end())
      if (closed) connection.onClosed(closed)
      return { caller: () => identify(request, `${requestId}.${randomUUID().slice(0, 8)}`, parameters) }
    },
    async admit(incoming) {
      const caller = await incoming.caller()
      rate.take(caller.rateKey)
      return { caller: async () => caller }
    },
  })
  const rest = createRest({
    authenticated: authenticate !== undefined,
    async operations(request, requestId) {
      try {
        const { rateKey, ...who } = await identify(request, requestId)
        rate.take(rateKey)
        return createOperations({ schema, execution, context: createOperationContext(options, who) })
      } catch (error) {
        throw restErrorOf(mask(error))
      }
    },
  })
  const routes = createRoutes({
    rules,
    introspection,
    graphiql,
    health,
    metrics: options.metrics ?? null,
    serveRest: rest,
    async serveGraphql(request, response, requestId) {
      if (graphiql && asksForPage(request)) return engine(request, response, { caller: () => identify(request, requestId) })
      if (!acceptsAnswers(request)) return respondRefusal(response, notAcceptable)
      let caller: Caller
      try {
        caller = await identify(request, requestId)
        // Documents that are refused cost their reading, too.
        rate.take(caller.rateKey)
      } catch (error) {
        // Before the document is read: without credentials nobody learns what the schema has.
        return respondError(response, mask(error))
      }
      const body = await readBody(request, serverLimits.bodyBytes)
      if (body === null) return respondRefusal(response, bodyTooLarge(serverLimits.bodyBytes))
      return engine(Object.assign(request, { body: parsedBody(body) }), response, {
        caller: async () => caller,
        beforeStream: () => streams.open(request, response, caller.rateKey),
      })
    },
  })
  const server = createServer(
    {
      maxHeaderSize: serverLimits.headerBytes,
      headersTimeout: serverLimits.headersMs,
      requestTimeout: serverLimits.requestMs,
      connectionsCheckingInterval: 250,
      keepAliveTimeout: 65_000,
    },
    (request, response) => {
      const requestId = requestIdOf(request)
      response.setHeader('x-request-id', requestId)
      routes.handle(request, response, requestId).catch((error: unknown) => {
        // The answer was given already: the client was too slow, or has gone.
        if (response.writableEnded || response.destroyed) return logger.debug({ err: error }, 'A request ended early.')
        logger.error({ err: error, requestId, path: pathOf(request) }, 'A request failed unexpectedly.')
        if (!response.headersSent) respondFault(response, unexpectedMessage, requestId)
        else response.destroy()
      })
    },
  )
  server.maxConnections = serverLimits.connections
  const closeUnused = watchUnused(server)
  server.on('clientError', answerBrokenRequest)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => logger.debug({ err: error }, 'A WebSocket connection broke.'))
    const refusal = checkSource(request, rules)
    if (refusal) refuseUpgrade(socket, refusal.status, refusal.message)
    else if (pathOf(request) !== '/graphql') refuseUpgrade(socket, 404, 'WebSockets are served at /graphql.')
    else upgrade(request, socket, head)
  })

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      const place = places.take(addressOf(request))
      placeOf.set(request, place)
      socket.once('close', place.leave)
    } catch (error) {
      return refuseUpgrade(socket, 429, mask(error).message)
    }
    sockets.upgrade(request, socket, head)
  }
  return {
    start: () => listen(server, settings.HOST, settings.PORT),
    subscriptions: () => execution.subscriptions(),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      closeUnused()
      sessions?.stop()
      streams.end()
      await sockets.stop()
      await Promise.race([closed, after(graceMs)])
      server.closeAllConnections()
      await engine.dispose()
      await closed
    },
  }
}

/** A browser opens GraphiQL: it can send no credentials then. */
const asksForPage = ({ method, url, headers }: IncomingMessage): boolean =>
  method === 'GET' && !url?.includes('?') && (headers.accept?.includes('text/html') ?? false)

const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? ''

const notAcceptable: Refusal = {
  status: 406, code: 'NOT_ACCEPTABLE', message: 'Accept application/graphql-response+json, application/json or, for subscriptions, text/event-stream.',
}

/** Milliseconds that requests under way have when the server stops. */
const graceMs = 5_000

const isOn = (setting: 'true' | 'false' | undefined, usual: boolean): boolean => (setting ? setting === 'true' : usual)

/** The caller's own id where it sends a harmless one, so that its log and ours can be put side by side. */
function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

/** The trace that the caller is in. */
function traceparentOf({ headers }: IncomingMessage): string | undefined {
  const given = headers['traceparent']
  return typeof given === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(given) ? given : undefined
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())
