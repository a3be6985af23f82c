import { createHash, generateKeyPairSync, verify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import canonicalize from 'canonicalize'
import { createPool } from '../../../src/database/pool.ts'
import { createCheckpoints } from '../../../src/services/evidence/checkpoints.ts'
import { makeCheckpoint } from '../../../src/services/evidence/make-checkpoint.ts'
import { systemScheduler } from '../../../src/scheduler.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { until } from '../../harness/service.ts'
import { silentLogger } from '../../harness/silent-logger.ts'
import { appendTo, newStreams } from './log-writer.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const key = { id: 'test-key', privateKey }

type Row = { number: number; previous: string; at: Date; streams: number; heads: string; key_id: string; digest: string; signature: string; seen_until: Date }

describe('checkpoints of the log', () => {
  let database: TestDatabase
  let pool: ReturnType<typeof createPool>
  beforeEach(async () => {
    database = await createTestDatabase()
    pool = createPool({ url: database.url, max: 8, logger: silentLogger, pipeline: true })
  })
  afterEach(async () => {
    await pool.end()
    await database.drop()
  })
  const make = (early = true) => makeCheckpoint({ pool, key, everySeconds: 10 }, { early })
  const checkpoints = async () => (await pool.query<Row>('select * from checkpoint order by number')).rows
  const headsOf = async (number: number) =>
    (await pool.query<{ stream: string; sequence: number; head: Buffer }>('select stream, sequence, head from checkpoint_head where checkpoint = $1 order by stream', [number])).rows

  test('one states where every moved stream stands, signed and chained to the one before', async () => {
    const streams = newStreams(5)
    await appendTo(pool, streams)
    expect(await make()).toMatchObject({ made: { number: 1, streams: 5 } })
    await appendTo(pool, streams.slice(0, 2))
    expect(await make()).toMatchObject({ made: { number: 2, streams: 2 } })

    const [first, second] = await checkpoints()
    expect([first!.previous, second!.previous]).toEqual(['0'.repeat(64), first!.digest])
    expect((await headsOf(2)).map(({ stream, sequence }) => [stream, sequence])).toEqual(streams.slice(0, 2).sort().map((id) => [id, 2]))
    for (const { number, previous, at, streams: count, heads, key_id: keyId, digest, signature } of [first!, second!]) {
      const lines = (await headsOf(number)).map(({ stream, sequence, head }) => `${JSON.stringify([stream, sequence, head.toString('hex')])}\n`)
      expect(createHash('sha256').update(lines.join('')).digest('hex')).toBe(heads)
      const text = Buffer.from(canonicalize({ type: 'planwright.checkpoint', number, previous, at: at.toISOString(), streams: count, heads, keyId })!)
      expect(createHash('sha256').update(text).digest('hex')).toBe(digest)
      expect(verify(null, text, publicKey, Buffer.from(signature, 'base64'))).toBe(true)
    }
  })

  test('none is made where nothing has moved, nor before the last one is old enough', async () => {
    expect(await make()).toEqual({ made: null, waitMs: 10_000 })
    await appendTo(pool, newStreams(1))
    await make()
    expect((await make()).made).toBeNull()
    await appendTo(pool, newStreams(1))
    const { made, waitMs } = await make(false)
    expect(made).toBeNull()
    expect(waitMs).toBeGreaterThan(0)
    expect(waitMs).toBeLessThan(10_000)
  })

  test('an entry that was under way during one checkpoint stands in the next', async () => {
    const [slow, quick] = newStreams(2) as [string, string]
    const timed = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const slowly = appendTo(pool, [slow], 'late', async () => {
      timed.resolve()
      await mayCommit.promise
    })
    await timed.promise
    await appendTo(pool, [quick])
    expect(await make()).toMatchObject({ made: { streams: 1 } })
    mayCommit.resolve()
    await slowly
    expect(await make()).toMatchObject({ made: { number: 2, streams: 1 } })
    expect((await headsOf(2)).map(({ stream }) => stream)).toEqual([slow])
  })

  test('replicas that come at the same time make one between them', async () => {
    await appendTo(pool, newStreams(3))
    const turns = await Promise.all(Array.from({ length: 6 }, () => make(false).catch(() => null)))
    expect(turns.filter((turn) => turn?.made)).toHaveLength(1)
    expect(await checkpoints()).toHaveLength(1)
  })

  test('a stopping service leaves nothing that no checkpoint is over, and says each digest in its log', async () => {
    const lines: { checkpoint: number; digest: string }[] = []
    const logger = { ...silentLogger, info: (details: object) => void lines.push(details as (typeof lines)[number]) }
    const service = createCheckpoints({ pool, key, everySeconds: 1, logger, scheduler: systemScheduler })
    await appendTo(pool, newStreams(1))
    service.start()
    await until('the first checkpoint', async () => (await checkpoints()).length === 1)
    await appendTo(pool, newStreams(2))
    await service.stop()
    await service.stop()
    const rows = await checkpoints()
    expect(rows.at(-1)!.number).toBeGreaterThan(1)
    expect(rows.reduce((sum, { streams }) => sum + streams, 0)).toBe(3)
    expect(lines.map(({ checkpoint, digest }) => [checkpoint, digest])).toEqual(rows.map(({ number, digest }) => [number, digest]))
  })

  test('it reads the streams that moved, not those that rest', async () => {
    await pool.query(`insert into log_stream select gen_random_uuid(), 'PLAN', 1, '\\x00' from generate_series(1, 50000)`)
    await pool.query(`insert into execution_log_entry (stream, sequence, stream_kind, at, kind, actor, message, hash)
      select id, 1, 'PLAN', now() - interval '1 day', 'PLAN_PROPOSED', 'service', 'x', '\\x00' from log_stream`)
    await pool.query('analyze')
    // A first checkpoint, as if the old entries had been stated long ago.
    await pool.query(`insert into checkpoint values (1, repeat('0', 64), now() - interval '1 hour', 0, '', 'k', repeat('1', 64), '', now() - interval '1 hour')`)
    // The server counts by connection and tells at its leisure: with one connection it can be made to tell at once.
    const single = createPool({ url: database.url, max: 1, logger: silentLogger })
    await appendTo(single, newStreams(20))
    const before = await rowsRead(single)
    expect(await makeCheckpoint({ pool: single, key, everySeconds: 10 }, { early: true })).toMatchObject({ made: { number: 2, streams: 20 } })
    const read = (await rowsRead(single)) - before
    await single.end()
    expect(read).toBeGreaterThanOrEqual(40)
    expect(read).toBeLessThan(500)
  })

  /** Rows of the two large tables that statements have read so far, by scan or index. */
  async function rowsRead(single: typeof pool): Promise<number> {
    await single.query('select pg_stat_force_next_flush()')
    const { rows } = await single.query<{ read: number }>(
      `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_user_tables where relname in ('log_stream', 'execution_log_entry')`)
    return rows[0]!.read
  }
})
