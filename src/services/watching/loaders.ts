/** Reads by id and by owner, gathered into one statement for all rows that one operation asks for at a time. */
import DataLoader from 'dataloader'
import type { EntityManager } from '@mikro-orm/postgresql'
import {
  Agent, AgentPerformance, AiUsage, Approval, Attempt, FallbackDecision, Request, RoutingDecision, Task,
} from '../../entities/index.ts'
import { maySee, type Viewer } from '../access/visibility.ts'
import { readPlans } from './read-plans.ts'
import { requestPlans } from './request-plans.ts'
import { streamLog } from './stream-log.ts'

/** Ids are bare uuids. A row that does not exist is null, an owner without rows has an empty list. */
export type Loaders = ReturnType<typeof createLoaders>

/**
 * Loaders for one operation: what they have read once, they answer from memory. Rows that the viewer may not see are
 * null like those that do not exist; lists of an owner are asked for by those who see the owner.
 */
export function createLoaders(em: EntityManager, viewer: Viewer) {
  const plan = rowLoader((ids) => readPlans({ em }, ids, viewer), byId)
  const task = rowLoader(async (ids) => visible(await em.find(Task, { id: { $in: ids } }), (row) => row.plan), byId)

  /** The rows whose plan the viewer may see. */
  async function visible<Row>(rows: Row[], planOf: (row: Row) => string): Promise<Row[]> {
    if (viewer === null || rows.length === 0) return rows
    const plans = await Promise.all(rows.map((row) => plan.load(planOf(row))))
    return rows.filter((_, index) => plans[index] !== null)
  }

  async function visibleByTask<Row extends { readonly task: string }>(rows: Row[]): Promise<Row[]> {
    if (viewer === null || rows.length === 0) return rows
    const tasks = await Promise.all(rows.map((row) => task.load(row.task)))
    return rows.filter((_, index) => tasks[index] !== null)
  }

  const tasksByPlan = listLoader(
    (plans) => em.find(Task, { plan: { $in: plans } }, { orderBy: { plan: 'asc', order: 'asc' } }),
    (task) => task.plan,
  )
  return {
    request: rowLoader(async (ids) => (await em.find(Request, { id: { $in: ids } })).filter((row) => maySee(viewer, row)), byId),
    plan,
    task,
    attempt: rowLoader(async (ids) => visible(await em.find(Attempt, { id: { $in: ids } }), (row) => row.planId), byId),
    agent: rowLoader((ids) => em.find(Agent, { id: { $in: ids } }), byId),
    approval: rowLoader(async (ids) => visible(await em.find(Approval, { id: { $in: ids } }), (row) => row.plan), byId),
    routingDecision: rowLoader(async (ids) => visibleByTask(await em.find(RoutingDecision, { id: { $in: ids } })), byId),
    fallbackDecision: rowLoader(async (ids) => visible(await em.find(FallbackDecision, { id: { $in: ids } }), (row) => row.plan), byId),
    fallbackDecisionOfPlan: rowLoader(
      (plans) => em.find(FallbackDecision, { plan: { $in: plans } }),
      (decision) => decision.plan,
    ),
    plansOfRequest: requestPlans({ em }),
    /** The log of a request, plan or agent. */
    logOfStream: streamLog({ em }),
    tasksByPlan,
    /** The tasks of a plan by their order in it. */
    taskOrders: new DataLoader<string, ReadonlyMap<number, Task>>(async (plans) =>
      (await Promise.all(plans.map((plan) => tasksByPlan.load(plan)))).map(
        (tasks) => new Map(tasks.map((task) => [task.order, task])),
      ),
    ),
    approvalsByPlan: listLoader(
      (plans) => em.find(Approval, { plan: { $in: plans } }, { orderBy: { decidedAt: 'asc', id: 'asc' } }),
      (approval) => approval.plan,
    ),
    attemptsByTask: listLoader(
      (tasks) => em.find(Attempt, { task: { $in: tasks } }, { orderBy: { number: 'asc' } }),
      (attempt) => attempt.task,
    ),
    /** The attempt of a task with a number, by `<task>:<number>`. */
    attemptByNumber: rowLoader(
      (keys) => em.find(Attempt, { $or: keys.map(parseAttemptKey) }),
      (attempt) => attemptKey(attempt.task, attempt.number),
    ),
    routingDecisionsByTask: listLoader(
      (tasks) => em.find(RoutingDecision, { task: { $in: tasks } }, { orderBy: { decidedAt: 'asc', id: 'asc' } }),
      (decision) => decision.task,
    ),
    performanceByAgent: listLoader(
      (agents) => em.find(AgentPerformance, { agent: { $in: agents } }, { orderBy: { intent: 'asc' } }),
      (performance) => performance.agent,
    ),
    /** What external AI cost, by booking key. */
    usage: rowLoader((keys) => em.find(AiUsage, { key: { $in: keys } }), (usage) => usage.key),
  }
}

/** Key of the attempt loader. */
export const attemptKey = (taskId: string, number: number): string => `${taskId}:${number}`

function parseAttemptKey(key: string): { task: string; number: number } {
  const [task, number] = key.split(':')
  return { task: task!, number: Number(number) }
}

const byId = (row: { readonly id: string }): string => row.id

function rowLoader<Row>(read: (keys: string[]) => Promise<Row[]>, keyOf: (row: Row) => string) {
  return new DataLoader<string, Row | null>(async (keys) => {
    const rows = new Map((await read([...keys])).map((row) => [keyOf(row), row]))
    return keys.map((key) => rows.get(key) ?? null)
  })
}

function listLoader<Row>(read: (keys: string[]) => Promise<Row[]>, keyOf: (row: Row) => string) {
  return new DataLoader<string, readonly Row[]>(async (keys) => {
    const lists = Map.groupBy(await read([...keys]), keyOf)
    return keys.map((key) => lists.get(key) ?? [])
  })
}
