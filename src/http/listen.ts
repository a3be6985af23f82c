import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Begins to listen; rejects where the address is taken. `url` is where a browser on this machine finds the server. */
export function listen(server: Server, host: string, port: number): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const { port: taken } = server.address() as AddressInfo
      const everywhere = host === '0.0.0.0' || host === '::'
      const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
      resolve({ url: `http://${name}:${taken}`, port: taken })
    })
  })
}
