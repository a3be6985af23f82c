/** Work that cannot be undone: never a second run, and a person has the last word. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFaultWorld, until, type FaultWorld } from './world/fault-world.ts'
import { evidenceOf, expectCompleted, planReaches, taskReaches, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, type Answer } from './world/plans.ts'
import type { ServiceProcess } from './world/service-process.ts'

let world: FaultWorld
let service: ServiceProcess
beforeAll(async () => {
  world = await createFaultWorld()
  service = await world.startService()
})
afterAll(() => world.stop())

const resolveTask = async (taskId: string, outcome: string): Promise<Answer> =>
  (await service.client.data(`mutation ($input: ResolveTaskInput!) { resolveTask(input: $input) { __typename ... on Task { status } ... on Error { code message } } }`,
    { input: { taskId, outcome, userId: 'ben', notes: 'I looked.' } })).resolveTask
const retryTask = async (taskId: string): Promise<Answer> =>
  (await service.client.data(`mutation ($input: RetryTaskInput!) { retryTask(input: $input) { __typename ... on Task { status } ... on Error { code message } } }`,
    { input: { taskId, userId: 'ben' } })).retryTask

test.each([['SUCCEEDED', 'COMPLETED'], ['FAILED', 'FAILED']])(
  'irreversible work whose agent was killed after the grant has an unknown outcome until a person finds %s', async (outcome, ending) => {
    const agent = await world.startAgent('launcher', { ends: 'when told' })
    const plan = await approved(service.client, { intent: 'launch' })
    await until('the launch', () => timesBegun(world, plan)[0] === 1)
    await agent.kill()
    await world.startAgent('launcher')
    await taskReaches(world, plan, 1, 'OUTCOME_UNKNOWN')
    expect(await resolveTask(plan.tasks[0]!.id, outcome)).toMatchObject({ __typename: 'Task', status: outcome })
    await planReaches(world, plan, ending)
    expect(await resolveTask(plan.tasks[0]!.id, outcome)).toMatchObject({ code: 'INVALID_STATE' })
    expect(timesBegun(world, plan)).toEqual([1])
    await world.agents.at(-1)!.terminate()
  })

test('irreversible work whose agent froze after the grant is not run again, and its late result does not settle it', async () => {
  const agent = await world.startAgent('launcher', { ends: 'when told' })
  const plan = await approved(service.client, { intent: 'launch' })
  await until('the launch', () => timesBegun(world, plan)[0] === 1)
  await world.startAgent('spare')
  agent.freeze()
  await taskReaches(world, plan, 1, 'OUTCOME_UNKNOWN')
  agent.thaw()
  agent.end()
  await until('evidence', async () => (await evidenceOf(world, plan)).length > 0, 60_000)
  expect(await tasksOf(world, plan)).toMatchObject([{ status: 'OUTCOME_UNKNOWN', attempt: 1, output: null }])
  expect(await retryTask(plan.tasks[0]!.id)).toMatchObject({ code: 'INVALID_STATE' })
  expect(await resolveTask(plan.tasks[0]!.id, 'SUCCEEDED')).toMatchObject({ status: 'SUCCEEDED' })
  await planReaches(world, plan, 'COMPLETED')
  expect(timesBegun(world, plan)).toEqual([1])
  await Promise.all(world.agents.map((one) => one.terminate()))
})

test('irreversible work that was never granted goes to another agent', async () => {
  const agent = await world.startAgent('launcher')
  const held = world.agentsToBroker.hold(({ direction, bytes }) => direction === 'toServer' && bytes.includes('agent.launcher.accepted'))
  const plan = await approved(service.client, { intent: 'launch' })
  await held.reached
  await agent.kill()
  // What the agent sent and the broker never got is gone with its connection.
  world.agentsToBroker.cut()
  held.release()
  await world.startAgent('spare')
  await expectCompleted(world, service.client, plan)
  expect(timesBegun(world, plan)).toEqual([1])
  await world.agents.at(-1)!.terminate()
})

test('a failed task of a running plan is tried again when a person asks for it', async () => {
  const agent = await world.startAgent('worker', { ends: 'when told' })
  const plan = await approved(service.client, { intent: 'hurry' }, { intent: 'launch' }, { intent: 'ship', dependsOn: [1] })
  await taskReaches(world, plan, 1, 'FAILED')
  expect((await tasksOf(world, plan)).map(({ status }) => status)).toEqual(['FAILED', 'RUNNING', 'SKIPPED'])
  // The other branch has an unknown outcome, which keeps the plan open until a person looks at it.
  await agent.kill()
  await taskReaches(world, plan, 2, 'OUTCOME_UNKNOWN')
  await world.startAgent('worker')
  expect(await retryTask(plan.tasks[0]!.id)).toMatchObject({ __typename: 'Task' })
  await taskReaches(world, plan, 3, 'SUCCEEDED')
  expect(await resolveTask(plan.tasks[1]!.id, 'SUCCEEDED')).toMatchObject({ status: 'SUCCEEDED' })
  await planReaches(world, plan, 'COMPLETED')
  expect(timesBegun(world, plan)).toEqual([2, 1, 1])
})
