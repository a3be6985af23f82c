/** GraphQL over WebSocket (graphql-transport-ws) beside Yoga, through the same envelop. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { getOperationAST, GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { coalesceWrites } from '../coalesce-writes.ts'
import type { Logger } from '../logger.ts'
import { noOperation, type ErrorMask } from './client-error.ts'
import type { Execution } from './execution.ts'
import { withOwnContext, type GraphqlEngine } from './graphql-engine.ts'
import { serveSockets } from './serve-sockets.ts'
import { closeCodes, serverLimits } from './server-limits.ts'
import type { Begun, SocketOperation } from './socket-protocol.ts'
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
  /** What one operation starts from; rejects with what refuses it, before its document is looked at. */
  readonly admit: (server: Server) => Promise<Server>
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
  { engine, execution, mask, logger, connect, admit }: SocketTransport<Server>,
): WebSocketTransport {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: serverLimits.messageBytes, perMessageDeflate: false })
  const refused = (errors: readonly unknown[]): Begun => ({ refused: errors.map((error) => withoutTransport(mask(error))) })

  async function begin(server: Server, writer: SocketWriter, operation: SocketOperation, payload: SubscribePayload): Promise<Begun> {
    const { query, variables, operationName } = payload
    const { schema, parse, validate, contextFactory, execute } = engine.getEnveloped(await admit(server))
    const document = parse(query)
    const node = getOperationAST(document, operationName)
    if (!node) return refused([noOperation()])
    const errors = validate(schema, document)
    if (errors.length > 0) return refused(errors)
    const args: ExecutionArgs = { schema, document, variableValues: variables, operationName, contextValue: await contextFactory() }
    if (node.operation !== 'subscription') return single((await execute(args)) as ExecutionResult)
    const begun = await subscribeOnSocket(execution, writer, operation, withOwnContext(args))
    return 'over' in begun ? begun : single(begun)
  }

  const stop = serveSockets({
    sockets,
    pingMs: serverLimits.pingMs,
    logger,
    serve(socket, request) {
      limitUnread(socket)
      coalesceWrites(request.socket)
      const writer = createSocketWriter(socket)
      let server: Server
      return {
        async connect(parameters) {
          try {
            server = await connect(request, parameters, connectionOf(socket))
            return true
          } catch (error) {
            const { message, extensions } = mask(error)
            // Clients try again after the one code and not after the other.
            socket.close(extensions['code'] === 'UNAUTHENTICATED' ? closeCodes.unauthenticated : closeCodes.tryAgain, message.slice(0, 120))
            return false
          }
        },
        begin: async (operation, payload, underWay) =>
          underWay > serverLimits.operationsPerSocket
            ? refused([tooManyOperations()])
            : begin(server, writer, operation, payload).catch((error: unknown) => refused([error])),
      }
    },
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

const single = (result: ExecutionResult): Begun => ({ result: result.errors ? { ...result, errors: result.errors.map(withoutTransport) } : result })

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
