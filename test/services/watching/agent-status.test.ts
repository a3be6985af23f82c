import type pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createPool } from '../../../src/database/pool.ts'
import { systemScheduler as scheduler } from '../../../src/scheduler.ts'
import { createAgentPool } from '../../../src/services/execution/agent-pool.ts'
import { createAgentStatus } from '../../../src/services/watching/agent-status.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { silentLogger } from '../../harness/silent-logger.ts'

let database: TestDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool({ url: database.url, max: 1, logger: silentLogger })
})
afterEach(() => void vi.useRealTimers())
afterAll(async () => {
  await pool?.end()
  await database?.drop()
})

test.each([[-3_600_000], [3_600_000]])('an agent is suspended by the clock of the database, whatever that of the replica says (%i ms off)', async (offMs) => {
  const { rows: [clock] } = await pool.query<{ later: Date; earlier: Date }>(
    `select now() + interval '1 minute' as later, now() - interval '1 minute' as earlier`)
  vi.useFakeTimers({ toFake: ['Date'], now: clock!.later.getTime() + offMs })
  const status = createAgentStatus(pool)
  expect(await status({ online: true, suspendedUntil: clock!.later })).toBe('UNRESPONSIVE')
  expect(await status({ online: true, suspendedUntil: clock!.earlier })).toBe('ONLINE')
  expect(await status({ online: false, suspendedUntil: clock!.later })).toBe('OFFLINE')
})

test('agents that are asked about together share one look at the clock, and those that are not suspended need none', async () => {
  let looks = 0
  const status = createAgentStatus({
    async query(statement) {
      looks++
      return pool.query(statement)
    },
  })
  await Promise.all(Array.from({ length: 50 }, () => status({ online: true, suspendedUntil: null })))
  expect(looks).toBe(0)
  await Promise.all(Array.from({ length: 50 }, () => status({ online: true, suspendedUntil: new Date() })))
  expect(looks).toBe(1)
})

test('an agent that is silent for longer than the setting says gets no new work', async () => {
  await pool.query(`insert into agent (id, name, agent_type, instance, intents, work_types, slots, open_attempts, resources, unanswered, online, last_seen_at, registered_at)
    values (gen_random_uuid(), 'silent', 'infra', 'i', '[]', '[]', 1, 0, '{}', 0, true, now() - interval '1 minute', now())`)
  const isOnline = async (offlineAfterSeconds: number) =>
    [...(await createAgentPool({ database: pool, scheduler, offlineAfterSeconds }).read()).values()].map(({ online }) => online)
  expect([await isOnline(50), await isOnline(3_600)]).toEqual([[false], [true]])
})
