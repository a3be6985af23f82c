/** Ends requests whose client sends or reads too slowly, so that none holds on to memory and connections. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { respondRefusal } from './respond.ts'
import { serverLimits } from './server-limits.ts'

const { slowBodyMs, slowBodyBytes, stalledReaderMs, stalledReaderBytes } = serverLimits

/** Answers 408 once a body comes in slower than `slowBodyBytes` in `slowBodyMs`. */
export function limitSlowBody(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  if (request.complete) return
  let read = socket.bytesRead
  const timer = setInterval(() => {
    const progress = socket.bytesRead - read
    read = socket.bytesRead
    if (request.complete || response.writableEnded) clearInterval(timer)
    else if (progress < slowBodyBytes) {
      clearInterval(timer)
      if (response.headersSent) socket.destroy()
      else respondRefusal(response, { status: 408, code: 'REQUEST_TIMEOUT', message: 'The request came too slowly. Send it again at once.' })
    }
  }, slowBodyMs)
  response.once('close', () => clearInterval(timer))
}

/** Ends a connection whose client takes less of a finished answer than `stalledReaderBytes` in `stalledReaderMs`. */
export function limitSlowReader(response: ServerResponse): void {
  response.once('prefinish', () => {
    const { socket } = response
    if (!socket || response.writableFinished) return
    const taken = () => socket.bytesWritten - socket.writableLength
    let before = taken()
    const timer = setInterval(() => {
      const progress = taken() - before
      before = taken()
      if (progress < stalledReaderBytes) socket.destroy()
    }, stalledReaderMs)
    response.once('finish', () => clearInterval(timer))
    response.once('close', () => clearInterval(timer))
  })
}
