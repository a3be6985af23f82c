import { expect, test } from 'vitest'
import { checkSubtasks } from '../../../src/services/decomposition/check-subtasks.ts'
import type { SubmittedSubtask } from '../../../src/services/decomposition/submit-request.ts'
import { catalogOf, checkParameters, seedCapabilities } from '../../harness/plan-builder.ts'

const check = (...parts: Partial<SubmittedSubtask>[]) =>
  checkSubtasks({ catalog: catalogOf(seedCapabilities), checkParameters }, parts.map((part) => ({ intent: 'deploy_kuma', parameters: {}, ...part })))
const issuesOf = (...parts: Partial<SubmittedSubtask>[]) => check(...parts).issues.map(({ path, rule }) => `${path} ${rule}`)

test('subtasks are numbered as listed, named by the catalog and certain', () => {
  expect(check({}, { intent: 'add_portals', parameters: { scope: 'new' }, dependsOn: [1, 1] }).subtasks).toEqual([
    { order: 1, name: 'Deploy Uptime Kuma', intent: 'deploy_kuma', confidence: 1, parameters: {}, dependsOn: [] },
    { order: 2, name: 'Add new portals to config', intent: 'add_portals', confidence: 1, parameters: { scope: 'new' }, dependsOn: [1] },
  ])
})

test('orders with gaps are kept as a sequence', () => {
  const { subtasks, issues } = check({ order: 30, dependsOn: [10] }, { order: 10, intent: 'add_portals' })
  expect(issues).toEqual([])
  expect(subtasks.map(({ order, intent, dependsOn }) => [order, intent, dependsOn])).toEqual([[1, 'add_portals', []], [2, 'deploy_kuma', [1]]])
})

test('every broken rule is named with its path', () => {
  expect(issuesOf({ intent: 'deploy_kumo' }, { parameters: { colour: 1 } }, { dependsOn: [3, 9] }, { intent: 'add_portals', parameters: { scope: 'none' } })).toEqual([
    'subtasks.0.intent known', 'subtasks.1.parameters.colour known', 'subtasks.2.dependsOn.0 not_itself', 'subtasks.2.dependsOn.1 known', 'subtasks.3.parameters.scope value',
  ])
  expect(issuesOf({ order: 1 }, { order: 1 }, {})).toEqual(['subtasks.1.order unique', 'subtasks.2.order all_or_none'])
  expect(issuesOf({ order: 0.5 })).toEqual(['subtasks.0.order positive'])
  expect(issuesOf({ dependsOn: [2] }, { dependsOn: [1] })).toEqual([expect.stringMatching(/^subtasks\.\d\.dependsOn acyclic$/)])
})

test('what the database cannot hold is refused, at any depth', () => {
  expect(issuesOf({ parameters: { a: [{ b: 'x\u0000' }] } }, { parameters: { '\ud800': 1 } })).toEqual(['subtasks.0.parameters encoding', 'subtasks.1.parameters encoding'])
  expect(issuesOf({ parameters: { a: 'x'.repeat(70_000) } })).toEqual(['subtasks.0.parameters max_length'])
})

test('a near miss is suggested', () => {
  expect(check({ intent: 'deploy_kumo' }).issues[0]!.message).toContain('deploy_kuma')
})
