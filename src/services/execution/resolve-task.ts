import type { Task } from '../../entities/task.ts'
import type { Principal } from '../../principal.ts'
import { boundedText } from '../decomposition/bounded-text.ts'
import { settleTask, type SettleTaskDeps } from './settle-task.ts'

export type ResolveTaskInput = {
  readonly taskId: string
  /** What a person found out about an OUTCOME_UNKNOWN task. */
  readonly outcome: 'SUCCEEDED' | 'FAILED'
  readonly notes: string | null
}

/** Settles a task of which nobody knew whether it had happened. */
export async function resolveTask(deps: SettleTaskDeps, principal: Principal, input: ResolveTaskInput): Promise<Task> {
  const notes = boundedText(input.notes, { path: 'notes', maximum: 10_000 })
  return settleTask(deps, input.taskId, (order) => ({ type: 'resolve', order, actor: `user:${principal.userId}`, outcome: input.outcome, notes }))
}
