/**
 * One checkpoint: a signed statement about the streams of the log that have moved since the last one. It reads entries
 * by their time and heads by their key, takes no lock that other work waits for, and leaves the streams as they are.
 */
import { createHash, sign, type KeyObject } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import canonicalize from 'canonicalize'
import type pg from 'pg'
import { withTransaction } from '../../database/transaction.ts'
import { insertRows, toBytea } from '../recording/rows.ts'

export type CheckpointDeps = {
  readonly pool: pg.Pool
  /** Outside the database: whoever can write to the database cannot sign. */
  readonly key: { readonly id: string; readonly privateKey: KeyObject }
  /** Least time between two checkpoints, in seconds. */
  readonly everySeconds: number
}

/** `made` is null where nothing has moved, the last one is too young or another replica is at it. */
export type CheckpointTurn = {
  readonly made: { readonly number: number; readonly digest: string; readonly streams: number } | null
  /** Milliseconds until there may be something to do again. */
  readonly waitMs: number
}

/** Streams in one checkpoint; the next follows at once where more have moved. */
const most = 20_000
const chunk = 2_000
/** Any number, the same in every version: whoever holds it makes the next checkpoint. */
const checkpointLock = 7_305_442

type Head = { readonly id: string; readonly sequence: number; readonly head: Buffer }

/** @param early does not wait until the last one is old enough */
export async function makeCheckpoint(deps: CheckpointDeps, { early = false } = {}): Promise<CheckpointTurn> {
  const everyMs = deps.everySeconds * 1_000
  // Before the heads are read: what is not visible to that read began later than this.
  const horizon = await readHorizon(deps.pool)
  return withTransaction(deps.pool, async (client) => {
    const last = await lockLast(client)
    if (last === 'busy') return { made: null, waitMs: everyMs }
    if (!early && last.ageMs < everyMs) return { made: null, waitMs: everyMs - last.ageMs }
    const found = await readMoved(client, last.seenUntil)
    if (found.length === 0) return { made: null, waitMs: everyMs }
    const moved = found.slice(0, most)
    const complete = moved.length === found.length
    const statement = {
      type: 'planwright.checkpoint',
      number: last.number + 1,
      previous: last.digest,
      at: last.now.toISOString(),
      streams: moved.length,
      heads: await headsDigest(moved),
      keyId: deps.key.id,
    }
    const text = Buffer.from(canonicalize(statement)!)
    const digest = createHash('sha256').update(text).digest('hex')
    const { type: _type, keyId, ...columns } = statement
    const signature = sign(null, text, deps.key.privateKey).toString('base64')
    await insertRows(client, 'checkpoint', [{ ...columns, key_id: keyId, digest, signature, seen_until: complete ? horizon : last.seenUntil }])
    for (let start = 0; start < moved.length; start += chunk) {
      await insertRows(client, 'checkpoint_head', moved.slice(start, start + chunk).map(({ id, sequence, head }) => (
        { stream: id, sequence, checkpoint: statement.number, head: toBytea(head) })))
    }
    return { made: { number: statement.number, digest, streams: moved.length }, waitMs: complete ? everyMs : 0 }
  })
}

/**
 * A time so early that every entry older than it is committed now: entries take their time inside their transaction, so
 * it is the begin of the oldest one under way, less a second for clocks that are set back. No transaction of the
 * service lives for two minutes; older ones are backups and the like.
 */
async function readHorizon(pool: pg.Pool): Promise<Date> {
  const { rows } = await pool.query<{ horizon: Date }>({
    name: 'checkpoint_horizon',
    text: `select least(clock_timestamp(), min(xact_start)) - interval '1 second' as horizon from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        and xact_start > clock_timestamp() - interval '2 minutes'`,
  })
  return rows[0]!.horizon
}

type Last = { readonly number: number; readonly digest: string; readonly seenUntil: Date; readonly ageMs: number; readonly now: Date }

async function lockLast(client: pg.PoolClient): Promise<Last | 'busy'> {
  const lock = await client.query<{ locked: boolean }>({
    name: 'lock_checkpoints', text: 'select pg_try_advisory_xact_lock($1) as locked', values: [checkpointLock],
  })
  if (!lock.rows[0]?.locked) return 'busy'
  const { rows } = await client.query<Last>({
    name: 'last_checkpoint',
    text: `select coalesce(c.number, 0) as number, coalesce(c.digest, repeat('0', 64)) as digest, coalesce(c.seen_until, timestamptz 'epoch') as "seenUntil",
        coalesce(extract(epoch from clock_timestamp() - c.at) * 1000, 1e9)::float8 as "ageMs", date_trunc('milliseconds', clock_timestamp()) as now
      from (select 1) one left join (select * from checkpoint order by number desc limit 1) c on true`,
  })
  return rows[0]!
}

/** Heads of the streams that moved since then and stand in no checkpoint yet, in the order of their ids; one more than fits tells that there are more. */
async function readMoved(client: pg.PoolClient, since: Date): Promise<Head[]> {
  // Not named: a plan made without the time would read whole tables. Each head is looked up by its key.
  const { rows } = await client.query<Head>({
    text: `with moved as materialized (select distinct stream from execution_log_entry where at >= $1)
      select s.id, s.sequence, s.head from moved
        cross join lateral (select id, sequence, head from log_stream where id = moved.stream offset 0) s
      where not exists (select 1 from checkpoint_head h where h.stream = s.id and h.sequence = s.sequence)
      order by s.id limit ${most + 1}`,
    values: [since],
  })
  return rows
}

/** SHA-256 (hex) over a line of JSON for each head; gives way to other work now and then. */
async function headsDigest(heads: readonly Head[]): Promise<string> {
  const hash = createHash('sha256')
  for (const [index, { id, sequence, head }] of heads.entries()) {
    hash.update(`${JSON.stringify([id, sequence, head.toString('hex')])}\n`)
    if (index % chunk === chunk - 1) await turn()
  }
  return hash.digest('hex')
}
