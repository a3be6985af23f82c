import type { Duplex } from 'node:stream'

/**
 * Lets what is written to a connection in one turn of the event loop leave with one system call: under load that call
 * costs more, here and at the other end, than making what it sends. Nothing waits longer than the turn lasts.
 */
export function coalesceWrites<Connection extends Duplex>(connection: Connection): Connection {
  const write = connection.write.bind(connection) as Duplex['write']
  let held = false
  connection.write = ((...chunk: Parameters<Duplex['write']>) => {
    if (!held) {
      held = true
      connection.cork()
      setImmediate(() => {
        held = false
        connection.uncork()
      })
    }
    return write(...chunk)
  }) as Duplex['write']
  return connection
}
