import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPool } from '../../../src/database/pool.ts'
import { systemScheduler } from '../../../src/scheduler.ts'
import type { PooledAgent } from '../../../src/services/execution/agent-pool.ts'
import { createHistoryReader, estimate } from '../../../src/services/planning/estimates.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { liveAgent } from '../../harness/plan-builder.ts'
import { silentLogger } from '../../harness/silent-logger.ts'

let database: TestDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool({ url: database.url, max: 1, logger: silentLogger })
  // Only the attempts matter here: foreign keys are not checked.
  await pool.query(`set session_replication_role = 'replica'`)
})
beforeEach(() => pool.query('delete from attempt'))
afterAll(async () => {
  await pool.end()
  await database.drop()
})

type Runs = { readonly workType?: string; readonly status?: string; readonly agent?: string; readonly minutes: number; readonly count: number; readonly day: number }
const record = ({ workType = 'deploy', status = 'SUCCEEDED', agent = randomUUID(), minutes, count, day }: Runs) => pool.query(
  `insert into attempt (id, task_id, plan_id, number, agent_id, intent, work_type, status, lease_until, dispatched_at, started_at, finished_at, progress_entries)
   select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, $1, 'x', $2, $3, now(), t, t, t + $4 * interval '1 minute', 0
   from (select timestamptz '2026-01-01' + $6 * interval '1 day' + n * interval '1 minute' as t from generate_series(1, $5::int) n)`,
  [agent, workType, status, minutes, count, day],
)
const capabilities = [{ id: 'deploy', workType: 'deploy' }, { id: 'back_up', workType: 'backup' }, { id: 'idle', workType: 'never' }]
const agentOf = (agentType: string, online = true) => liveAgent({ id: randomUUID(), agentType, online, intents: new Set(['deploy']) })
const historyWith = (...known: PooledAgent[]) => {
  const agents = new Map(known.map((agent) => [agent.id, agent]))
  return createHistoryReader({ database: pool, scheduler: systemScheduler, capabilities, agentPool: { read: async () => agents } }).read()
}
const deploymentOn = (agentType: string) => ({ id: 'deploy', workType: 'deploy', agentType, estimatedMinutes: 99 })

test('the latest 200 succeeded attempts of a work type make its history', async () => {
  await record({ minutes: 1_000, count: 50, day: 0 })
  await record({ minutes: 2, count: 180, day: 100 })
  await record({ minutes: 12, count: 20, day: 200 })
  await record({ minutes: 500, count: 30, day: 300, status: 'FAILED' })
  await record({ minutes: 0.5, count: 3, day: 0, workType: 'backup' })
  const history = await historyWith()
  expect(history.get('deploy')).toMatchObject({ p50: 2, p90: 3, samples: 200 })
  expect(history.get('backup')).toMatchObject({ p50: 0.5, p90: 0.5, samples: 3 })
  expect(history.has('never')).toBe(false)
  expect(estimate(deploymentOn('docker'), history)).toEqual({ source: 'history', p50: 2, p90: 3, samples: 200, agents: 'any' })
})

test('the agents that can do it now come first, then those of their type, then any, each from five runs on', async () => {
  const [fast, old, slow] = [agentOf('docker'), agentOf('docker', false), agentOf('kubernetes')]
  await record({ agent: slow.id, minutes: 30, count: 20, day: 9 })
  await record({ agent: old.id, minutes: 8, count: 5, day: 1 })
  await record({ agent: fast.id, minutes: 2, count: 4, day: 2 })
  expect(estimate(deploymentOn('docker'), await historyWith(fast, old, slow))).toMatchObject({ p50: 8, samples: 9, agents: 'able' })
  await record({ agent: fast.id, minutes: 2, count: 1, day: 3 })
  const history = await historyWith(fast, old, slow)
  expect(estimate(deploymentOn('docker'), history)).toMatchObject({ p50: 2, p90: 2, samples: 5, agents: 'live' })
  expect(estimate(deploymentOn('kubernetes'), history)).toMatchObject({ p50: 30, samples: 20, agents: 'live' })
  expect(estimate(deploymentOn('infra'), history)).toMatchObject({ p50: 30, samples: 30, agents: 'any' })
  expect(estimate({ ...deploymentOn('docker'), id: 'idle' }, history)).toMatchObject({ samples: 30, agents: 'any' })
})

test('runs of the agents that can do it now are found behind many later ones of others', async () => {
  const [mine, others] = [agentOf('docker'), agentOf('kubernetes')]
  await record({ agent: mine.id, minutes: 2, count: 10, day: 0 })
  await record({ agent: others.id, minutes: 30, count: 1_000, day: 1 })
  const history = await historyWith(mine, others)
  expect(estimate(deploymentOn('docker'), history)).toMatchObject({ p50: 2, samples: 10, agents: 'live' })
  expect(estimate(deploymentOn('kubernetes'), history)).toMatchObject({ p50: 30, samples: 1_000, agents: 'live' })
  expect(history.get('deploy')).toMatchObject({ p50: 30, samples: 200 })
})
