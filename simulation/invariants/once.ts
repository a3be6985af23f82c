/** Nothing twice: each result is applied once, and is what the holder of that attempt gave; what cannot be undone ran once. */
import type { Ledger } from '../agents/ledger.ts'
import { canonicalJson } from './canonical-json.ts'
import { globalId, type TaskRow, type Tables } from './tables.ts'

export function checkOnce(tables: Tables, ledger: Ledger): string[] {
  const resultKinds = ['TASK_SUCCEEDED', 'TASK_FAILED', 'ATTEMPT_FAILED', 'ATTEMPT_LOST']
  const ends = new Map<string, number>()
  for (const { task_id, attempt, kind } of tables.entries) {
    if (task_id && attempt && resultKinds.includes(kind)) ends.set(`${task_id}/${attempt}`, (ends.get(`${task_id}/${attempt}`) ?? 0) + 1)
  }
  const resolved = new Set(tables.entries.flatMap(({ kind, task_id }) => (kind === 'OUTCOME_RESOLVED' && task_id ? [task_id] : [])))
  const irreversible = Map.groupBy(ledger.executions.filter(({ work }) => work.effect === 'irreversible'), ({ work }) => work.taskId)
  return [
    ...[...ends].filter(([, count]) => count > 1).map(([attempt, count]) => `twice: ${attempt} ended ${count} times`),
    ...[...irreversible].filter(([, runs]) => runs.length > 1).map(([task, runs]) => `twice: irreversible ${task} ran ${runs.length} times`),
    ...tables.tasks.filter(({ status, id }) => status === 'SUCCEEDED' && !resolved.has(id)).flatMap((task) => checkSuccess(tables, ledger, task)),
    ...checkOrder(tables, ledger),
  ]
}

function checkSuccess({ attempts }: Tables, { executions }: Ledger, task: TaskRow): string[] {
  if (task.carried_from) return []
  const succeeded = attempts.filter(({ task_id, status }) => task_id === task.id && status === 'SUCCEEDED')
  if (succeeded.length !== 1) return [`twice: task ${task.id} has ${succeeded.length} attempts that succeeded`]
  const { number, agent_name, instance } = succeeded[0]!
  const given = executions.filter(({ work, agent, instance: by }) => work.taskId === globalId('Task', task.id) && work.attempt === number && agent === agent_name && by === instance)
  return given.some(({ output }) => output !== null && canonicalJson(output) === canonicalJson(task.output))
    ? []
    : [`invented: task ${task.id} succeeded with what the holder of attempt ${number} never gave`]
}

/** Nothing runs before all it depends on is done. */
function checkOrder({ tasks, entries }: Tables, { executions }: Ledger): string[] {
  const done = new Map<string, number>()
  for (const { task_id, task_status, at } of entries) if (task_id && task_status === 'SUCCEEDED') done.set(task_id, Math.min(at.getTime(), done.get(task_id) ?? Infinity))
  for (const { task_id, kind, at, task_status } of entries) if (task_id && kind === 'OUTCOME_RESOLVED' && task_status === 'SUCCEEDED') done.set(task_id, at.getTime())
  return executions.flatMap(({ work, startedAt }) => {
    const task = tasks.find(({ id }) => globalId('Task', id) === work.taskId)
    const early = task?.depends_on.find((order) => {
      const before = tasks.find(({ plan_id, position }) => plan_id === task.plan_id && position === order)!
      return !before.carried_from && !((done.get(before.id) ?? Infinity) <= startedAt)
    })
    return early === undefined ? [] : [`out of order: ${work.taskId} ran before task ${early} was done`]
  })
}
