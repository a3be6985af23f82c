/** A cancel reaches agents at work; it is confirmed or reported as ignored, and wins over late results. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFaultWorld, until, type FaultWorld } from './world/fault-world.ts'
import { evidenceOf, planReaches, rowId, taskReaches, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, cancel, chain, type ProposedPlan } from './world/plans.ts'
import type { ServiceProcess } from './world/service-process.ts'

let world: FaultWorld
let service: ServiceProcess
beforeAll(async () => {
  world = await createFaultWorld()
  service = await world.startService()
})
afterAll(() => world.stop())

const kindsOf = async (plan: ProposedPlan): Promise<string[]> =>
  (await world.sql<{ kind: string }>('select kind from execution_log_entry where stream = $1 order by sequence', [rowId(plan.id)])).map(({ kind }) => kind)

test('a cancel reaches an agent whose slots are all busy with a long queue behind them, and is confirmed', async () => {
  const agent = await world.startAgent('busy', { ends: 'when told', slots: 2 })
  const others = await Promise.all(Array.from({ length: 10 }, () => approved(service.client, { intent: 'build' })))
  const plan = await until('a running plan', async () => {
    for (const other of others) if ((await tasksOf(world, other))[0]!.status === 'RUNNING') return other
    return null
  })
  expect(await cancel(service.client, plan)).toMatchObject({ status: 'CANCELLING' })
  await planReaches(world, plan, 'CANCELLED', 10_000)
  expect(world.ledger().filter(({ taskId, event }) => taskId === plan.tasks[0]!.id && event === 'stopped')).toHaveLength(1)
  agent.end()
  await Promise.all(others.filter((other) => other !== plan).map((other) => planReaches(world, other, 'COMPLETED')))
  await agent.terminate()
})

test('a cancel that an agent cannot follow is reported as ignored, and its late result un-cancels nothing', async () => {
  const agent = await world.startAgent('stubborn', { ends: 'when told', heedsCancel: false })
  const plan = await approved(service.client, ...chain)
  await taskReaches(world, plan, 1, 'RUNNING')
  expect(await cancel(service.client, plan)).toMatchObject({ status: 'CANCELLING' })
  await until('the report', async () => (await kindsOf(plan)).includes('CANCEL_IGNORED'))
  expect((await tasksOf(world, plan)).map(({ status }) => status)).toEqual(['RUNNING', 'CANCELLED'])
  agent.end()
  await planReaches(world, plan, 'CANCELLED')
  expect(await tasksOf(world, plan)).toMatchObject([{ status: 'CANCELLED', output: null }, { status: 'CANCELLED' }])
  expect(await evidenceOf(world, plan)).toContainEqual({ reason: 'after_cancel', attempt: 1, agent_name: 'stubborn', count: 1 })
  expect((await kindsOf(plan)).at(-1)).toBe('PLAN_CANCELLED')
  expect(timesBegun(world, plan)).toEqual([1, 0])
  await agent.terminate()
})

test('a cancelled plan whose agent is frozen ends with the lease, and the result that comes later changes nothing', async () => {
  const agent = await world.startAgent('frozen', { ends: 'when told', heedsCancel: false })
  const plan = await approved(service.client, ...chain)
  await taskReaches(world, plan, 1, 'RUNNING')
  agent.freeze()
  await cancel(service.client, plan)
  await planReaches(world, plan, 'CANCELLED')
  agent.thaw()
  agent.end()
  await until('evidence', async () => (await evidenceOf(world, plan)).some(({ reason }) => reason === 'plan_closed'), 60_000)
  expect(await tasksOf(world, plan)).toMatchObject([{ status: 'CANCELLED', output: null }, { status: 'CANCELLED' }])
  await agent.terminate()
})
