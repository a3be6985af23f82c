/** Ten thousand open plans, everything killed: the service is ready in seconds and the plans go on by themselves. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPrivateRabbitMq, type PrivateNode } from '../../scripts/rabbitmq.ts'
import { multiplyPlan } from './world/many-plans.ts'
import { inWorld, until } from './world/fault-world.ts'
import { taskReaches } from './world/plan-history.ts'
import { approved } from './world/plans.ts'
import { startPrivatePostgres, type PrivatePostgres } from './world/private-postgres.ts'

let node: PrivateNode
let postgres: PrivatePostgres
beforeAll(async () => {
  [node, postgres] = await Promise.all([startPrivateRabbitMq(), startPrivatePostgres()])
})
afterAll(async () => {
  await Promise.all([node.stop(), postgres.stop()])
})

test('with 10,000 open plans a killed system is ready within ten seconds of its start and goes on with them', () => inWorld({ broker: node, database: postgres.createDatabase, settings: { LEASE_SECONDS: '60' } }, async (world) => {
  /** Starts a replica; answers how many milliseconds it took until it was ready. */
  const untilReady = async () => {
    const begun = performance.now()
    const started = await world.startService()
    await until('readiness', async () => (await fetch(`${started.url}/health/ready`)).status === 200)
    return { started, tookMs: performance.now() - begun }
  }
  const { started: service, tookMs: emptyMs } = await untilReady()
  const agent = await world.startAgent('worker-1', { ends: 'when told', slots: 200 })
  const first = await approved(service.client, { intent: 'build' })
  await taskReaches(world, first, 1, 'RUNNING')
  await multiplyPlan(world, first, 9_999)
  await until('all slots taken', async () => (await world.sql<{ open: number }>(`select count(*)::int as open from task where status = 'RUNNING'`))[0]!.open >= 200, 120_000)
  await until('the queue on disk', () => node.remembers(`${world.broker.prefix}.agent.worker-1`), 60_000)
  postgres.kill()
  await Promise.all([service.kill(), agent.kill(), node.kill()])
  await node.start()
  await world.sql('select 1')
  const { tookMs } = await untilReady()
  // A machine that is busy with other things shows in the start without plans, too.
  expect(tookMs).toBeLessThan(Math.max(10_000, 3 * emptyMs))
  await world.startAgent('worker-1', { slots: 200 })
  // Nobody does anything for them: they are found in the tables and sent to whoever has a slot.
  const completed = async () => (await world.sql<{ plans: number }>(`select count(*)::int as plans from plan where status = 'COMPLETED'`))[0]!.plans
  await until('a thousand plans complete', async () => (await completed()) >= 1_000, 400_000)
  const [log] = await world.sql(`select count(*)::int as entries, count(distinct stream)::int as plans from execution_log_entry where kind = 'TASK_SUCCEEDED'`)
  expect(log!['entries']).toBe(log!['plans'])
}), 600_000)
