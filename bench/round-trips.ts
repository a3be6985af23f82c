/** A relay in front of PostgreSQL that counts how often a client waits for it: once for each turn of the conversation. */
import { connect, createServer, type AddressInfo } from 'node:net'

export type CountingRelay = { readonly url: string; count(): number; stop(): void }

export async function startCountingRelay(databaseUrl: string): Promise<CountingRelay> {
  const target = new URL(databaseUrl)
  let turns = 0
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port), noDelay: true })
    let answered = true
    client.on('data', (chunk) => {
      if (answered) turns++
      answered = false
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      answered = true
      client.write(chunk)
    })
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${port}` }).href, count: () => turns, stop: () => server.close() }
}
