/** Reads by id and by owner, gathered into one statement for all rows that one operation asks for at a time. */
import DataLoader from 'dataloader'
import type { EntityManager } from '@mikro-orm/postgresql'
import {
  Agent, AgentPerformance, AiUsage, Approval, Attempt, FallbackDecision, Request, RoutingDecision, Task,
} from '../../entities/index.ts'
import { readPlans } from './read-plans.ts'
import { requestPlans } from './request-plans.ts'
import { streamLog } from './stream-log.ts'

/** Ids are bare uuids. A row that does not exist is null, an owner without rows has an empty list. */
export type Loaders = ReturnType<typeof createLoaders>

/** Loaders for one operation: what they have read once, they answer from memory. */
export function createLoaders(em: EntityManager) {
  const tasksByPlan = listLoader(
    (plans) => em.find(Task, { plan: { $in: plans } }, { orderBy: { plan: 'asc', order: 'asc' } }),
    (task) => task.plan,
  )
  return {
    request: rowLoader((ids) => em.find(Request, { id: { $in: ids } }), byId),
    plan: rowLoader((ids) => readPlans({ em }, ids), byId),
    task: rowLoader((ids) => em.find(Task, { id: { $in: ids } }), byId),
    attempt: rowLoader((ids) => em.find(Attempt, { id: { $in: ids } }), byId),
    agent: rowLoader((ids) => em.find(Agent, { id: { $in: ids } }), byId),
    approval: rowLoader((ids) => em.find(Approval, { id: { $in: ids } }), byId),
    routingDecision: rowLoader((ids) => em.find(RoutingDecision, { id: { $in: ids } }), byId),
    fallbackDecision: rowLoader((ids) => em.find(FallbackDecision, { id: { $in: ids } }), byId),
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
