/** PostgreSQL refuses, restarts, swallows packets, finds a deadlock or ends a statement: callers are told, work goes on. */
import { Client } from 'pg'
import { expect, test } from 'vitest'
import type { TcpProxy } from '../harness/tcp-proxy.ts'
import { inWorld, leaseSeconds, until, type FaultWorld } from './world/fault-world.ts'
import { expectCompleted, rowId, taskReaches, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, chain, decide, decideAtLast, decideOnce, propose, type ProposedPlan } from './world/plans.ts'

const pass = (world: FaultWorld, seconds: number) => world.sql('select pg_sleep($1)', [seconds])

const outages: readonly { name: string; begin(proxy: TcpProxy): void; end(proxy: TcpProxy): void }[] = [
  {
    name: 'refuses connections',
    begin(proxy) {
      proxy.refuse()
      proxy.cut()
    },
    end: (proxy) => proxy.accept(),
  },
  {
    name: 'swallows packets',
    begin: (proxy) => proxy.silence(),
    end(proxy) {
      proxy.restore()
      proxy.cut()
    },
  },
]

test.concurrent.each(outages)('while PostgreSQL $name callers are told to come back, and running work is not lost', ({ begin, end }) => inWorld({}, async (world) => {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: 'when told' })
  const plan = await approved(service.client, ...chain)
  const next = await propose(service.client, ...chain)
  await taskReaches(world, plan, 1, 'RUNNING')
  await pass(world, leaseSeconds)
  begin(world.toDatabase)
  const asked = performance.now()
  expect(await decideOnce(service.client, next)).toBeNull()
  expect(performance.now() - asked).toBeLessThan(11_000)
  agent.end()
  await pass(world, leaseSeconds * 1.5)
  end(world.toDatabase)
  expect(await decideAtLast(service.client, next)).toMatchObject({ __typename: 'Plan' })
  await Promise.all([expectCompleted(world, service.client, plan), expectCompleted(world, service.client, next)])
  expect((await tasksOf(world, plan))[0]).toMatchObject({ attempt: 1 })
  expect(timesBegun(world, plan)[0]).toBe(1)
}))

test.concurrent('ending all sessions of the service, as a restart does, loses nothing', () => inWorld({}, async (world) => {
  const service = await world.startService()
  await world.startAgent('worker-1')
  const plans: ProposedPlan[] = []
  for (let index = 0; index < 10; index += 1) plans.push(await propose(service.client, ...chain))
  const deciding = Promise.all(plans.map((plan) => decideAtLast(service.client, plan)))
  for (let times = 0; times < 5; times += 1) {
    await world.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'planwright' and datname = current_database()`)
    await pass(world, 0.1)
  }
  await deciding
  for (const plan of plans) await expectCompleted(world, service.client, plan)
  expect(plans.flatMap((plan) => timesBegun(world, plan))).toEqual(plans.flatMap(() => [1, 1]))
}))

/** Another session of the database that holds a row which the approval needs, in a transaction. */
async function holdAgent(world: FaultWorld): Promise<Client> {
  const session = new Client({ connectionString: world.databaseUrl })
  await session.connect()
  await session.query('begin')
  await session.query(`select 1 from agent where name = 'worker-1' for update`)
  return session
}
const isWaiting = (world: FaultWorld) => until('the approval to wait', async () => (await world.sql(
  `select 1 from pg_stat_activity where datname = current_database() and application_name = 'planwright' and wait_event_type = 'Lock' and query like '%open_attempts = greatest%'`)).length > 0)

test.concurrent('an approval that is the victim of a deadlock is carried out all the same', () => inWorld({}, async (world) => {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1')
  const plan = await propose(service.client, ...chain)
  // Heartbeats would wait for the same row.
  agent.freeze()
  const session = await holdAgent(world)
  const deciding = decide(service.client, plan)
  await isWaiting(world)
  // The service has waited longer, so its check comes first and finds the circle.
  await session.query('select 1 from log_stream where id = $1 for update', [rowId(plan.id)])
  const [before] = await world.sql<{ deadlocks: number }>('select deadlocks::int from pg_stat_database where datname = current_database()')
  await session.query('commit')
  await session.end()
  agent.thaw()
  expect(await deciding).toMatchObject({ __typename: 'Plan' })
  await until('the deadlock counted', async () =>
    (await world.sql<{ deadlocks: number }>('select deadlocks::int from pg_stat_database where datname = current_database()'))[0]!.deadlocks >= Math.max(1, before!.deadlocks))
  await expectCompleted(world, service.client, plan)
}))

test.concurrent('a statement that PostgreSQL ends for taking too long is told to the caller, and can be repeated', () => inWorld({ settings: { LEASE_SECONDS: '60' } }, async (world) => {
  const service = await world.startService()
  await world.startAgent('worker-1')
  const plan = await propose(service.client, ...chain)
  const session = await holdAgent(world)
  const asked = performance.now()
  expect(await decideOnce(service.client, plan)).toBeNull()
  expect(performance.now() - asked).toBeLessThan(11_000)
  await until('the end of the statement', async () => (await world.sql(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%open_attempts = greatest%'`)).length === 0)
  await session.query('rollback')
  await session.end()
  expect(await decideAtLast(service.client, plan)).toMatchObject({ __typename: 'Plan' })
  await expectCompleted(world, service.client, plan)
}))
