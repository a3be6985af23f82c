/** Whether every task waited for what it depends on. */
import type { Evidence } from './evidence.ts'
import type { Violation } from './violation.ts'

const disorder = (kind: string, message: string): Violation => ({ category: 'out of order', kind, message })

export function checkOrder(evidence: Evidence): Violation[] {
  return [...checkExecutions(evidence), ...checkLog(evidence)]
}

/** On the agents' clocks an execution begins after its dependencies' results were there, and is given those results. */
function checkExecutions({ records, tasks, tasksOf, executionsOf, settled }: Evidence): Violation[] {
  return records.executions.flatMap((execution) => {
    const task = tasks.get(execution.taskId)
    const siblings = task ? (tasksOf.get(task.plan_id) ?? []) : []
    return (task?.depends_on ?? []).flatMap((order) => {
      const dependency = siblings.find(({ position }) => position === order)!
      if (settled.has(dependency.id)) return []
      const result = executionsOf.get(dependency.id)?.find((earlier) => earlier.execution === dependency.output?.execution)
      const named = `task ${execution.taskId}, attempt ${execution.attempt}`
      if (!result?.endedAt || result.endedAt > execution.startedAt) return [disorder('ran_too_early', `${named} began before its dependency ${dependency.id} was done`)]
      const given = execution.inputs[dependency.id]?.execution
      return given === result.execution ? [] : [disorder('other_input', `${named} was given ${given} in place of ${result.execution}`)]
    })
  })
}

/** In the log a dispatch comes after the end of all dependencies. */
function checkLog({ tables, tasks, tasksOf }: Evidence): Violation[] {
  const done = new Set<string>()
  return tables.log.flatMap(({ kind, task_id, task_status }) => {
    if (task_status === 'SUCCEEDED' && task_id) done.add(task_id)
    const task = kind === 'TASK_DISPATCHED' && task_id ? tasks.get(task_id) : undefined
    if (!task) return []
    const siblings = tasksOf.get(task.plan_id) ?? []
    const early = task.depends_on.filter((order) => !done.has(siblings.find(({ position }) => position === order)?.id ?? ''))
    return early.map((order) => disorder('dispatched_too_early', `task ${task.id} was dispatched before task ${order} of its plan was done`))
  })
}
