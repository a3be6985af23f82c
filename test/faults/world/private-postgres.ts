import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedPostgres } from '../../../src/database/embedded-postgres.ts'
import { migrate } from '../../../src/database/migrate.ts'
import type { TestDatabase } from '../../harness/database.ts'
import { silentLogger } from '../../harness/silent-logger.ts'

/** A PostgreSQL of the test's own. */
export type PrivatePostgres = {
  /** A database with the newest schema. */
  createDatabase(): Promise<TestDatabase>
  /** Ends the server at once (SIGKILL); it is started again on the same data. */
  kill(): void
  stop(): Promise<void>
}

export async function startPrivatePostgres(): Promise<PrivatePostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'planwright-private-postgres-'))
  const server = await startEmbeddedPostgres({ dataDir, logger: silentLogger, extraSettings: { synchronous_commit: 'on' } })
  await migrate({ url: server.url, logger: silentLogger })
  let databases = 0
  const administer = async (statement: string) => {
    const url = new URL(server.url)
    url.pathname = 'postgres'
    const client = new Client({ connectionString: url.href })
    client.on('error', () => {})
    await client.connect()
    await client.query(statement).finally(() => client.end())
  }
  return {
    async createDatabase() {
      databases += 1
      const name = `fault_${databases}`
      await administer(`create database ${name} template planwright`)
      const url = new URL(server.url)
      url.pathname = name
      // The server goes with all its databases.
      return { url: url.href, async drop() {} }
    },
    kill: () => server.kill(),
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
