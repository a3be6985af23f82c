/** GraphQL over WebSocket (graphql-transport-ws) beside Yoga, through the same envelop. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { getOperationAST, GraphQLError, type ExecutionArgs } from 'graphql'
import { WebSocketServer, type WebSocket } from 'ws'
import { coalesceWrites } from '../coalesce-writes.ts'
import type { Logger } from '../logger.ts'
import { noOperation, type ErrorMask } from './client-error.ts'
import type { Execution } from './execution.ts'
import { withOwnContext, type GraphqlEngine } from './graphql-engine.ts'
import { serveSockets } from './serve-sockets.ts'
import { closeCodes, serverLimits } from './server-limits.ts'
import { subscribeOnSocket } from './socket-subscription.ts'
import { createSocketWriter, type SocketWriter } from './socket-writer.ts'
import { withoutTransport } from './with-extensions.ts'

export type SocketTransport<Server extends Record<string, unknown>> = {
  readonly engine: GraphqlEngine<Server>
  readonly execution: Pick<Execution, 'join'>
  readonly mask: ErrorMask
  readonly logger: Pick<Logger, 'debug' | 'error'>
  /** What the operations of a connection start from; where it rejects, the connection is closed. */
  readonly connect: (
    request: IncomingMessage, parameters: Readonly<Record<string, unknown>> | undefined, connection: SocketConnection,
  ) => Promise<Server>
}

export type SocketConnection = {
  /** Ends the connection and all its operations: the credentials are valid no more. */
  end(): void
  /** Calls back once it is closed, at once where it is already. */
  onClosed(listener: () => void): void
}

export type WebSocketTransport = {
  /** Takes over a connection whose upgrade request was already accepted. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every client that the service goes away (1001) and waits until they are gone. */
  stop(): Promise<void>
}

export function createWebSocketTransport<Server extends Record<string, unknown>>(
  { engine, execution, mask, logger, connect }: SocketTransport<Server>,
): WebSocketTransport {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: serverLimits.messageBytes, perMessageDeflate: false })
  const servers = new WeakMap<WebSocket, Server>()
  const writers = new WeakMap<WebSocket, SocketWriter>()
  const stop = serveSockets({
    sockets,
    pingMs: serverLimits.pingMs,
    logger,
    protocol: {
      connectionInitWaitTimeout: serverLimits.connectionInitMs,
      execute: (args) => operationOf(args).execute(args),
      subscribe: (args) => operationOf(args).subscribe(args),
      async onConnect({ extra: { socket, request }, connectionParams }) {
        try {
          servers.set(socket, await connect(request, connectionParams, connectionOf(socket)))
          return true
        } catch (error) {
          const { message, extensions } = mask(error)
          // Clients try again after the one code and not after the other.
          socket.close(extensions['code'] === 'UNAUTHENTICATED' ? closeCodes.unauthenticated : closeCodes.tryAgain, message.slice(0, 120))
          return false
        }
      },
      async onSubscribe({ extra: { socket }, subscriptions }, id, { query, variables, operationName }) {
        if (Object.keys(subscriptions).length > serverLimits.operationsPerSocket) return [tooManyOperations()]
        try {
          const { schema, parse, validate, contextFactory, execute } = engine.getEnveloped(servers.get(socket)!)
          const document = parse(query)
          if (!getOperationAST(document, operationName)) return [noOperation()]
          const errors = validate(schema, document)
          if (errors.length > 0) return errors.map(mask)
          // The root value carries what belongs to this operation to the two hooks above.
          const rootValue: Operation = { execute, subscribe: (args) => subscribeOnSocket(execution, writers.get(socket)!, id, withOwnContext(args)) }
          return { schema, document, variableValues: variables, operationName, contextValue: await contextFactory(), rootValue }
        } catch (error) {
          return [withoutTransport(mask(error))]
        }
      },
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors ? { ...result, errors: result.errors.map((error) => withoutTransport(error).toJSON()) } : undefined,
      onError: (_context, _id, _payload, errors) => errors.map((error) => withoutTransport(mask(error)).toJSON()),
    },
  })
  sockets.on('connection', (socket, request: IncomingMessage) => {
    limitUnread(socket)
    coalesceWrites(request.socket)
    writers.set(socket, createSocketWriter(socket))
  })
  return {
    upgrade(request, socket, head) {
      if (sockets.clients.size >= serverLimits.sockets) return refuseUpgrade(socket, 503, 'Too many connections.')
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request))
    },
    stop,
  }
}

const connectionOf = (socket: WebSocket): SocketConnection => ({
  end: () => socket.close(closeCodes.unauthenticated, 'The credentials are valid no more.'),
  onClosed(listener) {
    if (socket.readyState === socket.OPEN) socket.once('close', listener)
    else listener()
  },
})

type Operation = Pick<Execution, 'execute' | 'subscribe'> & Record<string, unknown>

const operationOf = (args: ExecutionArgs): Operation => args.rootValue as Operation

/** Answers an upgrade request without upgrading. */
export function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  const body = `${message}\n`
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** Who sends without reading the answers would fill our memory with them. */
function limitUnread(socket: WebSocket): void {
  socket.on('message', () => {
    if (socket.bufferedAmount > serverLimits.unreadBytes) socket.close(closeCodes.tooSlow, 'Read the answers faster.')
  })
}

const tooManyOperations = (): GraphQLError =>
  new GraphQLError(
    `At most ${serverLimits.operationsPerSocket} operations may be under way on one connection. Complete some, or open another.`,
    { extensions: { code: 'RATE_LIMITED' } },
  )
