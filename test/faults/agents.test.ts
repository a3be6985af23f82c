/** Agents that freeze and come back, or that say they are there and take nothing. */
import { expect, test } from 'vitest'
import { inWorld, leaseSeconds, until } from './world/fault-world.ts'
import { evidenceOf, expectCompleted, planReaches, taskReaches, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, chain } from './world/plans.ts'
import { playAgent } from './world/played-agent.ts'

test.concurrent('an agent that freezes for two leases is replaced, and its late result is kept as evidence and changes nothing', () => inWorld({}, async (world) => {
  const service = await world.startService()
  const frozen = await world.startAgent('frozen', { ends: 'when told', heedsCancel: false })
  const plan = await approved(service.client, { intent: 'build' })
  await taskReaches(world, plan, 1, 'RUNNING')
  await world.startAgent('spare')
  frozen.freeze()
  await planReaches(world, plan, 'COMPLETED')
  await world.sql('select pg_sleep($1)', [leaseSeconds * 2])
  const before = await tasksOf(world, plan)
  expect(before).toMatchObject([{ status: 'SUCCEEDED', attempt: 2, output: { by: 'spare' } }])
  frozen.thaw()
  frozen.end()
  const kept = await until('evidence', async () => {
    const found = await evidenceOf(world, plan)
    return found.some(({ reason, agent_name }) => reason === 'plan_closed' && agent_name === 'frozen') && found
  }, 60_000)
  expect(kept.every(({ attempt, agent_name }) => attempt === 1 && agent_name === 'frozen')).toBe(true)
  expect(await tasksOf(world, plan)).toEqual(before)
  await expectCompleted(world, service.client, plan)
}))

test.concurrent('an agent that freezes and comes back while its task is tried again is told to stop, and cannot end it', () => inWorld({}, async (world) => {
  const service = await world.startService()
  const frozen = await world.startAgent('frozen', { ends: 'when told' })
  const plan = await approved(service.client, { intent: 'build' })
  await taskReaches(world, plan, 1, 'RUNNING')
  const spare = await world.startAgent('spare', { ends: 'when told' })
  frozen.freeze()
  await until('another attempt', async () => (await tasksOf(world, plan))[0]!.attempt >= 2 && world.ledger().some(({ agent }) => agent === 'spare'), 60_000)
  frozen.thaw()
  await until('the stop', () => world.ledger().some(({ agent, event }) => agent === 'frozen' && event === 'stopped'), 60_000)
  spare.end()
  await expectCompleted(world, service.client, plan)
  const [task] = await tasksOf(world, plan)
  expect(task).toMatchObject({ output: { by: 'spare', attempt: task!.attempt } })
}))

test.concurrent('an agent that sends heartbeats and takes no work is found and left out, and the work goes to others', () => inWorld({ settings: { LEASE_SECONDS: '2' } }, async (world) => {
  const service = await world.startService()
  const deaf = await playAgent(world, 'deaf', { consumes: false })
  const plan = await approved(service.client, ...chain)
  const suspended = () => world.sql<{ until: Date | null; unanswered: number }>('select suspended_until as until, unanswered from agent where name = $1', ['deaf'])
  await until('the suspension', async () => (await suspended())[0]!.until !== null, 90_000)
  await world.startAgent('worker-1')
  const next = await approved(service.client, ...chain)
  await Promise.all([expectCompleted(world, service.client, plan), expectCompleted(world, service.client, next)])
  // Nothing of the later plan went to the deaf one, although it has many more free slots.
  expect((await tasksOf(world, next)).map(({ attempt }) => attempt)).toEqual([1, 1])
  expect(timesBegun(world, plan)).toEqual([1, 1])
  const { data } = await service.client.request('{ agents { nodes { name status } } }')
  expect(data!.agents.nodes).toContainEqual({ name: 'deaf', status: 'UNRESPONSIVE' })
  await deaf.stop()
}))
