import { afterEach, beforeEach, expect, test } from 'vitest'
import { TaskFailure } from '../../../src/agent/index.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { catalogOf, person } from '../../harness/plan-builder.ts'
import { startService, until, type Service } from '../../harness/service.ts'

const catalog = catalogOf([{ id: 'build', max_attempts: 1 }, { id: 'ship' }])

let database: TestDatabase
let service: Service
beforeEach(async () => {
  database = await createTestDatabase()
  service = await startService(database.url, catalog)
})
afterEach(async () => {
  await service.stop()
  await database.drop()
})

const logLength = async (planId: string): Promise<number> =>
  (await service.pool.query('select sequence from log_stream where id = $1', [planId])).rows[0].sequence

test('a result that comes after the cancel ends the attempt, is kept as evidence and un-cancels nothing', async () => {
  const agent = await service.playAgent('hand')
  const plan = await service.plan({ intent: 'build' }, { intent: 'ship', dependsOn: [1] })
  await service.decide(plan)
  const work = await agent.work()
  await agent.report(work, 'accepted', {})
  await service.taskReaches(plan.id, 1, 'RUNNING')
  expect((await service.operations.cancelPlan(person('bob'), { planId: plan.id, reason: null })).status).toBe('CANCELLING')
  expect((await service.taskRows(plan.id)).map(({ status }) => status)).toEqual(['RUNNING', 'CANCELLED'])
  await agent.report(work, 'succeeded', { output: 'done' })
  await service.planReaches(plan.id, 'CANCELLED')
  expect((await service.taskRows(plan.id)).map(({ status, output }) => [status, output])).toEqual([['CANCELLED', null], ['CANCELLED', null]])
  expect(await service.evidence(plan.id)).toEqual([{ reason: 'after_cancel', attempt: 1, agent_name: 'hand', count: 1 }])
})

test('a closed plan keeps its state and its log, whatever is still said about it', async () => {
  const agent = await service.playAgent('hand')
  const plan = await service.plan({ intent: 'build' })
  await service.decide(plan)
  const work = await agent.work()
  await agent.report(work, 'succeeded', { output: 'done' })
  await service.planReaches(plan.id, 'COMPLETED')
  const before = { length: await logLength(plan.id), plan: await service.planRow(plan.id), tasks: await service.taskRows(plan.id) }
  await agent.report(work, 'succeeded', { output: 'again' }, 5)
  await agent.report({ ...work, attempt: 2 }, 'succeeded', { output: 'more' })
  await until('evidence', async () => (await service.evidence(plan.id)).reduce((sum, { count }) => sum + count, 0) === 6)
  const bob = person('bob')
  await expect(service.operations.cancelPlan(bob, { planId: plan.id, reason: null })).rejects.toMatchObject({ code: 'INVALID_STATE', status: 'COMPLETED' })
  await expect(service.decide(plan, { approved: false })).rejects.toMatchObject({ code: 'INVALID_STATE' })
  await expect(service.operations.retryTask(bob, { taskId: before.tasks[0]!.id })).rejects.toMatchObject({ code: 'INVALID_STATE' })
  expect({ length: await logLength(plan.id), plan: await service.planRow(plan.id), tasks: await service.taskRows(plan.id) }).toEqual(before)
})

test('an equal decision by the same person answers the stored one and records nothing', async () => {
  await service.playAgent('hand')
  const plan = await service.plan({ intent: 'build' })
  await service.decide(plan)
  expect((await service.decide(plan)).id).toBe(plan.id)
  const { rows } = await service.pool.query('select decided_by from approval where plan_id = $1', [plan.id])
  expect(rows).toEqual([{ decided_by: 'bob' }])
})

test('an approval of another content hash is refused with the present one', async () => {
  await service.playAgent('hand')
  const plan = await service.plan({ intent: 'build' })
  const decision = { planId: plan.id, approved: true, contentHash: 'f'.repeat(64), acceptInfeasible: false, notes: null, skip: [] }
  await expect(service.operations.approvePlan(person('bob'), decision)).rejects.toMatchObject({ code: 'PLAN_CHANGED' })
  expect((await service.planRow(plan.id)).status).toBe('PENDING_APPROVAL')
})

test('a failed task of a running plan is tried again on request, with what was skipped because of it', async () => {
  let isBroken = true
  const gate = Promise.withResolvers<void>()
  await service.startAgent('sdk', async (work) => {
    if (work.intent === 'build' && isBroken) throw new TaskFailure('BROKEN', 'it broke')
    // Keeps the plan open until the other branch was tried again.
    if (work.intent === 'ship') await gate.promise
    return { ok: true }
  })
  const plan = await service.plan({ intent: 'build' }, { intent: 'ship', dependsOn: [1] }, { intent: 'ship', dependsOn: [] })
  await service.decide(plan)
  const failed = await until('the failure', async () => (await service.taskRows(plan.id)).find(({ status }) => status === 'FAILED'))
  expect((await service.taskRows(plan.id)).filter(({ status }) => status === 'SKIPPED')).toHaveLength(1)
  isBroken = false
  await service.operations.retryTask(person('bob'), { taskId: failed.id })
  gate.resolve()
  await service.planReaches(plan.id, 'COMPLETED')
  expect((await service.taskRows(plan.id)).map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'])
})
