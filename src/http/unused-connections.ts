import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Answers what closes the connections on which nothing was sent yet. Browsers open some in advance, and the server
 * itself takes them for busy.
 */
export function watchUnused(server: Server): () => void {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }
}
