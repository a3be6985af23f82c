/** Tasks that an approval leaves out. */
import { InvalidInputError, type InputIssue } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { PlanState } from '../../lifecycle/plan-state.ts'

/** Their orders; InvalidInputError where one is not of the plan, something that depends on it is kept, or nothing is left. */
export function skippedOrders(plan: PlanState, taskIds: readonly string[]): number[] {
  if (taskIds.length === 0) return []
  const { tasks } = plan.definition
  const orders = new Set<number>()
  const issues: InputIssue[] = []
  taskIds.forEach((id, index) => {
    const task = tasks.find((candidate) => candidate.id === id)
    if (task) orders.add(task.order)
    else issues.push({ path: `skip.${index}`, rule: 'task_of_plan', message: 'This plan has no such task.' })
  })
  for (const task of tasks) {
    const needed = orders.has(task.order) ? undefined : task.dependsOn.find((order) => orders.has(order))
    if (needed === undefined) continue
    issues.push({
      path: 'skip',
      rule: 'dependents_too',
      message: `${task.order}. ${task.name} depends on ${needed}: skip ${toGlobalId('Task', task.id)} too, or keep ${needed}.`,
    })
  }
  if (issues.length === 0 && tasks.every((task) => orders.has(task.order) || plan.tasks[task.order - 1]!.status === 'SUCCEEDED')) {
    issues.push({ path: 'skip', rule: 'something_left', message: 'Nothing would be left to do: reject the plan instead.' })
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
  return [...orders].sort((a, b) => a - b)
}
