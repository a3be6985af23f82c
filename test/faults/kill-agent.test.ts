/** kill -9 of an agent at every step between approval and completion, and of the only one for a while. */
import { expect, test } from 'vitest'
import { inWorld, leaseSeconds } from './world/fault-world.ts'
import { faultSteps } from './world/fault-steps.ts'
import { expectCompleted, rowId, taskReaches, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, chain, decide, propose } from './world/plans.ts'

test.concurrent.each(faultSteps)('a plan completes although its agent was killed $name', ({ agentsHold, arm }) => inWorld({}, async (world) => {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: agentsHold ? 'when told' : 'at once' })
  const plan = await propose(service.client, ...chain)
  const step = arm(world)
  const approval = decide(service.client, plan)
  await step.reached(plan)
  await agent.kill()
  step.release()
  expect(await approval).toMatchObject({ __typename: 'Plan' })
  await world.startAgent('worker-1')
  await expectCompleted(world, service.client, plan)
}))

test.concurrent('the tasks of an agent that dies go to another within a lease and two seconds', () => inWorld({}, async (world) => {
  const service = await world.startService()
  const doomed = await world.startAgent('worker-1', { ends: 'when told' })
  const plan = await approved(service.client, ...chain)
  await taskReaches(world, plan, 1, 'RUNNING')
  await world.startAgent('worker-2')
  // The service must have listened for a lease before it may miss anybody.
  await world.sql('select pg_sleep($1)', [leaseSeconds])
  await doomed.kill()
  const [death] = await world.sql<{ at: Date }>('select clock_timestamp() as at')
  await expectCompleted(world, service.client, plan)
  const [again] = await world.sql<{ at: Date }>('select dispatched_at as at from attempt where plan_id = $1 and number = 2', [rowId(plan.id)])
  expect(again!.at.getTime() - death!.at.getTime()).toBeLessThan((leaseSeconds + 2) * 1_000)
  expect((await tasksOf(world, plan))[0]).toMatchObject({ attempt: 2, output: { by: 'worker-2' } })
  expect(timesBegun(world, plan)).toEqual([2, 1])
}))

test.concurrent('an agent that restarts ends its old attempts at once, long before their leases do', () => inWorld({ settings: { LEASE_SECONDS: '600' } }, async (world) => {
  const service = await world.startService()
  const first = await world.startAgent('worker-1', { ends: 'when told' })
  const plan = await approved(service.client, ...chain)
  await taskReaches(world, plan, 1, 'RUNNING')
  await first.kill()
  await world.startAgent('worker-1')
  await expectCompleted(world, service.client, plan)
  const [lost] = await world.sql('select status, reason from attempt where plan_id = $1 and number = 1 order by dispatched_at', [rowId(plan.id)])
  expect(lost).toEqual({ status: 'LOST', reason: 'the agent restarted' })
}))
