/** kill -9 of RabbitMQ at every step between approval and completion. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPrivateRabbitMq, type PrivateNode } from '../../scripts/rabbitmq.ts'
import { bringToEveryStep, type Situation } from './world/at-every-step.ts'
import { agentAtWork, faultSteps } from './world/fault-steps.ts'
import { until } from './world/fault-world.ts'
import { expectCompleted, tasksOf, timesBegun } from './world/plan-history.ts'

let node: PrivateNode
let situations: Situation[] = []
beforeAll(async () => {
  node = await startPrivateRabbitMq()
  situations = await bringToEveryStep({ broker: node, settings: { LEASE_SECONDS: '10' } }, async ({ broker }) => {
    for (const queue of ['results', 'agent.worker-1', 'dead-letters']) await until(`${queue} on disk`, () => node.remembers(`${broker.prefix}.${queue}`), 60_000)
  })
  await node.kill()
  for (const { release, agent } of situations) {
    release()
    agent.end()
  }
  await node.start()
})
afterAll(async () => {
  await Promise.all(situations.map(({ world }) => world.stop()))
  await node.stop()
})

test.each(faultSteps)('a plan completes although RabbitMQ was killed $name', async (step) => {
  const { world, service, plan, approval } = situations[faultSteps.indexOf(step)]!
  await expectCompleted(world, service.client, plan, 90_000)
  expect(await approval).toMatchObject({ __typename: 'Plan' })
})

test('what an agent held when RabbitMQ was killed is neither lost nor begun again', async () => {
  const { world, plan } = situations[faultSteps.indexOf(agentAtWork)]!
  expect((await tasksOf(world, plan))[0]).toMatchObject({ attempt: 1 })
  expect(timesBegun(world, plan)[0]).toBe(1)
})
