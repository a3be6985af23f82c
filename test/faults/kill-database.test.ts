/** kill -9 of PostgreSQL at every step between approval and completion. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringToEveryStep, type Situation } from './world/at-every-step.ts'
import { faultSteps } from './world/fault-steps.ts'
import { expectCompleted, tasksOf, timesBegun } from './world/plan-history.ts'
import { startPrivatePostgres, type PrivatePostgres } from './world/private-postgres.ts'

let postgres: PrivatePostgres
let situations: Situation[] = []
beforeAll(async () => {
  postgres = await startPrivatePostgres()
  situations = await bringToEveryStep({ database: postgres.createDatabase, settings: { LEASE_SECONDS: '15' } })
  postgres.kill()
  for (const { release, agent } of situations) {
    release()
    agent.end()
  }
})
afterAll(async () => {
  await Promise.all(situations.map(({ world }) => world.stop()))
  await postgres.stop()
})

test.each(faultSteps)('a plan completes although PostgreSQL was killed $name', async (step) => {
  const { world, service, plan, approval } = situations[faultSteps.indexOf(step)]!
  await expectCompleted(world, service.client, plan, 90_000)
  expect(await approval).toMatchObject({ __typename: 'Plan' })
  // No agent was out of reach, so nothing was lost and nothing done twice.
  expect((await tasksOf(world, plan)).map(({ attempt }) => attempt)).toEqual([1, 1])
  expect(timesBegun(world, plan)).toEqual([1, 1])
})
