/** Where measurements run: a PostgreSQL and a RabbitMQ of their own, with default durability. */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPrivateRabbitMq } from '../scripts/rabbitmq.ts'
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.ts'
import { createLogger } from '../src/logger.ts'
import type { Place } from './servers.ts'

export type Venue = {
  /** A new database; the broker is the same for all. */
  place(name: string): Promise<Place>
  stop(): Promise<void>
}

export async function openVenue(): Promise<Venue> {
  const dataDir = await mkdtemp(join(tmpdir(), 'planwright-bench-'))
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), logger: createLogger('warn') })
  const broker = await startPrivateRabbitMq()
  return {
    async place(name) {
      const client = new pg.Client({ connectionString: postgres.url })
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      return { databaseUrl: Object.assign(new URL(postgres.url), { pathname: `/${name}` }).href, amqpUrl: broker.url, dataDir }
    },
    async stop() {
      await broker.stop()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]!.model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
