/** Whether the log is whole: numbered without gaps, chained, and of one mind with the tables. */
import { canonicalJson, sha256 } from './canonical-json.ts'
import type { Evidence } from './evidence.ts'
import type { LogRow } from './tables.ts'
import type { Violation } from './violation.ts'

const gap = (kind: string, message: string): Violation => ({ category: 'log gap', kind, message })

export function checkLog(evidence: Evidence): Violation[] {
  const streams = Map.groupBy(evidence.tables.log, ({ stream }) => stream)
  const heads = new Map(evidence.tables.streams.map((row) => [row.id, row]))
  const unheaded = [...streams.keys()].filter((id) => !heads.has(id))
  return [
    ...[...heads].flatMap(([id, { sequence, head }]) => checkStream(id, streams.get(id) ?? [], sequence, head)),
    ...unheaded.map((id) => gap('stream_without_head', `stream ${id} has entries and no head`)),
    ...checkStatuses(evidence),
  ]
}

function checkStream(id: string, entries: readonly LogRow[], sequence: number, head: Buffer): Violation[] {
  let previous: Buffer = Buffer.alloc(32)
  for (const [index, entry] of entries.entries()) {
    if (entry.sequence !== index + 1) return [gap('number_missing', `stream ${id}: entry ${index + 1} is missing`)]
    const { hash, at, ...rest } = entry
    previous = sha256(previous, canonicalJson({ ...rest, at: at.toISOString() }))
    if (!previous.equals(hash)) return [gap('chain_broken', `stream ${id}: entry ${entry.sequence} has another hash than its content and the entry before it give`)]
  }
  if (entries.length === sequence && previous.equals(head)) return []
  return [gap('head_differs', `stream ${id}: its head is at ${sequence}, the log at ${entries.length}`)]
}

/** The last status that the log tells is the one in the table. */
function checkStatuses({ tables }: Evidence): Violation[] {
  const planStatus = new Map<string, string>()
  const taskStatus = new Map<string, string>()
  for (const { stream, task_id, plan_status, task_status } of tables.log) {
    if (plan_status) planStatus.set(stream, plan_status)
    if (task_status && task_id) taskStatus.set(task_id, task_status)
  }
  const told = <Row extends { id: string; status: string }>(what: string, rows: readonly Row[], log: ReadonlyMap<string, string>) =>
    rows.filter(({ id, status }) => log.has(id) && log.get(id) !== status).map(({ id, status }) => gap('status_differs', `${what} ${id} is ${status}, the log says ${log.get(id)}`))
  const silent = tables.plans.filter(({ id }) => !planStatus.has(id)).map(({ id }) => gap('plan_not_logged', `the log knows nothing of plan ${id}`))
  // Tasks of a plan that was never approved end with it, without entries of their own.
  return [...told('plan', tables.plans, planStatus), ...told('task', tables.tasks, taskStatus), ...silent]
}
