import type { Task } from '../../entities/task.ts'
import type { Principal } from '../../principal.ts'
import { settleTask, type SettleTaskDeps } from './settle-task.ts'

export type RetryTaskInput = { readonly taskId: string }

/** Gives a failed task of a running plan new tries; what was skipped because of it waits for it again. */
export const retryTask = (deps: SettleTaskDeps, principal: Principal, { taskId }: RetryTaskInput): Promise<Task> =>
  settleTask(deps, taskId, (order) => ({ type: 'retry', order, actor: `user:${principal.userId}` }))
