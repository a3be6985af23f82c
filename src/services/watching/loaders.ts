/** Reads by id and by owner, gathered into one statement for all rows that one operation asks for at a time. */
import DataLoader from 'dataloader'
import type { EntityManager } from '@mikro-orm/postgresql'
import {
  Agent, AgentPerformance, AiUsage, Approval, Attempt, FallbackDecision, Request, RoutingDecision, Task,
} from '../../entities/index.ts'
import { maySee, type Viewer } from '../access/visibility.ts'
import { readPlans } from './read-plans.ts'
import { requestPlans } from './request-plans.ts'
import type { RowReader } from './row-reader.ts'
import { streamLog } from './stream-log.ts'

/** Ids are bare uuids. A row that does not exist is null, an owner without rows has an empty list. */
export type Loaders = ReturnType<typeof createLoaders>

/**
 * Loaders for one operation: what they have read once, they answer from memory. Rows that the viewer may not see are
 * null like those that do not exist; lists of an owner are asked for by those who see the owner.
 */
export function createLoaders({ em, rows }: { readonly em: EntityManager; readonly rows: RowReader }, viewer: Viewer) {
  const plan = rowLoader((ids) => readPlans({ rows }, ids, viewer), byId)
  const task = rowLoader(async (ids) => visible(await rows.read(Task, 'id', ids), (row) => row.plan), byId)

  /** The rows whose plan the viewer may see. */
  async function visible<Row>(found: Row[], planOf: (row: Row) => string): Promise<Row[]> {
    if (viewer === null || found.length === 0) return found
    const plans = await Promise.all(found.map((row) => plan.load(planOf(row))))
    return found.filter((_, index) => plans[index] !== null)
  }

  async function visibleByTask<Row extends { readonly task: string }>(found: Row[]): Promise<Row[]> {
    if (viewer === null || found.length === 0) return found
    const tasks = await Promise.all(found.map((row) => task.load(row.task)))
    return found.filter((_, index) => tasks[index] !== null)
  }

  const tasksByPlan = listLoader(
    (plans) => rows.read(Task, 'plan', plans, ['plan', 'order']),
    (task) => task.plan,
  )
  return {
    request: rowLoader(async (ids) => (await rows.read(Request, 'id', ids)).filter((row) => maySee(viewer, row)), byId),
    plan,
    task,
    attempt: rowLoader(async (ids) => visible(await rows.read(Attempt, 'id', ids), (row) => row.planId), byId),
    agent: rowLoader((ids) => rows.read(Agent, 'id', ids), byId),
    approval: rowLoader(async (ids) => visible(await rows.read(Approval, 'id', ids), (row) => row.plan), byId),
    routingDecision: rowLoader(async (ids) => visibleByTask(await rows.read(RoutingDecision, 'id', ids)), byId),
    fallbackDecision: rowLoader(async (ids) => visible(await rows.read(FallbackDecision, 'id', ids), (row) => row.plan), byId),
    fallbackDecisionOfPlan: rowLoader(
      (plans) => rows.read(FallbackDecision, 'plan', plans),
      (decision) => decision.plan,
    ),
    plansOfRequest: requestPlans({ em }),
    /** The log of a request, plan or agent. */
    logOfStream: streamLog({ em }),
    tasksByPlan,
    /** The tasks of a plan by their order in it. */
    taskOrders: loaderOf<ReadonlyMap<number, Task>>(async (plans) =>
      (await Promise.all(plans.map((plan) => tasksByPlan.load(plan)))).map(
        (tasks) => new Map(tasks.map((task) => [task.order, task])),
      ),
    ),
    approvalsByPlan: listLoader(
      (plans) => rows.read(Approval, 'plan', plans, ['decidedAt', 'id']),
      (approval) => approval.plan,
    ),
    attemptsByTask: listLoader(
      (tasks) => rows.read(Attempt, 'task', tasks, ['number']),
      (attempt) => attempt.task,
    ),
    /** The attempt of a task with a number, by `<task>:<number>`. */
    attemptByNumber: rowLoader(
      (keys) => em.find(Attempt, { $or: keys.map(parseAttemptKey) }),
      (attempt) => attemptKey(attempt.task, attempt.number),
    ),
    routingDecisionsByTask: listLoader(
      (tasks) => rows.read(RoutingDecision, 'task', tasks, ['decidedAt', 'id']),
      (decision) => decision.task,
    ),
    performanceByAgent: listLoader(
      (agents) => rows.read(AgentPerformance, 'agent', agents, ['intent']),
      (performance) => performance.agent,
    ),
    /** What external AI cost, by booking key. */
    usage: rowLoader((keys) => rows.read(AiUsage, 'key', keys), (usage) => usage.key),
  }
}

/** Key of the attempt loader. */
export const attemptKey = (taskId: string, number: number): string => `${taskId}:${number}`

function parseAttemptKey(key: string): { task: string; number: number } {
  const [task, number] = key.split(':')
  return { task: task!, number: Number(number) }
}

const byId = (row: { readonly id: string }): string => row.id

const rowLoader = <Row>(read: (keys: string[]) => Promise<Row[]>, keyOf: (row: Row) => string): Loader<Row | null> =>
  loaderOf(async (keys) => {
    const rows = new Map((await read([...keys])).map((row) => [keyOf(row), row]))
    return keys.map((key) => rows.get(key) ?? null)
  })

const listLoader = <Row>(read: (keys: string[]) => Promise<Row[]>, keyOf: (row: Row) => string): Loader<readonly Row[]> =>
  loaderOf(async (keys) => {
    const lists = Map.groupBy(await read([...keys]), keyOf)
    return keys.map((key) => lists.get(key) ?? [])
  })

type Loader<Value> = { load(key: string): Promise<Value> }

/** Made when it is first asked: an operation or event uses few of them, or none. */
function loaderOf<Value>(read: (keys: readonly string[]) => Promise<Value[]>): Loader<Value> {
  let loader: DataLoader<string, Value> | undefined
  return { load: (key) => (loader ??= new DataLoader(read)).load(key) }
}
