import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SettingsError } from '../settings.ts'

/**
 * Begins to listen; rejects with SettingsError where the address is taken or none of this machine's. `url` is where a
 * browser on this machine finds the server.
 */
export function listen(server: Server, host: string, port: number): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(settingAtFault(error, host, port) ?? error)
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse)
      const { port: taken } = server.address() as AddressInfo
      const everywhere = host === '0.0.0.0' || host === '::'
      const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
      resolve({ url: `http://${name}:${taken}`, port: taken })
    })
  })
}

function settingAtFault({ code }: NodeJS.ErrnoException, host: string, port: number): SettingsError | null {
  if (code === 'EADDRINUSE') return new SettingsError(`PORT: something listens on ${host}:${port} already, another Planwright perhaps. Stop it, or choose another port.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return new SettingsError(`HOST: ${host} is no address of this machine.`)
  if (code === 'EACCES') return new SettingsError(`PORT: this user may not listen on ${port}. Choose a port above 1023.`)
  return null
}
