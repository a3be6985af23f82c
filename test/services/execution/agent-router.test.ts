import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskDefinition } from '../../../src/lifecycle/plan-state.ts'
import type { PooledAgent } from '../../../src/services/execution/agent-pool.ts'
import { routeTask } from '../../../src/services/execution/agent-router.ts'

const task = { intent: 'build', agentType: 'worker', requires: { gpus: 1 }, sameAgent: false } as unknown as TaskDefinition
const context = { dependencyAgents: ['agent-1'], previousAgent: 'agent-2', freeSlots: ({ slots, openAttempts }: PooledAgent) => slots - openAttempts }

const agents = fc.array(fc.record({
  slots: fc.nat(4), openAttempts: fc.nat(4), online: fc.boolean(), suspended: fc.boolean(), gpus: fc.nat(1),
  succeeded: fc.nat(5), failed: fc.nat(5), lost: fc.nat(2), totalSeconds: fc.nat(100),
}), { maxLength: 60 }).map((drawn) => drawn.map(({ gpus, succeeded, failed, lost, totalSeconds, ...rest }, index): PooledAgent => ({
  ...rest, id: `agent-${index}`, name: `name-${index % 7}-${index}`, agentType: 'worker', instance: 'run', intents: new Set(['build']),
  resources: { cpuFree: 1, memoryFreeMb: 1, gpus }, performance: new Map([['build', { succeeded, failed, lost, totalSeconds }]]),
})))

test('the candidates are the ten best of all that can take the task, in order, and the first is chosen', () => {
  fc.assert(fc.property(agents, (given) => {
    const { chosen, candidates, excluded } = routeTask(task, given, context)
    const able = given.filter((agent) => agent.online && !agent.suspended && agent.resources.gpus > 0 && context.freeSlots(agent) > 0)
    // Each alone among its equals in speed: the fastest of all is what speed is measured against.
    const all = able.map((agent) => routeTask(task, [agent, ...able], context).candidates.find(({ agentId }) => agentId === agent.id) ?? null)
    const scores = all.flatMap((one) => one?.score ?? []).sort((a, b) => b - a)
    expect(candidates.map(({ score }) => score)).toEqual(scores.slice(0, Math.min(10, able.length)))
    expect(candidates.toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))).toEqual(candidates)
    expect(chosen?.id ?? null).toBe(candidates[0]?.agentId ?? null)
    expect(Object.values(excluded).reduce((sum, count) => sum + count, 0)).toBe(given.length - able.length)
  }), { numRuns: 200 })
})
