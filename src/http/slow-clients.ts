/** Ends requests whose client sends or reads too slowly, so that none holds on to memory and connections. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { respondRefusal } from './respond.ts'
import { serverLimits } from './server-limits.ts'

const { slowBodyMs, slowBodyBytes, stalledReaderMs, stalledReaderBytes } = serverLimits

/**
 * Answers 408 where a body comes in slower than `slowBodyBytes` in `slowBodyMs`, and ends a connection whose client
 * takes less than `stalledReaderBytes` of what waits for it in `stalledReaderMs`.
 */
export function limitSlowClient(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  const takenBytes = () => socket.bytesWritten - socket.writableLength
  let read = socket.bytesRead
  let taken = takenBytes()
  let stalledMs = 0

  function checkSender(): void {
    if (request.complete || response.writableEnded) return
    const progress = socket.bytesRead - read
    read = socket.bytesRead
    if (progress >= slowBodyBytes) return
    if (response.headersSent) socket.destroy()
    else respondRefusal(response, { status: 408, code: 'REQUEST_TIMEOUT', message: 'The request came too slowly. Send it again at once.' })
  }

  function checkReader(): void {
    if (socket.writableLength === 0 || takenBytes() - taken >= stalledReaderBytes) {
      taken = takenBytes()
      stalledMs = 0
    } else {
      stalledMs += slowBodyMs
      if (stalledMs >= stalledReaderMs) socket.destroy()
    }
  }

  const timer = setInterval(() => {
    checkSender()
    checkReader()
  }, slowBodyMs)
  response.once('close', () => clearInterval(timer))
}
