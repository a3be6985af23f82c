import { afterAll, beforeAll, expect, test } from 'vitest'
import type pg from 'pg'
import { createPool } from '../../../src/database/pool.ts'
import { newId } from '../../../src/new-id.ts'
import { systemScheduler } from '../../../src/scheduler.ts'
import { createWatchHub } from '../../../src/services/watching/watch-hub.ts'
import { watchPlans, watchRequest } from '../../../src/services/watching/watch-changes.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { silentLogger as logger } from '../../harness/silent-logger.ts'

let database: TestDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool({ url: database.url, max: 4, logger })
})
afterAll(async () => {
  await pool?.end()
  await database?.drop()
})

const never = 1_000_000

function createHub(options: { compareMs?: number; publish?: (body: string) => Promise<boolean> } = {}) {
  return createWatchHub({ database: pool, replicaId: newId(), logger, scheduler: systemScheduler, publish: options.publish ?? null, compareMs: options.compareMs ?? never })
}

/** A committed change that no hint tells of. */
async function change(stream: string, kind: 'PLAN' | 'REQUEST'): Promise<void> {
  const { rows } = await pool.query(
    `insert into log_stream (id, kind, sequence, head) values ($1, $2, 1, '') on conflict (id) do update set sequence = log_stream.sequence + 1 returning sequence`,
    [stream, kind])
  await pool.query(
    `insert into execution_log_entry (stream, sequence, stream_kind, at, kind, actor, message, hash)
    values ($1, $2, $3, now(), 'PLAN_PROPOSED', 'service', 'Something happened.', '')`,
    [stream, (rows as { sequence: number }[])[0]!.sequence, kind])
}

test('who watches all plans hears after a gap of those that changed in it', async () => {
  const hub = createHub()
  const leaving = new AbortController()
  const ids = watchPlans(hub, leaving.signal)[Symbol.asyncIterator]()
  const next = ids.next()
  const planId = newId()
  await change(planId, 'PLAN')
  await change(newId(), 'REQUEST')
  hub.missed()
  expect(await next).toEqual({ done: false, value: planId })
  leaving.abort()
})

test('who watches a plan or a request hears of a change whose hint was lost, at the next comparison', async () => {
  const hub = createHub({ compareMs: 50 })
  hub.start()
  const [planId, requestId] = [newId(), newId()]
  await change(planId, 'PLAN')
  await change(requestId, 'REQUEST')
  const heads: number[] = []
  const stop = hub.onPlan(planId, (sequence) => heads.push(sequence))
  const leaving = new AbortController()
  const ids = (await watchRequest({ hub, database: pool }, requestId, leaving.signal))[Symbol.asyncIterator]()
  expect(await ids.next()).toEqual({ done: false, value: requestId })
  const next = ids.next()
  await change(planId, 'PLAN')
  await change(requestId, 'REQUEST')
  expect(await next).toEqual({ done: false, value: requestId })
  await expect.poll(() => heads.at(-1), { timeout: 30_000 }).toBe(2)
  // Comparisons that find nothing new tell nothing.
  let told = false
  const quiet = ids.next().then(() => (told = true))
  const before = heads.length
  await expect.poll(() => heads.length, { timeout: 30_000 }).toBeGreaterThan(before + 2)
  expect(told).toBe(false)
  leaving.abort()
  await quiet
  stop()
  await hub.stop()
})

test('hints that the broker did not take are sent again together with later ones, at their highest numbers', async () => {
  const bodies: { plans: Record<string, number>; requests: string[] }[] = []
  const hub = createHub({
    async publish(body) {
      bodies.push(JSON.parse(body))
      return bodies.length > 2
    },
  })
  const [planId, requestId] = [newId(), newId()]
  hub.announce({ planId, sequence: 4 })
  hub.announce({ requestId })
  await expect.poll(() => bodies.length, { timeout: 30_000 }).toBe(1)
  hub.announce({ planId, sequence: 7 })
  await expect.poll(() => bodies.length, { timeout: 30_000 }).toBe(3)
  expect(bodies[2]).toMatchObject({ plans: { [planId]: 7 }, requests: [requestId] })
  await hub.stop()
})
