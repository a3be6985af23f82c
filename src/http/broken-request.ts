/** Answers what never became a request: too slow, too large, or no HTTP. The server itself would answer without a body. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

type Answer = { readonly status: number; readonly code: string; readonly message: string; readonly retryAfterSeconds?: number }

/** By the code of Node's error; a request that ran out of time may have waited for a service that is too busy to read. */
const answers: Readonly<Record<string, Answer>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'UNAVAILABLE', message: 'The request did not arrive in time. Try again shortly.', retryAfterSeconds: 2 },
  HPE_HEADER_OVERFLOW: { status: 431, code: 'BAD_REQUEST', message: 'The headers are too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, code: 'BAD_REQUEST', message: 'The body is too large.' },
}
const noHttp: Answer = { status: 400, code: 'BAD_REQUEST', message: 'This is no HTTP request.' }

/** For the event `clientError` of the server: answers as GraphQL does and ends the connection. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, code, message, retryAfterSeconds } = answers[error.code ?? ''] ?? noHttp
  const extensions = { code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }
  const body = JSON.stringify({ errors: [{ message, extensions }] })
  const headers = [
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ]
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
