/**
 * Runs graphql-ws on the sockets of ws. Its own binding answers messages that only a server sends with an internal error,
 * and prints a stack for each; here they are invalid messages like others, and what fails is logged.
 */
import type { IncomingMessage } from 'node:http'
import { CloseCode, handleProtocols, makeServer, MessageType, type ConnectionInitMessage, type ServerOptions } from 'graphql-ws'
import type { WebSocket, WebSocketServer } from 'ws'
import type { Logger } from '../logger.ts'

export type SocketExtra = { readonly socket: WebSocket; readonly request: IncomingMessage }

export type SocketServing = {
  readonly protocol: ServerOptions<ConnectionInitMessage['payload'], SocketExtra>
  readonly sockets: WebSocketServer
  /** Milliseconds between pings, and for their answers; who gives none is ended. */
  readonly pingMs: number
  readonly logger: Pick<Logger, 'debug' | 'error'>
}

/** The answer closes every socket (1001) and waits until they are gone. */
export function serveSockets({ protocol, sockets, pingMs, logger }: SocketServing): () => Promise<void> {
  const server = makeServer(protocol)
  sockets.options.handleProtocols = handleProtocols
  sockets.on('connection', (socket, request: IncomingMessage) => {
    // ws itself closes the socket.
    socket.on('error', (error) => logger.debug({ err: error }, 'A WebSocket client broke the protocol.'))
    const stopPings = keepAlive(socket, pingMs)
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => socket.on('message', async (data) => {
          const text = String(data)
          try {
            await take(text)
          } catch (error) {
            if (onlyServersSend(text)) return socket.close(CloseCode.BadRequest, 'Only a server sends such messages.')
            logger.error({ err: error }, 'A WebSocket message failed unexpectedly.')
            socket.close(CloseCode.InternalServerError, 'Internal server error')
          }
        }),
      },
      { socket, request },
    )
    socket.once('close', (code, reason) => {
      stopPings()
      closed(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, 'Operations of a closed WebSocket did not end.'))
    })
  })
  return async () => {
    for (const client of sockets.clients) client.close(1001, 'Going away')
    sockets.removeAllListeners()
    await new Promise<void>((resolve, reject) => sockets.close((error) => (error ? reject(error) : resolve())))
  }
}

function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve()
    socket.send(data, (error) => (error ? reject(error) : resolve()))
  })
}

function keepAlive(socket: WebSocket, pingMs: number): () => void {
  let answered = true
  socket.on('pong', () => (answered = true))
  const timer = setInterval(() => {
    if (!answered) return socket.terminate()
    answered = false
    if (socket.readyState === socket.OPEN) socket.ping()
  }, pingMs)
  return () => clearInterval(timer)
}

const fromServers: readonly unknown[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error]

function onlyServersSend(text: string): boolean {
  const { type } = JSON.parse(text) as { type?: unknown }
  return fromServers.includes(type)
}
