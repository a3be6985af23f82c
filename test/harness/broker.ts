import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'amqplib'
import { inject } from 'vitest'
import { brokerNames, serviceTopology } from '../../src/messaging/topology.ts'
import { startRabbitMq } from '../../scripts/rabbitmq.ts'
import type { Broker } from '../../scripts/rabbitmq.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the URL of the run's RabbitMQ, which it starts when first asked. */
    brokerLauncher: string
  }
}

export type TestBrokerLauncher = { readonly url: string; stop(): Promise<void> }

/**
 * One RabbitMQ for a whole test run, started only when a test asks for it: it takes seconds to boot, and most test
 * files need none. Global setup calls this and provides the URL as `brokerLauncher`.
 */
export async function startTestBrokerLauncher(): Promise<TestBrokerLauncher> {
  let starting: Promise<Broker> | null = null
  const server = createServer(async (_request, response) => {
    try {
      starting ??= startRabbitMq()
      const broker = await starting
      response.end(broker.url)
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error))
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections()
      await once(server.close(), 'close')
      const broker = await starting?.catch(() => null)
      await broker?.stop()
    },
  }
}

/** A corner of the run's RabbitMQ: everything on it begins with `prefix`. */
export type TestBroker = {
  readonly url: string
  readonly prefix: string
  /** Deletes all that was declared under the prefix; `agentNames` are those whose queues were declared. */
  remove(agentNames?: readonly string[]): Promise<void>
}

/** A prefix of its own on the run's RabbitMQ. Fails with the ways to get one where there is none. */
export async function provideBroker(): Promise<TestBroker> {
  const response = await fetch(inject('brokerLauncher'))
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  const prefix = `test-${randomBytes(6).toString('hex')}`
  return { url: text, prefix, remove: (agentNames = []) => removeAll(text, prefix, agentNames) }
}

async function removeAll(url: string, prefix: string, agentNames: readonly string[]): Promise<void> {
  const { exchanges, queues } = serviceTopology(prefix)
  const model = await connect(url)
  model.on('error', () => {})
  const channel = await model.createChannel()
  channel.on('error', () => {})
  for (const { name } of queues) await channel.deleteQueue(name)
  for (const agentName of agentNames) await channel.deleteQueue(brokerNames(prefix).agentQueue(agentName))
  for (const { name } of exchanges) await channel.deleteExchange(name)
  await model.close()
}
