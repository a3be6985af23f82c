import type { Duplex } from 'node:stream'
import { Pool, types, type PoolClient } from 'pg'
import { coalesceWrites } from '../coalesce-writes.ts'
import type { Logger } from '../logger.ts'

export type PoolSettings = {
  /** PostgreSQL connection string. */
  readonly url: string
  /** Largest number of connections. */
  readonly max: number
  readonly logger: Pick<Logger, 'warn'>
  /** Shown by PostgreSQL in its list of sessions (`planwright`). */
  readonly applicationName?: string
  /** Milliseconds after which the server ends a statement (15,000); a wait for a row lock counts. */
  readonly statementTimeoutMs?: number
  /** Milliseconds to wait for a connection, new or returned (5,000). */
  readonly connectTimeoutMs?: number
  /** For hot paths: sends statements of one client without waiting for the answer to the one before, and plans them for reads by key. Cursors do not work then. */
  readonly pipeline?: boolean
}

/**
 * A pool for the SQL of hot paths. Differs from pg's in its limits, and in that `bigint` (`count(*)` too) arrives as a
 * number; a value beyond 2^53 is an error. Broken connections are logged and replaced. End it with `pool.end()`.
 */
export function createPool(settings: PoolSettings): Pool {
  const { url, max, logger, statementTimeoutMs = 15_000 } = settings
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: settings.applicationName ?? 'planwright',
    statement_timeout: statementTimeoutMs,
    // The server's own limit does not help when the network swallows packets; this one is kept by the client.
    query_timeout: statementTimeoutMs + 5_000,
    idle_in_transaction_session_timeout: 60_000,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: settings.connectTimeoutMs ?? 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    pipeline: settings.pipeline ?? false,
    types: { getTypeParser },
  })
  // Without listeners a connection that the server closes would end the process. The pool repeats what an idle
  // connection reported already; a query in flight fails by itself.
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    coalesceWrites(streamOf(client))
    if (settings.pipeline) client.query(planByKeys).catch((error: unknown) => logger.warn({ err: error }, 'A database connection plans its statements as usual.'))
    client.on('error', (error) => logger.warn({ err: error }, 'A database connection was lost.'))
  })
  return pool
}

/**
 * Statements of hot paths find their rows by key. The plan of a prepared statement stays, though: one that was made while
 * the tables were empty would read them whole for each batch until the next analyze.
 */
const planByKeys = {
  text: `select set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false)`,
}

/** pg does not declare it. */
const streamOf = (client: PoolClient): Duplex => (client as PoolClient & { readonly connection: { readonly stream: Duplex } }).connection.stream

const bigintOid = types.builtins.INT8

const getTypeParser: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === bigintOid && format !== 'binary' ? parseBigint : types.getTypeParser(oid, format)

function parseBigint(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`The bigint ${text} is too large for a number.`)
  return value
}
