import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { catalogOf, createPlanning, liveAgent, seedCapabilities, type Planning } from '../../harness/plan-builder.ts'
import { contentHash } from '../../../src/services/planning/content-hash.ts'
import { readTasks } from '../../../src/services/planning/plan-rows.ts'
import type { PlanEdit } from '../../../src/services/planning/revise-plan.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.drop())

const catalog = catalogOf([
  ...seedCapabilities,
  { id: 'snapshot', name: 'Snapshot {{vm}}', parameters: [{ name: 'vm', type: 'string', required: true }, { name: 'key', type: 'secret' }], estimated_minutes: 5, effect: 'irreversible' },
])
let planning: Planning
beforeEach(() => void (planning = createPlanning({ url: database.url, catalog })))
afterEach(() => planning.stop())

const three = () => planning.plan(
  { intent: 'deploy_kuma' }, { intent: 'add_portals', parameters: { scope: 'existing' } }, { intent: 'snapshot', parameters: { vm: 'erp' }, dependsOn: [2] },
)
const statusOf = async (id: string) => (await planning.pool.query('select status from plan where id = $1', [id])).rows[0].status
const issuesOf = (planId: string, edits: readonly PlanEdit[]) => planning.revise(planId, 1, edits).then(
  () => expect.fail('the edits were accepted'),
  (error: { issues: { path: string; rule: string }[] }) => error.issues.map(({ path, rule }) => `${path} ${rule}`),
)

test('edits make a new revision with its own hash and a readable diff, and the old one is superseded', async () => {
  const first = await three()
  const second = await planning.revise(first.id, 1, [
    { setParameters: { task: 2, parameters: { scope: 'all' } } },
    { addTask: { intent: 'snapshot', parameters: { vm: 'crm' }, before: 1 } },
    { setDependencies: { task: 3, dependsOn: [] } },
    { setLimits: { task: 1, timeoutSeconds: 30, maxAttempts: 1 } },
  ])
  expect(second).toMatchObject({ revision: 2, status: 'PENDING_APPROVAL', supersedes: first.id })
  expect(second.contentHash).not.toBe(first.contentHash)
  expect(second.changes).toEqual([
    'Added: 1. Snapshot crm.',
    '2. Deploy Uptime Kuma: time limit in seconds is 30 (was 540).',
    '2. Deploy Uptime Kuma: attempts at most is 1 (was 3).',
    '3. Add all portals to config was named "Add existing portals to config".',
    '3. Add all portals to config: scope is "all" (was "existing").',
    '4. Snapshot erp waits for nothing (was: 3).',
  ])
  const tasks = await readTasks(planning.pool, second.id)
  expect(tasks.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
    ['Snapshot crm', []], ['Deploy Uptime Kuma', []], ['Add all portals to config', [2]], ['Snapshot erp', []],
  ])
  expect(contentHash(tasks)).toBe(second.contentHash)
  expect(await statusOf(first.id)).toBe('SUPERSEDED')
  expect(await planning.logKinds(first.id)).toEqual(['PLAN_PROPOSED', 'FALLBACK_DECIDED', 'PLAN_SUPERSEDED'])
  expect(await planning.logKinds(second.id)).toEqual(['PLAN_PROPOSED', 'FALLBACK_DECIDED'])
})

test('what waited for a removed task waits for what that waited for', async () => {
  const first = await three()
  const second = await planning.revise(first.id, 1, [{ removeTask: { task: 2 } }])
  expect((await readTasks(planning.pool, second.id)).map(({ intent, dependsOn }) => [intent, dependsOn])).toEqual([['deploy_kuma', []], ['snapshot', [1]]])
  expect(second.changes).toEqual(['Removed: 2. Add existing portals to config.', '2. Snapshot erp waits for 1 (was: the removed 2).'])
})

test('tasks can be put in another order where nothing waits', async () => {
  const plan = await planning.plan({ intent: 'deploy_kuma' }, { intent: 'snapshot', parameters: { vm: 'erp' } })
  const second = await planning.revise(plan.id, 1, [{ reorder: { tasks: [2, 1] } }])
  expect(second.changes).toHaveLength(1)
  expect((await readTasks(planning.pool, second.id)).map(({ intent }) => intent)).toEqual(['snapshot', 'deploy_kuma'])
})

test('an added task can be named by later edits, and waits by itself for what the catalog declares', async () => {
  const plan = await planning.plan({ intent: 'deploy_kuma' })
  const second = await planning.revise(plan.id, 1, [
    { addTask: { intent: 'add_portals', parameters: {} } },
    { addTask: { intent: 'snapshot', parameters: { vm: 'erp' } } },
    { setDependencies: { task: 3, dependsOn: [2] } },
  ])
  expect((await readTasks(planning.pool, second.id)).map(({ dependsOn }) => dependsOn)).toEqual([[], [1], [2]])
})

test('what the catalog lets wait for an added task waits for it, unless a person puts it behind', async () => {
  const shapeOf = async ({ id }: { readonly id: string }) => (await readTasks(planning.pool, id)).map(({ intent, dependsOn }) => [intent, dependsOn])
  const plan = await planning.plan({ intent: 'add_portals', parameters: { scope: 'all' } }, { intent: 'snapshot', parameters: { vm: 'erp' }, dependsOn: [1] }, { intent: 'add_portals', parameters: { scope: 'new' }, dependsOn: [2] })
  const add = (more: object) => planning.revise(plan.id, 1, [{ addTask: { intent: 'deploy_kuma', parameters: {}, ...more } }])
  const second = await add({})
  expect(await shapeOf(second)).toEqual([['deploy_kuma', []], ['add_portals', [1]], ['snapshot', [2]], ['add_portals', [3]]])
  expect(second.changes).toEqual(['Added: 1. Deploy Uptime Kuma.', '2. Add all portals to config waits for 1 (was: nothing).'])
  const other = await planning.plan({ intent: 'add_portals', parameters: { scope: 'all' } }, { intent: 'snapshot', parameters: { vm: 'erp' } })
  const behind = await planning.revise(other.id, 1, [{ addTask: { intent: 'deploy_kuma', parameters: {}, before: 2 } }, { addTask: { intent: 'deploy_kuma', parameters: {}, dependsOn: [1] } }])
  expect(await shapeOf(behind)).toEqual([['add_portals', []], ['deploy_kuma', []], ['snapshot', []], ['deploy_kuma', [1]]])
})

test('a task cannot be added before itself, nor before what it waits for', async () => {
  const { id } = await three()
  expect(await issuesOf(id, [{ addTask: { intent: 'deploy_kuma', parameters: {}, before: 4 } }])).toEqual(['edits.0.addTask.before known'])
  expect(await issuesOf(id, [
    { addTask: { intent: 'deploy_kuma', parameters: {}, before: 9 } },
    { addTask: { intent: 'deploy_kuma', parameters: {}, dependsOn: [2], before: 1 } },
  ])).toEqual(['edits.0.addTask.before known', 'edits.1.addTask.before order'])
  expect((await planning.revise(id, 1, [{ addTask: { intent: 'deploy_kuma', parameters: {}, dependsOn: [1], before: 2 } }])).revision).toBe(2)
})

test('all violations come in one answer, each with its edit, and nothing is written', async () => {
  const first = await three()
  expect(await issuesOf(first.id, [
    { setParameters: { task: 9, parameters: {} } },
    { setParameters: { task: 2, parameters: { scope: 'none', colour: 'red' } } },
    { addTask: { intent: 'deploy_kumo', parameters: {} } },
    { addTask: { intent: 'snapshot', parameters: {}, dependsOn: [7] } },
    { reorder: { tasks: [1, 2] } },
    { setAgentType: { task: 1, agentType: 'poet' } },
    { setLimits: { task: 3, effect: 'retry_safe', maxAttempts: 0, requires: { gpus: 0.5 } } },
    {},
    { removeTask: { task: 1 }, reorder: { tasks: [] } },
    { setDependencies: { task: 1, dependsOn: [1] } },
  ])).toEqual([
    'edits.0.setParameters.task known', 'edits.1.setParameters.parameters.colour known', 'edits.1.setParameters.parameters.scope value',
    'edits.2.addTask.intent known', 'edits.3.addTask.parameters.vm required', 'edits.3.addTask.dependsOn.0 known',
    'edits.4.reorder.tasks permutation', 'edits.5.setAgentType.agentType known',
    'edits.6.setLimits.maxAttempts range', 'edits.6.setLimits.requires.gpus range', 'edits.6.setLimits.effect not_weaker',
    'edits.7 exactly_one', 'edits.8 exactly_one', 'edits.9.setDependencies.dependsOn.0 not_itself',
  ])
  expect(await statusOf(first.id)).toBe('PENDING_APPROVAL')
})

test('circles, impossible orders, empty plans and empty edits are refused', async () => {
  const { id } = await three()
  expect(await issuesOf(id, [{ setDependencies: { task: 1, dependsOn: [3] } }])).toEqual(['edits.0.setDependencies.dependsOn acyclic'])
  expect(await issuesOf(id, [{ reorder: { tasks: [2, 1, 3] } }])).toEqual(['edits.0.reorder.tasks order'])
  expect(await issuesOf(id, [1, 2, 3].map((task) => ({ removeTask: { task } })))).toEqual(['edits.2.removeTask min_tasks'])
  expect(await issuesOf(id, [])).toEqual(['edits count'])
  expect(await issuesOf(id, [{ setParameters: { task: 2, parameters: { scope: 'existing' } } }, { setDependencies: { task: 3, dependsOn: [2] } }])).toEqual(['edits changes_something'])
})

test('each circle and each impossible place is reported with the edit that made it, all in one answer', async () => {
  const { id } = await planning.plan(...['a', 'b', 'c', 'd'].map((vm, at) => ({ intent: 'snapshot', parameters: { vm }, ...(at === 2 && { dependsOn: [1] }) })))
  const add = (more: object) => ({ addTask: { intent: 'snapshot', parameters: { vm: 'new' }, ...more } })
  const wait = (task: number, ...dependsOn: number[]) => ({ setDependencies: { task, dependsOn } })
  expect(await issuesOf(id, [wait(1, 3), add({ dependsOn: [2] })])).toEqual(['edits.0.setDependencies.dependsOn acyclic'])
  expect(await issuesOf(id, [wait(1, 3), wait(2, 4), wait(4, 2, 9), add({ dependsOn: [4], before: 1 })])).toEqual([
    'edits.2.setDependencies.dependsOn.1 known', 'edits.2.setDependencies.dependsOn acyclic', 'edits.0.setDependencies.dependsOn acyclic', 'edits.3.addTask.before order',
  ])
  expect(await issuesOf(id, [{ reorder: { tasks: [4, 1, 2, 3] } }, add({ dependsOn: [3], before: 1 }), wait(4, 2)])).toEqual([
    'edits.2.setDependencies.dependsOn order', 'edits.1.addTask.before order',
  ])
})

test('of a task that cannot be added everything that is wrong is reported', async () => {
  const { id } = await three()
  expect(await issuesOf(id, [{ addTask: { intent: 'deploy_kumo', parameters: {}, dependsOn: [8], before: 9 } }, { setDependencies: { task: 1, dependsOn: [4] } }])).toEqual([
    'edits.0.addTask.intent known', 'edits.0.addTask.dependsOn.0 known', 'edits.0.addTask.before known',
  ])
  expect(await issuesOf(id, [{ addTask: { intent: 'deploy_kuma', parameters: {}, dependsOn: [4] } }])).toEqual(['edits.0.addTask.dependsOn.0 not_itself'])
})

test('of two revisions of one plan the second is told what changed', async () => {
  const first = await three()
  const both = await Promise.allSettled([1, 2].map((task) => planning.revise(first.id, 1, [{ removeTask: { task } }])))
  const won = both.find((result) => result.status === 'fulfilled')!.value
  const lost = both.find((result) => result.status === 'rejected')!.reason
  expect(lost).toMatchObject({ code: 'PLAN_CHANGED', planId: won.id, revision: 2, contentHash: won.contentHash })
  await expect(planning.revise(won.id, 1, [{ removeTask: { task: 1 } }])).rejects.toMatchObject({ code: 'PLAN_CHANGED', revision: 2 })
})

test.each(['EXECUTING', 'REJECTED', 'COMPLETED'])('a plan that is %s is not revised', async (status) => {
  const plan = await three()
  await planning.pool.query('update plan set status = $1 where id = $2', [status, plan.id])
  await expect(planning.revise(plan.id, 1, [{ removeTask: { task: 3 } }])).rejects.toMatchObject({ code: 'INVALID_STATE', status })
})

test('a plan whose time is over is not revised, also where nobody has swept it yet', async () => {
  const plan = await three()
  await planning.pool.query(`update plan set expires_at = now() - interval '1 minute' where id = $1`, [plan.id])
  await expect(planning.revise(plan.id, 1, [{ removeTask: { task: 3 } }])).rejects.toMatchObject({ code: 'INVALID_STATE', status: 'EXPIRED' })
})

test('a failed plan is revised with its succeeded tasks kept as done, and stays as it is', async () => {
  const first = await three()
  await planning.pool.query(`update plan set status = 'FAILED' where id = $1`, [first.id])
  await planning.pool.query(`update task set status = case position when 1 then 'SUCCEEDED' when 2 then 'FAILED' else 'SKIPPED' end,
    output = case position when 1 then '{"url":"http://kuma"}'::jsonb end, attempt = 1 where plan_id = $1`, [first.id])
  const second = await planning.revise(first.id, 1, [])
  expect(second).toMatchObject({
    status: 'PENDING_APPROVAL', revision: 2, supersedes: first.id, estimatedMinutes: 6,
    changes: ['1. Deploy Uptime Kuma is already done and is not run again.'],
    summary: expect.stringContaining('1. Deploy Uptime Kuma (already done)\n'),
  })
  expect(second.contentHash).not.toBe(first.contentHash)
  const [failedTasks, tasks] = [await readTasks(planning.pool, first.id), await readTasks(planning.pool, second.id)]
  expect(tasks).toMatchObject([
    { status: 'SUCCEEDED', carriedFrom: failedTasks[0]!.id, output: { url: 'http://kuma' }, attempt: 0, useExternalAi: false },
    { status: 'PENDING', carriedFrom: null, dependsOn: [1] },
    { status: 'PENDING', carriedFrom: null, dependsOn: [2] },
  ])
  expect(contentHash(tasks)).toBe(second.contentHash)
  expect(await statusOf(first.id)).toBe('FAILED')

  const third = await planning.revise(second.id, 2, [{ setParameters: { task: 2, parameters: { scope: 'new' } } }])
  expect((await readTasks(planning.pool, third.id))[0]).toMatchObject({ status: 'SUCCEEDED', carriedFrom: failedTasks[0]!.id })
  await expect(planning.revise(third.id, 3, [{ setParameters: { task: 1, parameters: {} } }])).rejects.toMatchObject({ issues: [{ rule: 'done' }] })
})

test('a task whose entry in the catalog changed is planned anew from it, and one that left it must go', async () => {
  const first = await three()
  await planning.stop()
  const changed = catalogOf([{ ...seedCapabilities[0]!, timeout_seconds: 77 }, seedCapabilities[1]!])
  planning = createPlanning({ url: database.url, catalog: changed, agents: [liveAgent({ intents: new Set() })] })
  expect(await issuesOf(first.id, [{ setLimits: { task: 2, maxAttempts: 2 } }])).toEqual(['edits known'])
  const second = await planning.revise(first.id, 1, [{ removeTask: { task: 3 } }])
  expect(second.changes).toContain('1. Deploy Uptime Kuma: the catalog describes it anew.')
  expect((await readTasks(planning.pool, second.id))[0]).toMatchObject({ timeoutSeconds: 77, feasibility: { status: 'NO_AGENT' } })
})

test('secrets do not show in the diff', async () => {
  const first = await three()
  const second = await planning.revise(first.id, 1, [{ setParameters: { task: 3, parameters: { key: 'hunter2' } } }])
  expect(second.changes).toEqual(['3. Snapshot erp: key was set.'])
})

test('an unknown plan is not found', async () => {
  await expect(planning.revise('00000000-0000-4000-8000-000000000000', 1, [])).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
