import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { catalogOf, createPlanning, seedCapabilities, type Planning, type PlanningOptions } from '../../harness/plan-builder.ts'
import { createScriptedDecomposer, decomposition } from '../../harness/scripted-decomposer.ts'
import { contentHash } from '../../../src/services/planning/content-hash.ts'
import { readTasks } from '../../../src/services/planning/plan-rows.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.drop())

let planning: Planning
const restart = async (options: Omit<PlanningOptions, 'url'>) => {
  await planning.stop()
  planning = createPlanning({ url: database.url, ...options })
}
beforeEach(() => void (planning = createPlanning({ url: database.url })))
afterEach(() => planning.stop())

const seed = [{ intent: 'deploy_kuma' }, { intent: 'add_portals', parameters: { scope: 'existing' } }]
const submitSeed = () => planning.submit({ subtasks: seed.map((part) => ({ parameters: {}, ...part })) })

test('the seed request becomes the plan people know', async () => {
  const plan = await planning.plan(...seed)
  expect(plan).toMatchObject({
    revision: 1, status: 'PENDING_APPROVAL', complexity: 'SIMPLE', willUseExternalAi: false, estimatedMinutes: 4, risk: 'medium', expiresAt: null,
    summary: '1. Deploy Uptime Kuma (estimated 3 minutes)\n2. Add existing portals to config (estimated 1 minute)\n\nTotal estimated time: 4 minutes',
  })
  const tasks = await readTasks(planning.pool, plan.id)
  expect(tasks).toMatchObject([
    { order: 1, workType: 'deploy_service', agentType: 'infra', dependsOn: [], status: 'PENDING', feasibility: { status: 'READY' } },
    { order: 2, workType: 'run_playbook', agentType: 'infra', dependsOn: [1], status: 'PENDING', estimate: { source: 'catalog', samples: 0 } },
  ])
  expect(await planning.logKinds(plan.id)).toEqual(['PLAN_PROPOSED', 'FALLBACK_DECIDED'])
  expect(await planning.logKinds(plan.request)).toEqual(['REQUEST_SUBMITTED', 'REQUEST_PARSED', 'PLAN_PROPOSED'])
})

test('the content hash is recomputed from the stored tasks', async () => {
  const parameters = { b: 1.5, a: ['ä', '🙂'], c: { z: 1e21, y: null } }
  await restart({ replace: { checkParameters: () => ({ parameters, faults: [] }) } })
  const plan = await planning.plan({ intent: 'deploy_kuma', parameters })
  expect(contentHash(await readTasks(planning.pool, plan.id))).toBe(plan.contentHash)
})

test('concurrent calls for one request make one plan, on two replicas too', async () => {
  const other = createPlanning({ url: database.url })
  const request = await submitSeed()
  const plans = await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? planning : other).generate(request.id)))
  await other.stop()
  expect(new Set(plans.map(({ id }) => id)).size).toBe(1)
})

test('an open plan is replaced only when asked to', async () => {
  const first = await planning.plan(...seed)
  expect((await planning.generate(first.request)).id).toBe(first.id)
  const second = await planning.generate(first.request, { regenerate: true })
  expect(second).toMatchObject({ revision: 2, status: 'PENDING_APPROVAL', supersedes: first.id, contentHash: first.contentHash })
  const { rows } = await planning.pool.query('select status from plan where id = $1', [first.id])
  expect(rows).toEqual([{ status: 'SUPERSEDED' }])
  expect(await planning.logKinds(first.id)).toEqual(['PLAN_PROPOSED', 'FALLBACK_DECIDED', 'PLAN_SUPERSEDED'])
  expect((await readTasks(planning.pool, first.id)).map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED'])
})

test('a plan that is under way is not replaced', async () => {
  const plan = await planning.plan(...seed)
  await planning.pool.query(`update plan set status = 'EXECUTING' where id = $1`, [plan.id])
  expect((await planning.generate(plan.request)).id).toBe(plan.id)
  await expect(planning.generate(plan.request, { regenerate: true })).rejects.toMatchObject({ code: 'INVALID_STATE', status: 'EXECUTING' })
})

test('a request that is not understood is not planned, and the error names its state', async () => {
  await restart({ decomposer: createScriptedDecomposer(() => decomposition({
    status: 'REQUIRES_CLARIFICATION', ambiguities: [{ id: 'q1', question: 'Where?', choices: [], subtaskOrder: null, parameter: null }],
  })) })
  const { id } = await planning.submit({ text: 'Deploy it' })
  await expect(planning.generate(id)).rejects.toMatchObject({ code: 'INVALID_STATE', status: 'REQUIRES_CLARIFICATION' })
})

test('an unknown request is not found', async () => {
  await expect(planning.generate('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a planner that throws leaves a failed plan with the reason, and planning can be tried again', async () => {
  await restart({ replace: { planner: () => { throw new Error('No way to order these.') } } })
  const failed = await planning.plan(...seed)
  expect(failed).toMatchObject({ status: 'PLANNING_FAILED', failureReason: 'No way to order these.', revision: 1 })
  expect(await planning.logKinds(failed.id)).toEqual(['PLANNING_FAILED'])
  await restart({})
  expect(await planning.generate(failed.request)).toMatchObject({ status: 'PENDING_APPROVAL', revision: 2 })
})

test('a capability that left the catalog makes a failed plan that names it', async () => {
  const request = await submitSeed()
  await restart({ catalog: catalogOf(seedCapabilities.slice(0, 1)) })
  expect(await planning.generate(request.id)).toMatchObject({ status: 'PLANNING_FAILED', failureReason: expect.stringContaining('add_portals') })
})

test('a failed check about external AI is logged, and planning goes on without', async () => {
  await restart({ replace: { fallback: { decideAll: () => Promise.reject(new Error('quota service down')) } } })
  const plan = await planning.plan(...seed)
  expect(plan).toMatchObject({ status: 'PENDING_APPROVAL', willUseExternalAi: false })
  expect(await planning.logKinds(plan.id)).toEqual(['PLAN_PROPOSED', 'FALLBACK_CHECK_FAILED'])
})

test('a complex plan uses external AI where it is on, and its tasks and hash say so', async () => {
  await restart({ environment: { EXTERNAL_AI: 'true' } })
  const parts = Array.from({ length: 9 }, (_, index) => ({ intent: 'deploy_kuma', dependsOn: index > 0 ? [index] : [] }))
  const plan = await planning.plan(...parts)
  expect(plan).toMatchObject({ complexity: 'COMPLEX', willUseExternalAi: true })
  const tasks = await readTasks(planning.pool, plan.id)
  expect(tasks.every((task) => task.useExternalAi)).toBe(true)
  expect(contentHash(tasks)).toBe(plan.contentHash)
  const { rows } = await planning.pool.query('select use_external_ai from fallback_decision where plan_id = $1', [plan.id])
  expect(rows).toEqual([{ use_external_ai: true }])
})

test('a pending plan expires as the rule of its risk says, else as the installation says', async () => {
  await restart({ environment: { PLAN_EXPIRES_HOURS: '2' } })
  const hours = ({ expiresAt, createdAt }: { expiresAt?: Date | null; createdAt: Date }) => (expiresAt!.getTime() - createdAt.getTime()) / 3_600_000
  expect(hours(await planning.plan(...seed))).toBe(2)
  await restart({ catalog: catalogOf(seedCapabilities, { medium: { expiresAfterHours: 0.5 } }) })
  expect(hours(await planning.plan(...seed))).toBe(0.5)
})

test('a rule approves only feasible plans of its risk, and a plan it cannot approve stays pending', async () => {
  const asked: string[] = []
  const approveByRule = async (planId: string) => {
    asked.push(planId)
    throw new Error('not now')
  }
  const catalog = catalogOf(seedCapabilities, { medium: { byRule: true } })
  await restart({ catalog, replace: { approveByRule } })
  const plan = await planning.plan(...seed)
  expect(plan.status).toBe('PENDING_APPROVAL')
  expect(asked).toEqual([plan.id])
  await restart({ catalog, agents: [], replace: { approveByRule } })
  await planning.plan(...seed)
  expect(asked).toEqual([plan.id])
})

test('32 plans in flight share transactions, and a batch needs few statements', async () => {
  const requests = await Promise.all(Array.from({ length: 32 }, submitSeed))
  await planning.generate(requests[0]!.id)
  const connect = vi.spyOn(planning.pool, 'connect')
  const plans = await Promise.all(requests.map(({ id }) => planning.generate(id)))
  expect(new Set(plans.map(({ id }) => id)).size).toBe(32)
  expect(connect.mock.calls.length).toBeLessThanOrEqual(2)
})
