import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { watchUnused } from '../../src/http/unused-connections.ts'

test('connections on which nothing was sent are closed, others are not', async () => {
  const server = createServer(() => {})
  const closeUnused = watchUnused(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  const [silent, asking] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
  const closed = once(silent, 'close')
  asking.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(server, 'request')
  await expect.poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count))), { timeout: 30_000 }).toBe(2)
  closeUnused()
  silent.resume()
  await closed
  expect(asking.destroyed).toBe(false)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
