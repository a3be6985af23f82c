/** kill -9 of the service at every step between approval and completion. */
import { expect, test } from 'vitest'
import { inWorld, type FaultWorld } from './world/fault-world.ts'
import { agentAtWork, faultSteps, type FaultStep } from './world/fault-steps.ts'
import { expectCompleted, tasksOf, timesBegun, watchToEnd } from './world/plan-history.ts'
import { chain, decide, decideAtLast, propose, type ProposedPlan } from './world/plans.ts'

/** Kills the service at a step, starts another and waits until the plan is complete. */
async function killAt(world: FaultWorld, { agentsHold, arm }: FaultStep): Promise<ProposedPlan> {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: agentsHold ? 'when told' : 'at once' })
  const plan = await propose(service.client, ...chain)
  const step = arm(world)
  const approval = decide(service.client, plan).catch(() => null)
  await step.reached(plan)
  await service.kill()
  await approval
  step.release()
  const next = await world.startService()
  // Who did not hear the answer asks again, and gets the decision that was stored.
  expect(await decideAtLast(next.client, plan)).toMatchObject({ __typename: 'Plan' })
  agent.end()
  await expectCompleted(world, next.client, plan)
  return plan
}

test.concurrent.each(faultSteps)('a plan completes although the service was killed $name', (step) => inWorld({}, async (world) => {
  const plan = await killAt(world, step)
  expect(await tasksOf(world, plan)).toMatchObject([{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED' }])
}))

test.concurrent('running work outlives the service: it is neither lost nor begun again', () => inWorld({}, async (world) => {
  const plan = await killAt(world, agentAtWork)
  expect((await tasksOf(world, plan)).map(({ attempt }) => attempt)).toEqual([1, 1])
  expect(timesBegun(world, plan)).toEqual([1, 1])
}))

test.concurrent('a subscriber of another replica sees the end that a killed one did not announce', () => inWorld({}, async (world) => {
  const engine = await world.startService()
  const other = await world.startService({ ROLES: 'api', AMQP_URL: world.broker.url, DATABASE_URL: world.databaseUrl })
  await world.startAgent('worker-1')
  const plan = await propose(engine.client, ...chain)
  const watching = watchToEnd(other.client, plan)
  const step = faultSteps.at(-1)!.arm(world)
  await decide(engine.client, plan)
  await step.reached(plan)
  await engine.kill()
  const events = await watching
  expect(events.at(-1)).toMatchObject({ entry: { kind: 'PLAN_COMPLETED' }, plan: { status: 'COMPLETED' } })
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
  step.release()
}))
