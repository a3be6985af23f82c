/** Time is the database's clock: an hour of skew on a replica or an agent changes no outcome. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { inWorld, leaseSeconds, until } from './world/fault-world.ts'
import { expectCompleted, rowId, taskReaches, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, chain } from './world/plans.ts'

const skewed = fileURLToPath(new URL('world/skewed-clock.mjs', import.meta.url))

test.concurrent.each([['fast', 3_600], ['slow', -3_600]])('a replica whose clock is an hour %s beside one that is right loses no work, and finds what is lost', (_, seconds) => inWorld({}, async (world) => {
  const wrong = await world.startService({ CLOCK_SKEW_SECONDS: String(seconds) }, skewed)
  const right = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: 'when told' })
  const plans = await Promise.all([wrong, right].map(({ client }) => approved(client, ...chain)))
  for (const plan of plans) await taskReaches(world, plan, 1, 'RUNNING')
  await world.sql('select pg_sleep($1)', [leaseSeconds * 2])
  for (const plan of plans) expect((await tasksOf(world, plan))[0]).toMatchObject({ status: 'RUNNING', attempt: 1 })
  await agent.kill()
  await world.startAgent('worker-2')
  for (const plan of plans) await expectCompleted(world, right.client, plan)
  expect(plans.map((plan) => timesBegun(world, plan))).toEqual([[2, 1], [2, 1]])
  const [strange] = await world.sql<{ entries: number }>(`select count(*)::int as entries from execution_log_entry where abs(extract(epoch from at - clock_timestamp())) > 600`)
  expect(strange).toEqual({ entries: 0 })
}))

test.concurrent('an agent whose clock is an hour fast carries out plans, and is missed when it dies', () => inWorld({}, async (world) => {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: 'when told' }, { preload: skewed, environment: { CLOCK_SKEW_SECONDS: '3600' } })
  const plan = await approved(service.client, ...chain)
  await taskReaches(world, plan, 1, 'RUNNING')
  await world.sql('select pg_sleep($1)', [leaseSeconds * 2])
  expect((await tasksOf(world, plan))[0]).toMatchObject({ status: 'RUNNING', attempt: 1 })
  await agent.kill()
  await until('the loss', async () => (await world.sql(`select 1 from attempt where plan_id = $1 and status = 'LOST'`, [rowId(plan.id)])).length === 1, 60_000)
  await world.startAgent('worker-2')
  await expectCompleted(world, service.client, plan)
}))
