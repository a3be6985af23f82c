import { expect, test } from 'vitest'
import { createWorkPlanner, PlanningError } from '../../../src/services/planning/work-planner.ts'
import { catalogOf, seedCapabilities } from '../../harness/plan-builder.ts'
import { subtasks } from '../../harness/scripted-decomposer.ts'

const vm = { name: 'vm', type: 'string', required: true }
const hosts = { name: 'hosts', type: 'hosts' }
const catalog = catalogOf([
  ...seedCapabilities,
  { id: 'snapshot', name: 'Snapshot {{vm}}', parameters: [vm, hosts], estimated_minutes: 5 },
  { id: 'rollback', name: 'Roll back {{vm}}', parameters: [vm, hosts], estimated_minutes: 2 },
  { id: 'check', name: 'Check', estimated_minutes: 0.2, risk: 'low' },
  { id: 'wipe', name: 'Wipe', risk: 'high' },
  { id: 'inspect', name: 'Inspect {{vm}}', parameters: [vm], after: ['rollback'] },
])
const planner = createWorkPlanner(catalog)
const plan = (...parts: Parameters<typeof subtasks>) => planner(subtasks(...parts), new Map())
const edges = (...parts: Parameters<typeof subtasks>) => plan(...parts).tasks.map(({ dependsOn }) => dependsOn)

test('what the request orders is kept as it says it, because outputs go to direct dependents', () => {
  expect(edges({ intent: 'check' }, { intent: 'check', dependsOn: [1] }, { intent: 'check', dependsOn: [1, 2] })).toEqual([[], [1], [1, 2]])
})

test('what the catalog declares adds nothing that follows from the request', () => {
  expect(edges({ intent: 'deploy_kuma' }, { intent: 'check', dependsOn: [1] }, { intent: 'add_portals', dependsOn: [2] })).toEqual([[], [1], [2]])
})

test('tasks that nothing orders may run side by side', () => {
  expect(edges({ intent: 'check' }, { intent: 'snapshot', parameters: { vm: 'erp' } }, { intent: 'wipe' })).toEqual([[], [], []])
})

test('what the catalog declares comes first, wherever the request names it', () => {
  const { tasks } = plan({ intent: 'add_portals', parameters: { scope: 'all' } }, { intent: 'deploy_kuma' })
  expect(tasks).toMatchObject([
    { order: 1, intent: 'deploy_kuma', dependsOn: [] },
    { order: 2, intent: 'add_portals', name: 'Add all portals to config', dependsOn: [1] },
  ])
})

test('on one named object too, what the catalog declares stands above the order of mention', () => {
  const on = (intent: string, dependsOn: number[] = []) => ({ intent, parameters: { vm: 'erp' }, dependsOn })
  expect(plan(on('inspect'), on('rollback')).tasks).toMatchObject([{ intent: 'rollback', dependsOn: [] }, { intent: 'inspect', dependsOn: [1] }])
  expect(plan(on('inspect'), on('snapshot'), on('rollback')).tasks).toMatchObject([
    { intent: 'rollback', dependsOn: [] }, { intent: 'inspect', dependsOn: [1] }, { intent: 'snapshot', dependsOn: [2] },
  ])
  expect(plan(on('inspect'), on('rollback', [1])).tasks).toMatchObject([{ intent: 'inspect', dependsOn: [] }, { intent: 'rollback', dependsOn: [1] }])
})

test('an order that the request demands wins over the catalog', () => {
  expect(edges({ intent: 'add_portals' }, { intent: 'deploy_kuma', dependsOn: [1] })).toEqual([[], [1]])
})

test('different operations on one named object keep their order, the same operation twice does not', () => {
  const on = (intent: string, name: string, host?: string) => ({ intent, parameters: { vm: name, ...(host ? { hosts: [host] } : {}) } })
  expect(edges(on('snapshot', 'erp'), on('rollback', 'ERP'))).toEqual([[], [1]])
  expect(edges(on('snapshot', 'erp'), on('rollback', 'crm'))).toEqual([[], []])
  expect(edges(on('snapshot', 'erp', 'alpha'), on('rollback', 'erp', 'beta'))).toEqual([[], []])
  expect(edges(on('snapshot', 'erp'), on('snapshot', 'erp'))).toEqual([[], []])
})

test('the summary has the critical path on a line of its own where tasks run side by side', () => {
  const { summary, estimatedMinutes } = plan(
    { intent: 'snapshot', parameters: { vm: 'erp' } }, { intent: 'check' }, { intent: 'rollback', parameters: { vm: 'erp' } },
  )
  expect(summary).toBe([
    '1. Snapshot erp (estimated 5 minutes)', '2. Check (estimated less than 1 minute)', '3. Roll back erp (estimated 2 minutes)', '',
    'Total estimated time: 7.2 minutes', 'Critical path: 1 → 3 (7 minutes)',
  ].join('\n'))
  expect(estimatedMinutes).toBe(7)
})

test('complexity grows with tasks, depth, risk and doubt', () => {
  const many = (count: number, chain = false) => plan(...Array.from({ length: count }, (_, index) => ({ intent: 'check', dependsOn: chain && index > 0 ? [index] : [] })))
  expect(many(2).complexity).toBe('SIMPLE')
  expect(many(3).complexity).toBe('MEDIUM')
  expect(many(5, true).complexity).toBe('COMPLEX')
  expect(many(9).complexity).toBe('COMPLEX')
  expect(plan({ intent: 'wipe' })).toMatchObject({ complexity: 'MEDIUM', risk: 'high' })
  expect(plan({ intent: 'check', confidence: 0.5 })).toMatchObject({ complexity: 'MEDIUM', risk: 'low', confidence: 0.5 })
})

test('history replaces the figure of the catalog from five samples on', () => {
  const history = (samples: number) => new Map([['deploy_service', { p50: 8, p90: 12, samples }]])
  const estimateWith = (samples: number) => planner(subtasks({ intent: 'deploy_kuma' }), history(samples)).tasks[0]!
  expect(estimateWith(4)).toMatchObject({ estimatedMinutes: 3, estimate: { source: 'catalog', p50: 3, samples: 4 } })
  expect(estimateWith(5)).toMatchObject({ estimatedMinutes: 8, estimate: { source: 'history', p50: 8, p90: 12, samples: 5 } })
})

test('work that took no time to speak of is estimated at less than a minute', () => {
  const { summary } = planner(subtasks({ intent: 'deploy_kuma' }), new Map([['deploy_service', { p50: 0, p90: 0.001, samples: 9 }]]))
  expect(summary).toBe('1. Deploy Uptime Kuma (estimated less than 1 minute)\n\nTotal estimated time: less than 1 minute')
})

test('subtasks that wait for each other make no plan', () => {
  expect(() => plan({ intent: 'check', dependsOn: [2] }, { intent: 'wipe', dependsOn: [1] })).toThrow(PlanningError)
})

test('a thousand subtasks on few objects are planned within a second or two', () => {
  // Processor time: what else the machine does is not measured.
  const started = process.cpuUsage()
  const parts = Array.from({ length: 1_000 }, (_, index) => ({ intent: index < 500 ? 'snapshot' : 'rollback', parameters: { vm: 'erp' } }))
  expect(plan(...parts).tasks.at(-1)!.dependsOn).toHaveLength(500)
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(5_000)
})
