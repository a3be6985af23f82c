/** What became of plans, as the tables, the subscription and the agents' ledgers tell it. */
import { expect } from 'vitest'
import * as documents from '../../harness/documents.ts'
import type { GraphqlClient } from '../../harness/graphql-client.ts'
import { until, type FaultWorld } from './fault-world.ts'
import type { ProposedPlan } from './plans.ts'

export type TaskRow = { readonly id: string; readonly status: string; readonly attempt: number; readonly output: unknown; readonly failure_reason: string | null }
export type Evidence = { readonly reason: string; readonly attempt: number; readonly agent_name: string; readonly count: number }
/** What reads rows as they are. */
type Tables = Pick<FaultWorld, 'sql'>
type Watched = { readonly sequence: number; readonly plan: { readonly status: string }; readonly entry: { readonly kind: string; readonly planStatus: string | null } | null }

/** The id as the tables have it. */
export const rowId = (globalId: string): string => globalId.slice(globalId.indexOf('_') + 1)

export const planStatus = async (world: Tables, { id }: ProposedPlan): Promise<string> =>
  (await world.sql<{ status: string }>('select status from plan where id = $1', [rowId(id)]))[0]!.status

export const tasksOf = (world: Tables, { id }: ProposedPlan): Promise<TaskRow[]> =>
  world.sql<TaskRow>('select id, status, attempt, output, failure_reason from task where plan_id = $1 order by position', [rowId(id)])

export const evidenceOf = (world: Tables, { id }: ProposedPlan): Promise<Evidence[]> =>
  world.sql<Evidence>('select reason, attempt, agent_name, count from evidence where plan_id = $1 order by reason, attempt, agent_name', [rowId(id)])

export const planReaches = (world: Tables, plan: ProposedPlan, status: string, deadlineMs = 60_000): Promise<boolean> =>
  until(`plan in ${status}`, async () => (await planStatus(world, plan)) === status, deadlineMs)

export const taskReaches = (world: Tables, plan: ProposedPlan, order: number, status: string, deadlineMs = 60_000): Promise<TaskRow> =>
  until(`task ${order} in ${status}`, async () => {
    const task = (await tasksOf(world, plan))[order - 1]!
    return task.status === status && task
  }, deadlineMs)

/** Every event of a plan from its first entry to its end, as a subscriber gets them. */
export async function watchToEnd(client: GraphqlClient, { id }: ProposedPlan, after: number | null = 0): Promise<Watched[]> {
  const events: Watched[] = []
  for await (const { data, errors } of client.overWebSocket<{ planStatus: Watched }>(documents.watchPlan, { id, after })) {
    if (errors) throw new Error(JSON.stringify(errors))
    events.push(data!.planStatus)
  }
  return events
}

/**
 * Waits until the plan is complete and checks all that must hold whatever happened on the way: the log has no gap and
 * says each task's success once, agents worked only on what was approved, and no message is left behind.
 */
export async function expectCompleted(world: FaultWorld, client: GraphqlClient, plan: ProposedPlan, deadlineMs = 60_000): Promise<void> {
  await planReaches(world, plan, 'COMPLETED', deadlineMs)
  const tasks = await tasksOf(world, plan)
  expect(tasks.map(({ status }) => status)).toEqual(tasks.map(() => 'SUCCEEDED'))
  // Right after a fault the replica may still be told that the database is away.
  const events = await until('the log', () => watchToEnd(client, plan).catch(() => null), deadlineMs)
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
  const kinds = events.map(({ entry }) => entry?.kind)
  const count = (kind: string) => kinds.filter((one) => one === kind).length
  expect({ approved: count('PLAN_APPROVED'), done: count('TASK_SUCCEEDED'), completed: count('PLAN_COMPLETED') }).toEqual({ approved: 1, done: tasks.length, completed: 1 })
  expect(kinds.at(-1)).toBe('PLAN_COMPLETED')
  const taskIds = new Set(plan.tasks.map(({ id }) => id))
  const worked = world.ledger().filter(({ taskId }) => taskIds.has(taskId))
  expect(new Set(worked.map(({ contentHash }) => contentHash))).toEqual(new Set([plan.contentHash]))
  expect(new Set(worked.filter(({ event }) => event === 'ended').map(({ taskId }) => taskId))).toEqual(taskIds)
  expect(worked.every(({ key, taskId }) => key === taskId)).toBe(true)
  await until('an empty outbox', async () => (await world.sql('select 1 from outbox_message limit 1')).length === 0, deadlineMs)
}

/** How often agents began the tasks of a plan, by order. */
export const timesBegun = (world: FaultWorld, plan: ProposedPlan): number[] =>
  plan.tasks.map(({ id }) => world.ledger().filter(({ event, taskId }) => event === 'began' && taskId === id).length)
