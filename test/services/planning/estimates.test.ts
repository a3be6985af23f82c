import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool } from '../../../src/database/pool.ts'
import { systemScheduler } from '../../../src/scheduler.ts'
import { createHistoryReader } from '../../../src/services/planning/estimates.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { silentLogger } from '../../harness/silent-logger.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.drop())

test('the latest 200 succeeded attempts of a work type make its history', async () => {
  const pool = createPool({ url: database.url, max: 1, logger: silentLogger })
  // Only the attempts matter here: foreign keys are not checked.
  await pool.query(`set session_replication_role = 'replica'`)
  const record = (workType: string, status: string, minutes: number, count: number, day: number) => pool.query(
    `insert into attempt (id, task_id, plan_id, number, agent_id, intent, work_type, status, lease_until, dispatched_at, started_at, finished_at, progress_entries)
     select gen_random_uuid(), gen_random_uuid(), $1, 1, $1, 'x', $2, $3, now(), t, t, t + $4 * interval '1 minute', 0
     from (select timestamptz '2026-01-01' + $6 * interval '1 day' + n * interval '1 hour' as t from generate_series(1, $5::int) n)`,
    [randomUUID(), workType, status, minutes, count, day],
  )
  await record('deploy', 'SUCCEEDED', 1_000, 50, 0)
  await record('deploy', 'SUCCEEDED', 2, 180, 100)
  await record('deploy', 'SUCCEEDED', 12, 20, 200)
  await record('deploy', 'FAILED', 500, 30, 300)
  await record('backup', 'SUCCEEDED', 0.5, 3, 0)
  const history = await createHistoryReader({ database: pool, scheduler: systemScheduler, workTypes: ['deploy', 'backup', 'never'] }).read()
  await pool.end()
  expect(history.get('deploy')).toEqual({ p50: 2, p90: 3, samples: 200 })
  expect(history.get('backup')).toEqual({ p50: 0.5, p90: 0.5, samples: 3 })
  expect(history.has('never')).toBe(false)
})
