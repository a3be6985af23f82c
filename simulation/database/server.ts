/** A real PostgreSQL without fsync, in whose databases time is a setting. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { migrate } from '../../src/database/migrate.ts'
import type { Logger } from '../../src/logger.ts'

export type SimulationServer = {
  /** A database with the newest schema and virtual time; answers its URL. */
  createDatabase(name: string): Promise<string>
  stop(): Promise<void>
}

export async function startSimulationServer(logger: Logger): Promise<SimulationServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'planwright-simulation-'))
  const server = await startEmbeddedPostgres({
    dataDir,
    logger,
    fsync: false,
    // Nothing may happen to the tables behind the seed's back.
    extraSettings: { autovacuum: 'off', synchronous_commit: 'off', max_connections: 100, shared_buffers: '256MB', wal_level: 'minimal', max_wal_senders: 0 },
  })
  await migrate({ url: server.url, logger })
  return {
    async createDatabase(name) {
      const url = new URL(server.url)
      await execute(url.href, `create database ${name} template ${url.pathname.slice(1)}`, 'postgres')
      url.pathname = name
      await execute(url.href, virtualTime(name))
      return url.href
    },
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/**
 * The product asks clock_timestamp() for the time. A schema before pg_catalog has one of its own, which reads what the
 * simulation sets on the connection. A wait for a lock is an error at once: the simulation plays the wait.
 */
const virtualTime = (database: string): string => `
  create schema simulation;
  create function simulation.clock_timestamp() returns timestamptz language sql stable
    as $$ select to_timestamp(current_setting('simulation.now')::double precision) $$;
  create function simulation.now() returns timestamptz language sql stable
    as $$ select to_timestamp(current_setting('simulation.now')::double precision) $$;
  create function simulation.fail(state text, words text) returns void language plpgsql
    as $$ begin raise exception using message = words, errcode = state; end $$;
  alter database ${database} set search_path = simulation, pg_catalog, public;
  alter database ${database} set simulation.now = '0';
  alter database ${database} set lock_timeout = '1ms';
  alter database ${database} set plan_cache_mode = force_generic_plan;`

async function execute(url: string, sql: string, database?: string): Promise<void> {
  const address = new URL(url)
  if (database) address.pathname = database
  const client = new Client({ connectionString: address.href })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
