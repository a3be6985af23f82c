import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPool } from '../../src/database/pool.ts'
import { startInstallation, type Answer, type Installation } from '../harness/installation.ts'
import { silentLogger } from '../harness/silent-logger.ts'

let home: Installation
beforeAll(async () => {
  home = await startInstallation({
    capabilities: [
      { id: 'deploy_kuma', name: 'Deploy Uptime Kuma', description: 'Deploy Uptime Kuma.', examples: ['deploy kuma', 'install uptime kuma'], work_type: 'deploy', estimated_minutes: 3 },
      { id: 'add_portals', name: 'Add existing portals to config', description: 'Add existing portals to the config.', examples: ['add existing portals to config'], after: ['deploy_kuma'], estimated_minutes: 1 },
      { id: 'sweep', name: 'Sweep', estimated_minutes: 10 },
      { id: 'wait', name: 'Wait', work_type: 'wait', estimated_minutes: 20, run: { kind: 'command', argv: ['sh', '-c', 'while [ ! -e "$PLANWRIGHT_DATA_DIR/go" ]; do sleep 0.05; done'] } },
      { id: 'open_gate', name: 'Open the gate', work_type: 'gate', estimated_minutes: 8, run: { kind: 'command', argv: ['sh', '-c', 'touch "$PLANWRIGHT_DATA_DIR/go"'] } },
      { id: 'measured', name: 'Measured', work_type: 'measured', estimated_minutes: 7 },
      { id: 'take_snapshot', name: 'Snapshot {{vm}}', parameters: [{ name: 'vm', type: 'string', required: true }] },
      { id: 'roll_back', name: 'Roll {{vm}} back', parameters: [{ name: 'vm', type: 'string', required: true }] },
      { id: 'make', name: 'Make', work_type: 'made', run: { kind: 'command', argv: ['sh', '-c', `echo '{"made": 42}'`] } },
      { id: 'robotic', agent_type: 'robot' },
      { id: 'use', name: 'Use', run: { kind: 'command', argv: ['sh', '-c', 'echo "$PLANWRIGHT_INPUTS"'] } },
    ],
  })
})
afterAll(() => home.stop())

const planOf = (...subtasks: object[]): Promise<Answer> => home.planFor(subtasks as Record<string, unknown>[])
const waits = (plan: Answer) => plan.tasks.map(({ dependsOn }: Answer) => dependsOn.map(({ order }: Answer) => order))
const run = async (plan: Answer): Promise<Answer> => {
  expect(await home.approve({ planId: plan.id, userId: 'bob' })).toMatchObject({ __typename: 'Plan' })
  return home.planReaches(plan.id, 'COMPLETED')
}

describe('dependencies', () => {
  test('are those that the request orders, the catalog declares and the same object needs, and no others', async () => {
    expect(waits(await planOf({ intent: 'sweep' }, { intent: 'sweep' }, { intent: 'sweep', dependsOn: [1] }))).toEqual([[], [], [1]])
    expect(waits(await planOf({ intent: 'add_portals' }, { intent: 'sweep' }, { intent: 'deploy_kuma' })).flat()).toHaveLength(1)
    const vm = (name: string) => ({ parameters: { vm: name } })
    expect(waits(await planOf({ intent: 'take_snapshot', ...vm('a') }, { intent: 'take_snapshot', ...vm('b') }, { intent: 'roll_back', ...vm('a') }))).toEqual([[], [], [1]])
    expect(waits(await planOf({ intent: 'sweep' }, { intent: 'make', dependsOn: [1] }, { intent: 'use', dependsOn: [1, 2] }))).toEqual([[], [1], [1, 2]])
  })

  test('bring the outputs of a task to the tasks that depend on it', async () => {
    const done = await run(await planOf({ intent: 'make' }, { intent: 'use', dependsOn: [1] }, { intent: 'use' }))
    expect(done.tasks[1].output.inputs).toEqual({ [done.tasks[0].id]: { made: 42 } })
    expect(done.tasks[2].output.inputs).toEqual({})
  })
})

describe('the summary', () => {
  test('is as people know it', async () => {
    const request = await home.submit({ text: 'Deploy Kuma and add existing portals to config', userId: 'ann' })
    expect(await home.generate({ requestId: request.id, userId: 'ann' })).toMatchObject({
      summary: '1. Deploy Uptime Kuma (estimated 3 minutes)\n2. Add existing portals to config (estimated 1 minute)\n\nTotal estimated time: 4 minutes',
      estimatedMinutes: 4, complexity: 'SIMPLE',
    })
  })

  test('has the critical path on a line of its own where tasks run in parallel', async () => {
    expect(await planOf({ intent: 'sweep' }, { intent: 'deploy_kuma' }, { intent: 'add_portals' })).toMatchObject({
      summary: '1. Sweep (estimated 10 minutes)\n2. Deploy Uptime Kuma (estimated 3 minutes)\n3. Add existing portals to config (estimated 1 minute)\n\nTotal estimated time: 14 minutes\nCritical path: 1 (10 minutes)',
      estimatedMinutes: 10,
    })
    expect((await planOf({ intent: 'deploy_kuma' }, { intent: 'add_portals' }, { intent: 'take_snapshot', parameters: { vm: 'x' } })).summary).toMatch(/\nCritical path: 1 → 2 \(4 minutes\)$/)
  })
})

test('an estimate is the figure of the catalog, labelled as such, until five runs of the work type are known', async () => {
  const estimateNow = async () => (await planOf({ intent: 'measured' })).tasks[0].estimate
  for (let runs = 0; runs < 5; runs++) {
    const plan = await planOf({ intent: 'measured' })
    expect(plan.tasks[0].estimate).toEqual({ source: 'catalog', p50: 7, p90: 7, samples: runs, agents: null })
    await run(plan)
  }
  const estimate = await estimateNow()
  expect(estimate).toMatchObject({ source: 'history', samples: 5, agents: 'live' })
  expect(estimate.p50).toBeLessThan(1)
  expect(estimate.p90).toBeGreaterThanOrEqual(estimate.p50)
  expect((await planOf({ intent: 'measured' })).summary).toMatch(/Total estimated time: (?:less than 1 minute|0 minutes)/)
})

test('an estimate is from the agents that can do the task now, however many runs of others came later', async () => {
  for (let runs = 0; runs < 5; runs++) await run(await planOf({ intent: 'make' }))
  const pool = createPool({ url: home.databaseUrl, max: 1, logger: silentLogger })
  await pool.query(`insert into attempt (id, task_id, plan_id, number, agent_id, intent, work_type, status, lease_until, dispatched_at, started_at, finished_at, progress_entries)
    select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, $1, 'make', 'made', 'SUCCEEDED', now(), now(), now(), now() + interval '1 hour', 0 from generate_series(1, 300)`, [randomUUID()])
  await pool.end()
  // Nobody has this type: for it all runs count, once they were read.
  const onRobots = async () => home.revise({ planId: (await planOf({ intent: 'make' })).id, expectedRevision: 1, userId: 'ann', edits: [{ setAgentType: { task: 1, agentType: 'robot' } }] })
  await expect.poll(onRobots, { timeout: 30_000 }).toMatchObject({ estimatedMinutes: 60, tasks: [{ estimate: { source: 'history', agents: 'any', p50: 60, samples: 200 } }] })
  expect((await planOf({ intent: 'make' })).tasks[0].estimate).toMatchObject({ source: 'history', agents: 'live', p50: expect.closeTo(0, 0) })
})

test('a task is busy for some minutes while all slots are taken, and ready again afterwards', async () => {
  const waiting = await planOf(...Array.from({ length: 4 }, () => ({ intent: 'wait' })))
  await home.approve({ planId: waiting.id, userId: 'bob' })
  await expect.poll(async () => (await home.plan(waiting.id)).tasks.every(({ status }: Answer) => status === 'RUNNING'), { timeout: 30_000 }).toBe(true)
  const feasibility = async () => (await planOf({ intent: 'sweep' })).tasks[0].feasibility
  // What runs began a moment ago and takes 20 minutes.
  await expect.poll(feasibility, { timeout: 30_000 }).toMatchObject({ status: 'BUSY', minutes: expect.any(Number), reason: expect.stringMatching(/^All fitting agents are busy for about (?:1[5-9]|20) minutes\.$/) })
  const busy = await planOf({ intent: 'open_gate' })
  expect(await home.approve({ planId: busy.id, userId: 'bob' })).toMatchObject({ __typename: 'Plan' })
  // 8 more minutes wait for one of the four slots.
  await expect.poll(async () => (await feasibility()).minutes, { timeout: 30_000 }).toBeGreaterThan(21)
  await home.cancel({ planId: waiting.id, userId: 'bob' })
  await home.planReaches(busy.id, 'COMPLETED')
  await expect.poll(feasibility, { timeout: 30_000 }).toMatchObject({ status: 'READY' })
})

test('a failure to plan is a plan that says so; a request without a plan is NOT_FOUND; one not understood is InvalidState', async () => {
  const joke = await home.submit({ text: 'Tell me a joke about routers', userId: 'ann' })
  expect(await home.generate({ requestId: joke.id, userId: 'ann' })).toMatchObject({ __typename: 'InvalidStateError', standing: 'PARSING_FAILED' })
  expect(await home.generate({ requestId: `Request_${crypto.randomUUID()}`, userId: 'ann' })).toMatchObject({ __typename: 'NotFoundError' })
})

test('concurrent calls make one plan, and regenerate makes a new revision', async () => {
  const request = await home.submit({ subtasks: [{ intent: 'sweep' }], userId: 'ann' })
  const plans = await Promise.all(Array.from({ length: 10 }, () => home.generate({ requestId: request.id, userId: 'ann' })))
  expect(new Set(plans.map(({ id }) => id)).size).toBe(1)
  const next = await home.generate({ requestId: request.id, userId: 'ann', regenerate: true })
  expect(next).toMatchObject({ revision: 2, supersedes: { id: plans[0].id, status: 'SUPERSEDED' } })
})

test('an agent that is gone makes the plan offline, and a catalog that changed makes a waiting plan refused', async () => {
  const plan = await planOf({ intent: 'take_snapshot', parameters: { vm: 'web' } })
  await home.writeCatalog([{ id: 'take_snapshot', name: 'Snapshot {{vm}}', parameters: [{ name: 'vm', type: 'enum', required: true, values: ['db'] }] }])
  await home.restart()
  expect(await home.approve({ planId: plan.id, userId: 'bob' })).toMatchObject({ __typename: 'InfeasiblePlanError', tasks: [{ order: 1, reason: expect.stringContaining('vm') }] })
  await home.writeCatalog([{ id: 'take_snapshot', name: 'Snapshot {{vm}}', estimated_minutes: 4, parameters: [{ name: 'vm', type: 'string', required: true }] }])
  await home.restart()
  expect(await home.approve({ planId: plan.id, userId: 'bob' })).toMatchObject({ __typename: 'InfeasiblePlanError', tasks: [{ reason: expect.stringMatching(/describes take_snapshot anew/) }] })
  const anew = await home.revise({ planId: plan.id, expectedRevision: 1, userId: 'ann', edits: [{ setParameters: { task: 1, parameters: { vm: 'db' } } }] })
  expect(anew.changes).toContain('1. Snapshot db: the catalog describes it anew.')
  await run(anew)
  await home.writeCatalog([{ id: 'take_snapshot', run: null }].map(({ id }) => ({ id, name: 'Snapshot', run: undefined, parameters: [{ name: 'vm', type: 'string' }] })))
  await home.restart()
  await expect.poll(async () => (await planOf({ intent: 'take_snapshot' })).tasks[0].feasibility, { timeout: 30_000 }).toMatchObject({ status: 'OFFLINE', reason: 'Offline: bundled.' })
})
