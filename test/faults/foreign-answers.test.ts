/** Agents that say what is not theirs to say, say it again, late, or in any order. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatReport } from '../../src/agent/report.ts'
import { createFaultWorld, until, type FaultWorld } from './world/fault-world.ts'
import { evidenceOf, planReaches, rowId, taskReaches, tasksOf, type Evidence } from './world/plan-history.ts'
import { approved, type ProposedPlan } from './world/plans.ts'
import { playAgent, type PlayedAgent } from './world/played-agent.ts'
import type { ServiceProcess } from './world/service-process.ts'

let world: FaultWorld
let service: ServiceProcess
let holder: PlayedAgent
let stranger: PlayedAgent
beforeAll(async () => {
  world = await createFaultWorld({ settings: { LEASE_SECONDS: '60' } })
  service = await world.startService()
  holder = await playAgent(world, 'holder')
  stranger = await playAgent(world, 'stranger', { slots: 0 })
})
afterAll(async () => {
  await Promise.all([holder.stop(), stranger.stop()])
  await world.stop()
})

/** One task that the holder has accepted. */
async function running(): Promise<{ plan: ProposedPlan; taskId: string }> {
  const plan = await approved(service.client, { intent: 'build' })
  const taskId = plan.tasks[0]!.id
  await holder.work(taskId)
  await holder.report({ taskId, attempt: 1 }, 'accepted', {})
  await taskReaches(world, plan, 1, 'RUNNING')
  return { plan, taskId }
}
const evidence = (plan: ProposedPlan, seen: (found: readonly Evidence[]) => boolean) =>
  until('evidence', async () => {
    const found = await evidenceOf(world, plan)
    return seen(found) && found
  }, 60_000)

test("an answer for somebody else's task is refused and counted", async () => {
  const { plan, taskId } = await running()
  await stranger.report({ taskId, attempt: 1 }, 'succeeded', { output: 'forged' })
  await stranger.report({ taskId, attempt: 1 }, 'failed', { error: { code: 'FORGED', message: 'forged', retryable: false } })
  expect(await evidence(plan, (found) => found[0]?.count === 2)).toEqual([{ reason: 'wrong_agent', attempt: 1, agent_name: 'stranger', count: 2 }])
  expect(await tasksOf(world, plan)).toMatchObject([{ status: 'RUNNING', output: null }])
  await holder.report({ taskId, attempt: 1 }, 'succeeded', { output: 'true' })
  await planReaches(world, plan, 'COMPLETED')
  expect(await tasksOf(world, plan)).toMatchObject([{ status: 'SUCCEEDED', output: 'true' }])
})

test('an answer with a wrong attempt, older or newer, is refused and counted', async () => {
  const { plan, taskId } = await running()
  await holder.report({ taskId, attempt: 2 }, 'succeeded', { output: 'from the future' })
  await holder.report({ taskId, attempt: 7 }, 'accepted', {})
  await evidence(plan, (found) => found.length === 2)
  expect(await tasksOf(world, plan)).toMatchObject([{ status: 'RUNNING', attempt: 1, output: null }])
  await holder.report({ taskId, attempt: 1 }, 'failed', { error: { code: 'BUSY', message: 'try again', retryable: true } })
  await holder.work(taskId, 2)
  await holder.report({ taskId, attempt: 1 }, 'succeeded', { output: 'yesterday' })
  expect(await evidence(plan, (found) => found.some(({ attempt }) => attempt === 1))).toContainEqual({ reason: 'stale_attempt', attempt: 1, agent_name: 'holder', count: 1 })
  await holder.report({ taskId, attempt: 2 }, 'succeeded', { output: 'today' })
  await planReaches(world, plan, 'COMPLETED')
  expect(await tasksOf(world, plan)).toMatchObject([{ output: 'today', attempt: 2 }])
})

test('an answer of another instance of the same agent is refused and counted', async () => {
  const { plan, taskId } = await running()
  await holder.publish([formatReport({ name: 'holder', instance: 'of yesterday' }, { taskId, attempt: 1 }, 'succeeded', { output: 'late' })])
  expect(await evidence(plan, (found) => found.length === 1)).toMatchObject([{ reason: 'wrong_instance', count: 1 }])
  await holder.report({ taskId, attempt: 1 }, 'succeeded', { output: 'true' })
  await planReaches(world, plan, 'COMPLETED')
})

test('three thousand repeats of a result, mixed with all that came before it, are applied once', async () => {
  const { plan, taskId } = await running()
  const ref = { taskId, attempt: 1 }
  const words = [
    () => formatReport(holder.reporter, ref, 'accepted', {}),
    () => formatReport(holder.reporter, ref, 'progressed', { progress: 0.5 }),
    () => formatReport(holder.reporter, ref, 'succeeded', { output: 'once' }),
  ]
  await holder.publish(Array.from({ length: 9_000 }, (_, index) => words[(index * 7) % 3]!()))
  await planReaches(world, plan, 'COMPLETED')
  const results = () => world.sql<{ messages: number }>('select sum(count)::int as messages from evidence where plan_id = $1 and reason = $2', [rowId(plan.id), 'duplicate'])
  await until('all repeats counted', async () => (await results())[0]!.messages >= 8_900, 60_000)
  const [entries] = await world.sql(`select count(*) filter (where kind = 'TASK_SUCCEEDED')::int as succeeded, count(*) filter (where kind = 'TASK_PROGRESSED')::int as progressed
    from execution_log_entry where stream = $1`, [rowId(plan.id)])
  expect(entries).toEqual({ succeeded: 1, progressed: expect.toSatisfy((count: number) => count <= 1) })
  expect(await tasksOf(world, plan)).toMatchObject([{ status: 'SUCCEEDED', output: 'once' }])
  expect(await evidenceOf(world, plan)).toHaveLength(1)
})

test('results of a plan that ended yesterday leave its tables and its log as they were', async () => {
  const { plan, taskId } = await running()
  await holder.report({ taskId, attempt: 1 }, 'succeeded', { output: 'true' })
  await planReaches(world, plan, 'COMPLETED')
  const picture = () => world.sql('select p.*, s.sequence, s.head from plan p join log_stream s on s.id = p.id where p.id = $1', [rowId(plan.id)])
  const before = await picture()
  await holder.report({ taskId, attempt: 1 }, 'failed', { error: { code: 'LATE', message: 'no', retryable: true } })
  await holder.report({ taskId, attempt: 2 }, 'succeeded', { output: 'more' })
  await stranger.report({ taskId, attempt: 1 }, 'stopped', { outcome: 'stopped' })
  await evidence(plan, (found) => found.reduce((sum, { count }) => sum + count, 0) === 3)
  expect(await picture()).toEqual(before)
})
