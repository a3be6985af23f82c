/** A person's word about a task: try it again, or say what became of it. */
import type { Task } from '../../entities/task.ts'
import { InvalidStateError, NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { TaskEvent } from '../../lifecycle/plan-event.ts'
import type { PlanEngine } from './plan-engine.ts'
import type { PlanStore } from './plan-store.ts'
import type { Queryable } from '../recording/rows.ts'

export type SettleTaskDeps = {
  readonly engine: PlanEngine
  readonly store: PlanStore
  readonly database: Queryable
  readonly readTask: (taskId: string) => Promise<Task>
}

/** Applies `event` to the task's plan; NotFoundError and InvalidStateError as the rules say. */
export async function settleTask(deps: SettleTaskDeps, taskId: string, event: (order: number) => TaskEvent): Promise<Task> {
  const place = (await deps.store.placesOf(deps.database, [taskId])).get(taskId)
  if (!place) throw new NotFoundError('task', toGlobalId('Task', taskId))
  await deps.engine.run(place.planId, (turn) => {
    const step = turn.apply(event(place.order))
    if ('refused' in step && step.refused === 'invalid_state') throw new InvalidStateError(step.message, step.status)
  })
  return deps.readTask(taskId)
}
