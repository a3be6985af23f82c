import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { catalogOf, person } from '../../harness/plan-builder.ts'
import { startService, until, type Service } from '../../harness/service.ts'

const catalog = catalogOf([{ id: 'build' }, { id: 'launch', effect: 'irreversible' }])
const leaseSeconds = 2

let database: TestDatabase
let service: Service
beforeEach(async () => {
  database = await createTestDatabase()
  service = await startService(database.url, catalog, { LEASE_SECONDS: String(leaseSeconds) })
})
afterEach(async () => {
  await service.stop()
  await database.drop()
})

test('an attempt of an agent that falls silent is dispatched again, and its late result changes nothing', async () => {
  const silent = await service.playAgent('silent')
  const plan = await service.plan({ intent: 'build' })
  await service.decide(plan)
  const first = await silent.work()
  await silent.report(first, 'accepted', {})
  await service.taskReaches(plan.id, 1, 'RUNNING')
  // Alive again, it may be the one to get the second attempt; it never listed the first one in a heartbeat.
  await until('the loss', async () => {
    await silent.beat()
    return silent.received.some(({ type }) => type === 'planwright.work.cancelled')
  })
  const second = await silent.work(2)
  expect(second).toMatchObject({ taskId: first.taskId, idempotencyKey: first.idempotencyKey, contentHash: first.contentHash })
  const { rows } = await service.pool.query(
    `select number, status, extract(epoch from dispatched_at - lag(dispatched_at) over (order by number))::float as waited from attempt order by number`)
  expect(rows).toMatchObject([{ number: 1, status: 'LOST' }, { number: 2, status: 'DISPATCHED' }])
  expect(rows[1].waited).toBeGreaterThanOrEqual(leaseSeconds)
  expect(rows[1].waited).toBeLessThan(leaseSeconds + 8)
  await silent.report(first, 'succeeded', { output: 'late' })
  await until('evidence', async () => (await service.evidence(plan.id)).some(({ reason, attempt }) => reason === 'stale_attempt' && attempt === 1))
  expect((await service.taskRows(plan.id))[0]).toMatchObject({ output: null, attempt: 2 })
  await silent.report(second, 'succeeded', { output: 'in time' })
  await service.planReaches(plan.id, 'COMPLETED')
  expect((await service.taskRows(plan.id))[0]).toMatchObject({ status: 'SUCCEEDED', output: 'in time' })
})

test('a heartbeat that lists an attempt keeps it alive beyond its lease', async () => {
  const agent = await service.playAgent('alive')
  const plan = await service.plan({ intent: 'build' })
  await service.decide(plan)
  const work = await agent.work()
  await agent.report(work, 'accepted', {})
  await service.taskReaches(plan.id, 1, 'RUNNING')
  await until('twice the lease', async () => {
    await agent.beat([{ taskId: work.taskId, attempt: work.attempt }])
    const { rows } = await service.pool.query('select clock_timestamp() > started_at + make_interval(secs => $1) as over from attempt', [leaseSeconds * 2])
    return rows[0].over
  })
  expect((await service.taskRows(plan.id))[0]).toMatchObject({ status: 'RUNNING', attempt: 1 })
})

test.each([['SUCCEEDED', 'COMPLETED'], ['FAILED', 'FAILED']] as const)(
  'an irreversible task lost after its grant is never sent again; found to have %s, its plan is %s',
  async (outcome, planStatus) => {
    const agent = await service.playAgent('silent')
    const plan = await service.plan({ intent: 'launch' })
    await service.decide(plan)
    const work = await agent.work()
    expect(work.effect).toBe('irreversible')
    await agent.report(work, 'accepted', {})
    await agent.granted()
    const task = await service.taskReaches(plan.id, 1, 'OUTCOME_UNKNOWN')
    expect((await service.planRow(plan.id)).status).toBe('EXECUTING')
    const settled = await service.operations.resolveTask(person('bob'), { taskId: task.id, outcome, notes: 'looked' })
    expect(settled.status).toBe(outcome)
    await service.planReaches(plan.id, planStatus)
    await expect(service.operations.resolveTask(person('bob'), { taskId: task.id, outcome, notes: null })).rejects.toMatchObject({ code: 'INVALID_STATE' })
    await agent.report(work, 'succeeded', { output: 'late' })
    await until('evidence', async () => (await service.evidence(plan.id)).length > 0)
    expect((await service.taskRows(plan.id))[0]).toMatchObject({ status: outcome, output: null })
    expect(agent.received.filter(({ type }) => type === 'planwright.work.requested')).toHaveLength(1)
  },
)

test('an irreversible task that nobody accepted is sent again', async () => {
  const agent = await service.playAgent('silent')
  const plan = await service.plan({ intent: 'launch' })
  await service.decide(plan)
  const first = await agent.work()
  await until('a second attempt', async () => {
    await agent.beat()
    return agent.received.some((event) => event.type === 'planwright.work.requested' && event.data.attempt === 2)
  })
  await agent.report(first, 'accepted', {})
  await until('evidence', async () => (await service.evidence(plan.id)).some(({ reason }) => reason === 'stale_attempt'))
  expect(agent.received.some(({ type }) => type === 'planwright.work.granted')).toBe(false)
  await agent.report(await agent.work(2), 'accepted', {})
  await agent.granted()
})
