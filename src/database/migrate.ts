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
  const lock = new Client({ connectionString: url, application_name: 'planwright-migrate', connectionTimeoutMillis: 5_000 })
  // A lost connection shows in the statement that needs it; without a listener it would end the process.
  lock.on('error', () => {})
  await lock.connect()
  try {
    await lock.query('select pg_advisory_lock($1)', [migrationLock])
    const applied = await applyPending(url)
    if (applied.length > 0) logger.info({ migrations: applied }, 'The database schema was migrated.')
    return applied
  } finally {
    await lock.end()
  }
}

async function applyPending(url: string): Promise<string[]> {
  const orm = await createOrm({ url, max: 2, statementTimeoutMs: 0 })
  try {
    const applied = await orm.migrator.up()
    return applied.map(({ name }) => name)
  } finally {
    await orm.close()
  }
}
