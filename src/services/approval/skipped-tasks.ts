/** Tasks that an approval leaves out. */
import type { InputIssue } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { PlanState, TaskDefinition } from '../../lifecycle/plan-state.ts'

export type Skipped = { readonly orders: readonly number[]; readonly issues: readonly InputIssue[] }

/**
 * The orders of what is left out, ascending, and every violation: a task that is not of the plan or is done already,
 * something kept that depends on what is left out, directly or not, or nothing that is left to do.
 * @param taskIds what this approval leaves out  @param alsoSkipped what earlier approvals leave out
 */
export function skippedOrders(plan: PlanState, taskIds: readonly string[], alsoSkipped: readonly string[] = []): Skipped {
  const { tasks } = plan.definition
  const isDone = ({ order }: TaskDefinition) => plan.tasks[order - 1]!.status === 'SUCCEEDED'
  const orders = new Set(tasks.filter(({ id }) => alsoSkipped.includes(id)).map(({ order }) => order))
  const issues: InputIssue[] = []
  taskIds.forEach((id, index) => {
    const task = tasks.find((candidate) => candidate.id === id)
    if (!task) issues.push({ path: `skip.${index}`, rule: 'task_of_plan', message: 'This plan has no such task.' })
    else if (isDone(task)) issues.push({ path: `skip.${index}`, rule: 'done', message: `${task.order}. ${task.name} is done already. Leave it out of skip.` })
    else orders.add(task.order)
  })
  // Tasks come after what they wait for, so that one pass finds the dependents of dependents.
  const without = new Map([...orders].map((order) => [order, order]))
  for (const task of tasks) {
    const missed = without.has(task.order) || isDone(task) ? undefined : task.dependsOn.find((order) => without.has(order))
    if (missed === undefined) continue
    without.set(task.order, missed)
    issues.push({
      path: 'skip',
      rule: 'dependents_too',
      message: `${task.order}. ${task.name} depends on ${missed}: skip ${toGlobalId('Task', task.id)} too, or keep ${missed}.`,
    })
  }
  if (orders.size > 0 && issues.length === 0 && tasks.every((task) => orders.has(task.order) || isDone(task))) {
    issues.push({ path: 'skip', rule: 'something_left', message: 'Nothing would be left to do: reject the plan instead.' })
  }
  return { orders: [...orders].sort((a, b) => a - b), issues }
}
