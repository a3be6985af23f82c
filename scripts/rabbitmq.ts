/**
 * A RabbitMQ for tests, chaos runs and trying things out.
 *
 *   node scripts/rabbitmq.ts          prints its URL and keeps it running until Ctrl-C
 */
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { findOrInstallRabbitMq } from './rabbitmq/find-rabbitmq.ts'
import { startPrivateNode } from './rabbitmq/private-node.ts'
import type { PrivateNode } from './rabbitmq/private-node.ts'

export type { PrivateNode } from './rabbitmq/private-node.ts'

/** A broker to use: somebody else's (`node` is null, `stop` leaves it alone) or a private one. */
export type Broker = { readonly url: string; readonly node: PrivateNode | null; stop(): Promise<void> }

/** The broker at AMQP_URL where that is set, else a private one. */
export async function startRabbitMq(): Promise<Broker> {
  const given = process.env.AMQP_URL
  if (given) return { url: given, node: null, async stop() {} }
  const node = await startPrivateRabbitMq()
  return { url: node.url, node, stop: node.stop }
}

/** A private broker, whatever AMQP_URL says: for what kills or reconfigures it. Throws with the ways to get one. */
export async function startPrivateRabbitMq(): Promise<PrivateNode> {
  return startPrivateNode(await findOrInstallRabbitMq())
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const broker = await startRabbitMq()
  console.log(broker.url)
  const ended = [once(process, 'SIGINT'), once(process, 'SIGTERM')]
  const keepAlive = setInterval(() => {}, 60_000)
  await Promise.race(ended)
  clearInterval(keepAlive)
  await broker.stop()
}
