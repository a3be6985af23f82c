/** A plan while it is edited: tasks keep the number they had, so that edits can name them whatever moves. */
import type { Capability, Catalog } from '../../catalog/capability.ts'
import type { Task } from '../../entities/task.ts'
import { estimate, type History } from './estimates.ts'
import { executionOrder } from './task-graph.ts'
import { plannedTask, type PlannedTask } from './work-planner.ts'

export type DraftTask = {
  /** Order in the plan being revised; added tasks go on counting. */
  readonly key: number
  readonly task: PlannedTask
  /** Keys. */
  readonly waitsFor: readonly number[]
}

/** The tasks in the sequence they will have. */
export type PlanDraft = readonly DraftTask[]

/**
 * Takes a stored plan up for editing. Tasks whose entry in the catalog has changed are planned anew from it; `keepDone`
 * carries succeeded tasks over as done.
 */
export function draftOf(
  tasks: readonly Task[],
  { catalog, history, keepDone }: { readonly catalog: Pick<Catalog, 'byId'>; readonly history: History; readonly keepDone: boolean },
): PlanDraft {
  return tasks.map((task) => {
    const carried = task.carriedFrom !== null || (keepDone && task.status === 'SUCCEEDED')
    return { key: task.order, waitsFor: task.dependsOn, task: carried ? carriedTask(task) : freshTask(task, catalog.byId.get(task.intent), history) }
  })
}

/** A task as it stands in its plan. */
export const asStored = (task: Task): PlannedTask => (task.carriedFrom ? carriedTask(task) : definitionOf(task))

function carriedTask(task: Task): PlannedTask {
  const { attempt, agentId, output, dispatchedAt, startedAt, finishedAt } = task
  return { ...definitionOf(task), carried: { id: task.carriedFrom ?? task.id, attempt, agentId, output, dispatchedAt, startedAt, finishedAt } }
}

function freshTask(task: Task, capability: Capability | undefined, history: History): PlannedTask {
  if (!capability) return definitionOf(task)
  if (capability.digest !== task.capabilityDigest) return plannedTask(capability, task.parameters, task, history)
  const expected = estimate({ ...capability, agentType: task.agentType }, history)
  return { ...definitionOf(task), estimate: expected, estimatedMinutes: expected.p50 }
}

const definitionOf = (task: Task): PlannedTask => ({
  order: task.order,
  name: task.name,
  intent: task.intent,
  workType: task.workType,
  agentType: task.agentType,
  parameters: task.parameters,
  dependsOn: task.dependsOn,
  effect: task.effect,
  requires: task.requires,
  sameAgent: task.sameAgent,
  timeoutSeconds: task.timeoutSeconds,
  maxAttempts: task.maxAttempts,
  capabilityDigest: task.capabilityDigest,
  estimatedMinutes: task.estimatedMinutes,
  estimate: task.estimate,
  carried: null,
})

/** By position: positions of the tasks it waits for. */
export function graphOf(draft: PlanDraft): number[][] {
  const position = new Map(draft.map(({ key }, index) => [key, index]))
  return draft.map(({ waitsFor }) => waitsFor.flatMap((key) => position.get(key) ?? []))
}

/** What these keys wait for, directly or not. */
export function waitedForBy(draft: PlanDraft, keys: readonly number[]): Set<number> {
  const waitsFor = new Map(draft.map((entry) => [entry.key, entry.waitsFor]))
  const found = new Set<number>()
  const visit = (key: number): void => {
    for (const before of waitsFor.get(key) ?? []) {
      if (found.has(before)) continue
      found.add(before)
      visit(before)
    }
  }
  keys.forEach(visit)
  return found
}

/** Of these keys those that none of the others waits for, directly or not. */
export function notImplied(draft: PlanDraft, keys: readonly number[]): number[] {
  const implied = waitedForBy(draft, keys)
  return keys.filter((key) => !implied.has(key))
}

/** Numbers the tasks; each comes after what it waits for. Throws CircleError. */
export function numbered(draft: PlanDraft): { readonly tasks: PlannedTask[]; readonly keys: number[] } {
  const graph = graphOf(draft)
  const order = executionOrder(graph)
  const numberAt = new Map(order.map((position, index) => [position, index + 1]))
  return {
    keys: order.map((position) => draft[position]!.key),
    tasks: order.map((position, index) => ({
      ...draft[position]!.task,
      order: index + 1,
      dependsOn: graph[position]!.map((before) => numberAt.get(before)!).sort((a, b) => a - b),
    })),
  }
}
