import type { MikroORM } from '@mikro-orm/postgresql'
import { Client } from 'pg'
import type { Logger } from '../logger.ts'
import { createOrm } from './orm.ts'

// Any constant will do as long as it stays the same: 'plan' in ASCII.
const migrationLock = 0x706c616e

/**
 * Brings the database to the newest schema and returns the names of the migrations it applied, in order. Any number of
 * processes may do so at once: one migrates, the others wait for it and find nothing left to do. What is pending is
 * one transaction. Up to date, it costs two connections and a few reads.
 */
export async function migrate({ url, logger }: { url: string; logger: Pick<Logger, 'info'> }): Promise<string[]> {
  const applied = await underLock(url, () => withOrm(url, (orm) => orm.migrator.up()))
  const names = applied.map(({ name }) => name)
  if (names.length > 0) logger.info({ migrations: names }, 'The database schema was migrated.')
  return names
}

/** Names of the migrations that the database still lacks, in order. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const pending = await underLock(url, () => withOrm(url, (orm) => orm.migrator.getPending()))
  return pending.map(({ name }) => name)
}

async function withOrm<Result>(url: string, work: (orm: MikroORM) => Promise<Result>): Promise<Result> {
  const orm = await createOrm({ url, max: 2, statementTimeoutMs: 0 })
  try {
    return await work(orm)
  } finally {
    await orm.close()
  }
}

/** Even a look takes the lock: the migrator makes its table then, and two at once would collide. */
async function underLock<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  const lock = new Client({
    connectionString: url,
    application_name: 'planwright-migrate',
    connectionTimeoutMillis: 5_000,
  })
  const { promise: lost, reject } = Promise.withResolvers<never>()
  lost.catch(() => {})
  lock.once('error', reject).once('end', () => reject(new Error('Connection terminated unexpectedly')))
  // Without a listener for each a second error would end the process.
  lock.on('error', () => {})
  try {
    await lock.connect()
    await lock.query('select pg_advisory_lock($1)', [migrationLock])
    // Without the lock another process may migrate; and work whose own connection was lost with it may never settle.
    return await Promise.race([work(), lost])
  } finally {
    await lock.end().catch(() => {})
  }
}
