/** Joins sockets of ws to the protocol that is spoken on them. */
import type { IncomingMessage } from 'node:http'
import { CloseCode, handleProtocols } from 'graphql-ws'
import type { WebSocket, WebSocketServer } from 'ws'
import type { Logger } from '../logger.ts'
import { speakProtocol, type ProtocolSide } from './socket-protocol.ts'

export type SocketServing = {
  readonly sockets: WebSocketServer
  /** Milliseconds between pings, and for their answers; who gives none is ended. */
  readonly pingMs: number
  readonly logger: Pick<Logger, 'debug' | 'error'>
  /** What happens on a new socket. */
  serve(socket: WebSocket, request: IncomingMessage): Pick<ProtocolSide, 'connect' | 'begin'>
}

/** The answer closes every socket (1001) and waits until they are gone. */
export function serveSockets({ sockets, pingMs, logger, serve }: SocketServing): () => Promise<void> {
  sockets.options.handleProtocols = handleProtocols
  sockets.on('connection', (socket, request: IncomingMessage) => {
    // ws itself closes the socket.
    socket.on('error', (error) => logger.debug({ err: error }, 'A WebSocket client broke the protocol.'))
    if (socket.protocol === '') return socket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable')
    const isOpen = (): boolean => socket.readyState === socket.OPEN
    const protocol = speakProtocol({
      ...serve(socket, request),
      send: (text) => void (isOpen() && socket.send(text)),
      close: (code, reason) => socket.close(code, reason),
    })
    const stopPings = keepAlive(socket, pingMs)
    socket.on('message', (data) => {
      // What came along with the message that closed it is not looked at.
      if (isOpen()) protocol.receive(String(data)).catch((error: unknown) => {
        logger.error({ err: error }, 'A WebSocket message failed unexpectedly.')
        socket.close(CloseCode.InternalServerError, 'Internal server error')
      })
    })
    socket.once('close', () => {
      stopPings()
      protocol.end()
    })
  })
  return async () => {
    for (const client of sockets.clients) client.close(1001, 'Going away')
    sockets.removeAllListeners()
    await new Promise<void>((resolve, reject) => sockets.close((error) => (error ? reject(error) : resolve())))
  }
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
