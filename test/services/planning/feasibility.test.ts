import { expect, test } from 'vitest'
import { isInfeasible, judgeFeasibility, type FeasibilityContext } from '../../../src/services/planning/feasibility.ts'
import { catalogOf, liveAgent } from '../../harness/plan-builder.ts'
import type { PooledAgent } from '../../../src/services/execution/agent-pool.ts'

const agent = (fields: Partial<PooledAgent> = {}) => liveAgent({ intents: new Set(['deploy']), ...fields })
const task = { intent: 'deploy', agentType: 'infra', parameters: {}, requires: {}, estimatedMinutes: 4 }
const anything: FeasibilityContext['checkParameters'] = (_, parameters) => ({ parameters, faults: [] })
const judge = (agents: readonly PooledAgent[], changes: Partial<typeof task & { requires: object }> = {}, checkParameters = anything, occupancy?: FeasibilityContext['occupancy']) =>
  judgeFeasibility({ ...task, ...changes }, { catalog: catalogOf([{ id: 'deploy' }]), agents, checkParameters, occupancy, now: new Date() })

test('a task is ready when a fitting agent has a free slot', () => {
  expect(judge([agent()])).toMatchObject({ status: 'READY', minutes: null })
})

test('a task is busy until the open work of a fitting agent ends and what waits for these agents is done', () => {
  const [one, other] = [agent({ id: 'one', slots: 2, openAttempts: 2 }), agent({ id: 'other', slots: 1, openAttempts: 1 })]
  const openMinutes = new Map([['one', [7, 5]], ['other', [20]]])
  const waiting = [{ agentType: 'infra', intent: 'deploy', minutes: 4 }, { agentType: 'infra', intent: 'unknown', minutes: 90 }, { agentType: 'robot', intent: 'deploy', minutes: 90 }]
  expect(judge([one, other], {}, anything, { openMinutes, waiting: [] })).toMatchObject({ status: 'BUSY', minutes: 5, reason: 'All fitting agents are busy for about 5 minutes.' })
  // The slots of 5 and 7 minutes share the 4 that wait: both are taken until 8.
  expect(judge([one, other], {}, anything, { openMinutes, waiting })).toMatchObject({ status: 'BUSY', minutes: 8 })
  expect(judge([other], {}, anything, { openMinutes, waiting })).toMatchObject({ minutes: 24 })
  expect(judge([agent({ id: 'one', openAttempts: 2, slots: 1 })], {}, anything, { openMinutes, waiting: [] })).toMatchObject({ minutes: 12 })
  expect(judge([other], { estimatedMinutes: 0.5 }).reason).toBe('All fitting agents are busy for less than 1 minute.')
})

test('resources that running work holds make a task wait; those that nobody has make it impossible', () => {
  const requires = { gpus: 1 }
  expect(judge([agent({ openAttempts: 1 })], { requires: { cpu: 64 } }).status).toBe('BUSY')
  expect(judge([agent({ openAttempts: 1 })], { requires }).status).toBe('NO_AGENT')
  expect(judge([agent()], { requires })).toMatchObject({ status: 'NO_AGENT', reason: 'No agent has 1 GPU.' })
  expect(judge([agent({ resources: { cpuFree: 1, memoryFreeMb: 1, gpus: 2 } })], { requires }).status).toBe('READY')
})

test('fitting agents that do not answer are offline', () => {
  expect(judge([agent({ online: false })])).toMatchObject({ status: 'OFFLINE', reason: 'Offline: infra-1.' })
  expect(judge([agent({ suspended: true })])).toMatchObject({ status: 'OFFLINE' })
})

test('nobody can do an intent that no agent of its type announces', () => {
  expect(judge([]).status).toBe('NO_AGENT')
  expect(judge([agent({ intents: new Set() }), agent({ agentType: 'research' })]).status).toBe('NO_AGENT')
})

test('what the catalog no longer allows is refused, whoever is there', () => {
  expect(judge([agent()], { intent: 'destroy' })).toMatchObject({ status: 'REFUSED', reason: expect.stringContaining('destroy') })
  expect(judge([agent()], {}, (_, parameters) => ({ parameters, faults: [{ parameter: 'hosts', rule: 'known', message: 'no such host' }] }))).toMatchObject({ status: 'REFUSED', reason: 'hosts: no such host' })
})

test('only waiting for a busy agent is feasible', () => {
  expect((['READY', 'BUSY', 'OFFLINE', 'NO_AGENT', 'REFUSED'] as const).map((status) => isInfeasible({ status }))).toEqual([false, false, true, true, true])
})
