/** Pages of one stream of the execution log. */
import type { ExecutionLogEntry } from '../../entities/execution-log-entry.ts'
import { createNaturalBatch } from '../recording/natural-batch.ts'
import type { Queryable } from '../recording/rows.ts'
import type { LogRow } from '../recording/execution-log.ts'

type StoredRow = Omit<LogRow, 'at' | 'hash'> & { readonly at: Date; readonly hash: Buffer }

/** Where a page begins: after this number of this stream. */
type Place = { readonly stream: string; readonly after: number }

/** Entries of a stream after a number, in order, at most so many. */
export type ReadLog = (stream: string, after: number) => Promise<readonly ExecutionLogEntry[]>

/** Readers that come while a read is under way share the next one. */
export function createLogReader({ database, limit }: { readonly database: Queryable; readonly limit: number }): ReadLog {
  const batch = createNaturalBatch<Place, readonly ExecutionLogEntry[]>({ flush: (places) => readPages(database, places, limit), maxItems: 64, maxQueued: 20_000 })
  return (stream, after) => batch.submit({ stream, after })
}

async function readPages(database: Queryable, places: readonly Place[], limit: number): Promise<readonly ExecutionLogEntry[][]> {
  const { rows } = await database.query({
    name: 'read_log',
    text: `select w.place::int as place, e.* from unnest($1::uuid[], $2::int[]) with ordinality w(stream, after, place)
      cross join lateral (select * from execution_log_entry l where l.stream = w.stream and l.sequence > w.after order by l.sequence limit $3) e
      order by w.place, e.sequence`,
    values: [places.map(({ stream }) => stream), places.map(({ after }) => after), limit],
  })
  const pages = places.map((): ExecutionLogEntry[] => [])
  for (const row of rows as (StoredRow & { readonly place: number })[]) pages[row.place - 1]!.push(asEntry(row))
  return pages
}

/** A row that was just written, as it is read. */
export const entryOf = (row: LogRow): ExecutionLogEntry => asEntry({ ...row, at: new Date(row.at), hash: Buffer.from(row.hash.slice('\\x'.length), 'hex') })

const asEntry = (row: StoredRow): ExecutionLogEntry => ({
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
})
