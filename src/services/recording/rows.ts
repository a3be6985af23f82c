/**
 * Bulk writes, a statement a table: rows travel as one JSON parameter and become records in the database, which
 * saves a round trip and a parameter list per row (MikroORM's unit of work writes 24k rows/s here, this 75k).
 * Keys are column names. All statements are named, so that each connection prepares them once.
 */
import type { LogDraft, LogRow, StreamHead } from './execution-log.ts'
import { chainEntries } from './execution-log.ts'

/** What a bulk write needs of a connection. */
export type Queryable = { query(config: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[]; rowCount: number | null }> }

/** A row to write, keyed by column name; values as JSON (dates as ISO strings, bytea as `\x…`). */
export type Row = Readonly<Record<string, unknown>>

/** Columns that change after insertion, by table; `key` finds the row. */
const mutableColumns = {
  request: { key: ['id'], columns: ['status', 'subtasks', 'ambiguities', 'out_of_scope', 'answers', 'failure_reason', 'notice', 'decomposer', 'parsing_tries', 'parsing_lease_until', 'visible_to', 'updated_at'] },
  plan: { key: ['id'], columns: ['status', 'approval_id', 'failure_reason', 'approved_at', 'started_at', 'finished_at', 'waiting_tasks', 'next_retry_at'] },
  task: { key: ['id'], columns: ['status', 'attempt', 'attempts_allowed', 'agent_id', 'progress', 'output', 'failure_reason', 'next_attempt_at', 'dispatched_at', 'started_at', 'finished_at'] },
  attempt: { key: ['task_id', 'number'], columns: ['instance', 'status', 'reason', 'lease_until', 'deadline_at', 'started_at', 'finished_at', 'progress_entries'] },
  log_stream: { key: ['id'], columns: ['sequence', 'head'] },
} as const

export type InsertableTable =
  | keyof typeof mutableColumns
  | 'approval' | 'routing_decision' | 'fallback_decision' | 'execution_log_entry' | 'outbox_message' | 'ai_usage' | 'quota_reservation'
  | 'checkpoint' | 'checkpoint_head'
export type UpdatableTable = keyof typeof mutableColumns

/** Inserts rows; every column of the table must be a key of every row (absent keys become null). */
export async function insertRows(client: Queryable, table: InsertableTable, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  await client.query({
    name: `insert_${table}`,
    text: `insert into "${table}" select * from json_populate_recordset(null::"${table}", $1::json)`,
    values: [JSON.stringify(rows)],
  })
}

/** Writes all mutable columns of rows that exist. */
export async function updateRows(client: Queryable, table: UpdatableTable, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const { key, columns } = mutableColumns[table]
  await client.query({
    name: `update_${table}`,
    text:
      `update "${table}" t set ${columns.map((column) => `"${column}" = r."${column}"`).join(', ')} ` +
      `from json_populate_recordset(null::"${table}", $1::json) r where ${key.map((column) => `t."${column}" = r."${column}"`).join(' and ')}`,
    values: [JSON.stringify(rows)],
  })
}

/** Locks the heads of streams in id order and answers them with the database's time. Unknown streams are absent. */
export async function lockStreams(client: Queryable, ids: readonly string[]): Promise<{ heads: Map<string, StreamHead>; now: Date }> {
  const result = await client.query({
    name: 'lock_log_streams',
    text: `with locked as (select id, kind, sequence, head from log_stream where id = any($1::uuid[]) order by id for update)
      select clock_timestamp() as now, locked.* from (select 1) one left join locked on true`,
    values: [ids],
  })
  const rows = result.rows as { now: Date; id: string | null; kind: StreamHead['kind']; sequence: number; head: Buffer }[]
  const heads = rows.flatMap(({ id, kind, sequence, head }) => (id ? [[id, { id, kind, sequence, head }] as const] : []))
  // Milliseconds: the precision of every stored time.
  return { heads: new Map(heads), now: new Date(rows[0]!.now.getTime()) }
}

/** The hex form of bytea that JSON can carry. */
export const toBytea = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`

/**
 * Appends drafts to their streams: inserts streams that had no entry yet, moves the heads of the others. The
 * promises are started together, so that on a pipelined connection all travel at once; await them all.
 */
export function appendLog(
  client: Queryable,
  heads: ReadonlyMap<string, StreamHead>,
  drafts: readonly LogDraft[],
  now: Date,
): { moved: Map<string, StreamHead>; rows: LogRow[]; writes: Promise<void>[] } {
  const { rows, moved } = chainEntries(heads, drafts, now)
  const streams = [...moved.values()].map((stream) => ({ ...stream, head: toBytea(stream.head) }))
  const isNew = (id: string) => heads.get(id)!.sequence === 0
  return {
    moved,
    rows,
    writes: [
      insertRows(client, 'log_stream', streams.filter((stream) => isNew(stream.id))),
      updateRows(client, 'log_stream', streams.filter((stream) => !isNew(stream.id))),
      insertRows(client, 'execution_log_entry', rows),
    ],
  }
}
