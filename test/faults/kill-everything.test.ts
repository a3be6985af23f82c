/** Service, agents, broker and database die together, at every step, and are started again. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPrivateRabbitMq, type PrivateNode } from '../../scripts/rabbitmq.ts'
import { bringToEveryStep, type Situation } from './world/at-every-step.ts'
import { faultSteps } from './world/fault-steps.ts'
import { until } from './world/fault-world.ts'
import { expectCompleted } from './world/plan-history.ts'
import { startPrivatePostgres, type PrivatePostgres } from './world/private-postgres.ts'

let node: PrivateNode
let postgres: PrivatePostgres
let situations: Situation[] = []
beforeAll(async () => {
  [node, postgres] = await Promise.all([startPrivateRabbitMq(), startPrivatePostgres()])
  situations = await bringToEveryStep({ broker: node, database: postgres.createDatabase, settings: { LEASE_SECONDS: '10' } }, async ({ broker }) => {
    for (const queue of ['results', 'agent.worker-1', 'dead-letters']) await until(`${queue} on disk`, () => node.remembers(`${broker.prefix}.${queue}`), 60_000)
  })
  const killed = situations.flatMap(({ service, agent }) => [service.kill(), agent.kill()])
  postgres.kill()
  await Promise.all([node.kill(), ...killed])
  for (const { release } of situations) release()
  await node.start()
  await Promise.all(situations.map(async ({ world }) => {
    await world.startService()
    await world.startAgent('worker-1')
  }))
})
afterAll(async () => {
  await Promise.all(situations.map(({ world }) => world.stop()))
  await Promise.all([node.stop(), postgres.stop()])
})

test.each(faultSteps)('a plan completes although everything was killed $name', async (step) => {
  const { world, plan } = situations[faultSteps.indexOf(step)]!
  await expectCompleted(world, world.services.at(-1)!.client, plan, 90_000)
  expect(world.services).toHaveLength(2)
})
