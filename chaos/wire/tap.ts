/** An independent consumer with a queue of its own that writes down everything that is put on the wire. */
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type ChannelModel, type ConsumeMessage } from 'amqplib'
import { openJournal } from '../journal.ts'

export type TapOptions = {
  readonly url: string
  readonly prefix: string
  /** File that takes the messages. */
  readonly path: string
  /** Tells the type of each message, and the agent it goes to or comes from, once it is written down. */
  readonly seen: (word: string, agent: string) => void
}

export type Tap = {
  /** Messages that are on its queue, and on those of the service, now. */
  depths(): Promise<{ readonly tap: number; readonly results: number; readonly deadLetters: number }>
  stop(): Promise<void>
}

const reportWords = ['accepted', 'progressed', 'succeeded', 'failed', 'stopped']
const againAfterMs = 300

/** Binds its queue to the exchanges of the service, which must exist, and connects again whenever it has to. */
export async function startTap({ url, prefix, path, seen }: TapOptions): Promise<Tap> {
  const journal = openJournal(path)
  const queue = `${prefix}.tap`
  // Work expires with its lease, and in a run that is held up so does what waits for this consumer: it goes here instead.
  const expired = `${prefix}.tap-expired`
  let model: ChannelModel | null = null
  let stopped = false

  function take(message: ConsumeMessage): void {
    const { exchange, routingKey } = firstSent(message)
    const event = JSON.parse(message.content.toString()) as { type: string; data: unknown }
    const { type, data } = event
    journal.write({ exchange: exchange.slice(prefix.length + 1), routingKey, messageId: String(message.properties.messageId), type, data })
    seen(type.split('.').at(-1) ?? '', routingKey.split('.')[1] ?? '')
  }

  async function listen(opened: () => void): Promise<void> {
    const connection = await connect(url, { timeout: 5_000 })
    const ended = new Promise<void>((resolve) => connection.on('close', () => resolve()))
    connection.on('error', () => {})
    model = connection
    const channel = await connection.createChannel()
    channel.on('error', () => {})
    // The same kind as the service's own queues: what they stored before a crash, this one has stored too.
    await channel.assertQueue(expired, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    await channel.assertQueue(queue, { durable: true, deadLetterExchange: '', deadLetterRoutingKey: expired, arguments: { 'x-queue-type': 'quorum' } })
    await channel.bindQueue(queue, `${prefix}.work`, '#')
    for (const word of reportWords) await channel.bindQueue(queue, `${prefix}.results`, `agent.*.${word}`)
    await channel.prefetch(200)
    for (const name of [queue, expired]) {
      await channel.consume(name, (message) => {
        if (!message) return
        take(message)
        channel.ack(message)
      })
    }
    opened()
    await ended
    model = null
  }

  const { promise: firstOpened, resolve: opened } = Promise.withResolvers<void>()
  async function run(): Promise<void> {
    while (!stopped) {
      await listen(opened).catch(() => {})
      if (!stopped) await sleep(againAfterMs)
    }
  }
  const running = run()
  await firstOpened

  return {
    async depths() {
      const connection = await connect(url, { timeout: 5_000 })
      connection.on('error', () => {})
      try {
        const channel = await connection.createChannel()
        channel.on('error', () => {})
        const depth = async (name: string) => (await channel.checkQueue(`${prefix}.${name}`)).messageCount
        return { tap: (await depth('tap')) + (await depth('tap-expired')), results: await depth('results'), deadLetters: await depth('dead-letters') }
      } finally {
        await connection.close()
      }
    },
    async stop() {
      stopped = true
      await model?.close().catch(() => {})
      await running
      journal.close()
    },
  }
}

type Death = { readonly exchange: string; readonly 'routing-keys': readonly string[] }

/** Where a message was published, also after it expired. */
function firstSent({ fields, properties }: ConsumeMessage): { readonly exchange: string; readonly routingKey: string } {
  const [death] = (properties.headers?.['x-death'] ?? []) as readonly Death[]
  return death ? { exchange: death.exchange, routingKey: death['routing-keys'][0]! } : fields
}
