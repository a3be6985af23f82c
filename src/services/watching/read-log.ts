/** Pages of one stream of the execution log. */
import type { ExecutionLogEntry } from '../../entities/execution-log-entry.ts'
import type { Queryable } from '../recording/rows.ts'
import type { LogRow } from '../recording/execution-log.ts'

type StoredRow = Omit<LogRow, 'at' | 'hash'> & { readonly at: Date; readonly hash: Buffer }

/** Entries of a stream after a number, in order. */
export async function readLog(database: Queryable, stream: string, after: number, limit: number): Promise<ExecutionLogEntry[]> {
  const { rows } = await database.query({
    name: 'read_log',
    text: 'select * from execution_log_entry where stream = $1 and sequence > $2 order by sequence limit $3',
    values: [stream, after, limit],
  })
  return (rows as StoredRow[]).map((row) => ({
    stream: row.stream,
    sequence: row.sequence,
    streamKind: row.stream_kind,
    at: row.at,
    kind: row.kind,
    actor: row.actor,
    message: row.message,
    detail: row.detail,
    taskId: row.task_id,
    attempt: row.attempt,
    planStatus: row.plan_status,
    taskStatus: row.task_status,
    approvalId: row.approval_id,
    routingDecisionId: row.routing_decision_id,
    fallbackDecisionId: row.fallback_decision_id,
    hash: row.hash,
  }))
}
