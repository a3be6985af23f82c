import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { pino } from 'pino'
import { inject } from 'vitest'
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { migrate } from '../../src/database/migrate.ts'

export type TestServer = { readonly url: string; stop(): Promise<void> }
export type TestDatabase = { readonly url: string; drop(): Promise<void> }

/** Starts the one PostgreSQL of a test run; its database `planwright` holds the newest schema and no rows. */
export async function startTestServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'planwright-test-'))
  const logger = pino({ level: 'warn' })
  const server = await startEmbeddedPostgres({
    dataDir,
    logger,
    fsync: false,
    extraSettings: { max_connections: 400, shared_buffers: '256MB' },
  })
  await migrate({ url: server.url, logger })
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A database of its own with the newest schema, for one test file; `drop` it when done, open connections or not. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(new URL(inject('databaseUrl')).pathname.slice(1))
}

/** The same without the schema. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template0')
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const server = inject('databaseUrl')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(server, `create database ${name} template ${template}`)
  return {
    url: withDatabase(server, name),
    drop: () => administer(server, `drop database if exists ${name} with (force)`),
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: withDatabase(server, 'postgres'), connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
