/** WorkPlanner: understood subtasks → a graph of tasks with estimates, complexity and a summary. Pure. */
import { renderTaskName } from '../../catalog/task-name.ts'
import type { Capability, Catalog, Risk } from '../../catalog/capability.ts'
import type { Subtask } from '../../entities/decomposition.ts'
import type { Task } from '../../entities/task.ts'
import type { Complexity } from '../../lifecycle/states.ts'
import { complexityOf } from './complexity.ts'
import { estimate, type History } from './estimates.ts'
import { neededDependencies } from './needed-dependencies.ts'
import { summarize } from './plan-summary.ts'
import { CircleError, executionOrder, heaviestChain, type Graph } from './task-graph.ts'

/** A task as planned: its definition without identity, and how long it will take. */
export type PlannedTask = Pick<
  Task,
  | 'order' | 'name' | 'intent' | 'workType' | 'agentType' | 'parameters' | 'dependsOn' | 'effect' | 'requires' | 'sameAgent'
  | 'timeoutSeconds' | 'maxAttempts' | 'capabilityDigest' | 'estimatedMinutes' | 'estimate'
> & {
  /** The succeeded task of an earlier revision that stands for this one; it is not run again. */
  readonly carried: CarriedTask | null
}

/** What an earlier revision achieved. */
export type CarriedTask = Pick<Task, 'id' | 'attempt' | 'agentId' | 'output' | 'dispatchedAt' | 'startedAt' | 'finishedAt'>

/** What is proposed to a person, before identity, feasibility and the decision about external AI. */
export type WorkPlan = {
  readonly tasks: readonly PlannedTask[]
  readonly complexity: Complexity
  /** Lowest confidence among the subtasks, 0..1. */
  readonly confidence: number
  readonly risk: Risk
  readonly summary: string
  /** From start to end, with everything that may run side by side doing so. */
  readonly estimatedMinutes: number
}

/** Plans subtasks; throws an Error whose message tells why they make no plan. */
export type WorkPlanner = (subtasks: readonly Subtask[], history: History) => WorkPlan

/** The subtasks make no plan; the message is for the person who asked. */
export class PlanningError extends Error {
  override readonly name = 'PlanningError'
}

export const createWorkPlanner = (catalog: Pick<Catalog, 'byId'>): WorkPlanner => (subtasks, history) => {
  const indexOf = new Map(subtasks.map((subtask, index) => [subtask.order, index]))
  const steps = subtasks.map(({ intent, parameters, dependsOn, order }) => {
    const capability = catalog.byId.get(intent)
    if (!capability) throw new PlanningError(`The catalog has no capability ${intent} any more. Submit the request again.`)
    return { capability, parameters, dependsOn: dependsOn.filter((before) => before !== order && indexOf.has(before)).map((before) => indexOf.get(before)!) }
  })
  if (steps.length === 0) throw new PlanningError('The request has nothing to plan.')
  const graph = smallestGraph(steps)
  const tasks = inExecutionOrder(graph, (index, order, dependsOn) =>
    plannedTask(steps[index]!.capability, steps[index]!.parameters, { order, dependsOn }, history),
  )
  return assembleWorkPlan(catalog, tasks, Math.min(...subtasks.map((subtask) => subtask.confidence)))
}

function smallestGraph(steps: Parameters<typeof neededDependencies>[0]): number[][] {
  try {
    return neededDependencies(steps)
  } catch (error) {
    if (!(error instanceof CircleError)) throw error
    throw new PlanningError(`Tasks wait for each other in a circle: ${error.circle.map((index) => steps[index]!.capability.id).join(' before ')}.`)
  }
}

/** A task of a capability as the catalog defines it. */
export function plannedTask(
  capability: Capability,
  parameters: Readonly<Record<string, unknown>>,
  { order, dependsOn }: Pick<PlannedTask, 'order' | 'dependsOn'>,
  history: History,
): PlannedTask {
  const expected = estimate(capability, history)
  return {
    order,
    name: renderTaskName(capability, parameters),
    intent: capability.id,
    workType: capability.workType,
    agentType: capability.agentType,
    parameters,
    dependsOn,
    effect: capability.effect,
    requires: capability.requires,
    sameAgent: capability.sameAgent,
    timeoutSeconds: capability.timeoutSeconds,
    maxAttempts: capability.maxAttempts,
    capabilityDigest: capability.digest,
    estimatedMinutes: expected.p50,
    estimate: expected,
    carried: null,
  }
}

/** Numbers tasks so that each comes after what it waits for, otherwise in the order given. */
function inExecutionOrder<T>(graph: Graph, make: (index: number, order: number, dependsOn: readonly number[]) => T): T[] {
  const order = executionOrder(graph)
  const position = new Map(order.map((index, at) => [index, at + 1]))
  return order.map((index, at) => make(index, at + 1, graph[index]!.map((before) => position.get(before)!).sort((a, b) => a - b)))
}

const riskOrder = { low: 0, medium: 1, high: 2 } as const

/** What a plan says about its tasks as a whole; tasks are in order, each after what it waits for. */
export function assembleWorkPlan(catalog: Pick<Catalog, 'byId'>, tasks: readonly PlannedTask[], confidence: number): WorkPlan {
  const open = tasks.filter((task) => !task.carried)
  const graph = tasks.map((task) => task.dependsOn.map((order) => order - 1))
  const minutes = tasks.map((task) => (task.carried ? 0 : task.estimatedMinutes))
  const chain = heaviestChain(graph, minutes)
  const depth = heaviestChain(graph, tasks.map((task) => (task.carried ? 0 : 1))).weight
  const risk = open.reduce<Risk>((highest, { intent }) => {
    // A capability that has left the catalog counts as risky: nobody can look up what it does.
    const own = catalog.byId.get(intent)?.risk ?? 'high'
    return riskOrder[own] > riskOrder[highest] ? own : highest
  }, 'low')
  return {
    tasks,
    confidence,
    risk,
    complexity: complexityOf({ tasks: open.length, depth, risk, confidence }),
    summary: summarize(
      tasks.map((task) => ({ name: task.name, minutes: task.estimatedMinutes, done: task.carried !== null })),
      chain.tasks.filter((index) => !tasks[index]!.carried),
      chain.weight,
    ),
    estimatedMinutes: Math.round(chain.weight * 1_000) / 1_000,
  }
}
