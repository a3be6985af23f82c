/** Looks for words in everything that an installation stores, sends, logs and shows. */
import { connect } from 'amqplib'
import type pg from 'pg'
import { brokerNames } from '../../src/messaging/topology.ts'

/** Collects every message of all exchanges from now on. */
export async function tapMessages(url: string, prefix: string): Promise<{ readonly messages: readonly string[]; stop(): Promise<void> }> {
  const messages: string[] = []
  const model = await connect(url)
  const channel = await model.createChannel()
  const { queue } = await channel.assertQueue('', { exclusive: true })
  for (const exchange of Object.values(brokerNames(prefix).exchanges)) await channel.bindQueue(queue, exchange, '#')
  await channel.consume(queue, (message) => {
    if (message) messages.push(`${JSON.stringify(message.properties)} ${message.content.toString()}`)
  }, { noAck: true })
  return { messages, stop: () => model.close() }
}

/** Every row of every table, as text, by table. */
export async function readAllTables(pool: pg.Pool): Promise<Map<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`)
  const texts = new Map<string, string>()
  for (const { name } of tables) {
    const { rows } = await pool.query<{ line: string }>(`select to_jsonb(t)::text as line from "${name}" t`)
    texts.set(name, rows.map(({ line }) => line).join('\n'))
  }
  return texts
}

/** `place: canary` for each canary that is found, also where it stands in Base64. */
export function findCanaries(canaries: Readonly<Record<string, string>>, places: Iterable<readonly [string, string]>): string[] {
  const found: string[] = []
  for (const [place, text] of places) {
    for (const [name, canary] of Object.entries(canaries)) {
      if (text.includes(canary) || text.includes(Buffer.from(canary).toString('base64'))) found.push(`${place}: ${name}`)
    }
  }
  return found
}
