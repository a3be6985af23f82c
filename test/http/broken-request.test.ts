import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerBrokenRequest } from '../../src/http/broken-request.ts'

const server = createServer({ headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50, maxHeaderSize: 1_024 }, (_, response) => response.end())
server.on('clientError', answerBrokenRequest)
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** Sends this and nothing more; answers all that comes back. */
async function answerTo(sent: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(sent)
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString()
  })
  await once(socket, 'close')
  return received
}

test.each([
  { name: 'headers that do not arrive in time', sent: 'POST /graphql HTTP/1.1\r\nHost: a\r\n', status: 408, code: 'UNAVAILABLE', extra: { retryAfterSeconds: 2 } },
  { name: 'a body that does not arrive in time', sent: 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf', status: 408, code: 'UNAVAILABLE', extra: { retryAfterSeconds: 2 } },
  { name: 'headers that are too large', sent: `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2_000)}\r\n\r\n`, status: 431, code: 'BAD_REQUEST', extra: {} },
  { name: 'what is no HTTP', sent: 'hello\r\n\r\n', status: 400, code: 'BAD_REQUEST', extra: {} },
])('$name is answered as a GraphQL error with a code', async ({ sent, status, code, extra }) => {
  // A response to the half request may come first; the refusal is the last that is said.
  const received = await answerTo(sent)
  const refusal = received.slice(received.lastIndexOf('HTTP/1.1'))
  expect(refusal).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  const [, body] = refusal.split('\r\n\r\n')
  expect(JSON.parse(body!)).toEqual({ errors: [{ message: expect.any(String), extensions: { code, ...extra } }] })
})
