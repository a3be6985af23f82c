/**
 * The execution log: entries are numbered without gaps and hash-chained in each stream. An entry's hash is
 * SHA-256 over the previous hash and the entry's own canonical JSON (RFC 8785), computed under the lock of the
 * stream's row.
 */
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import type { ExecutionLogKind, PlanStatus, StreamKind, TaskStatus } from '../../lifecycle/states.ts'

export type { LogDraft }

/** Latest number and hash of a stream. */
export type StreamHead = { readonly id: string; readonly kind: StreamKind; readonly sequence: number; readonly head: Buffer }

/** A row of `execution_log_entry`, keyed by column; the hash as PostgreSQL reads it (`\x…`). */
export type LogRow = {
  readonly stream: string
  readonly sequence: number
  readonly stream_kind: StreamKind
  readonly at: string
  readonly kind: ExecutionLogKind
  readonly actor: string
  readonly message: string
  readonly detail: Readonly<Record<string, unknown>> | null
  readonly task_id: string | null
  readonly attempt: number | null
  readonly plan_status: PlanStatus | null
  readonly task_status: TaskStatus | null
  readonly approval_id: string | null
  readonly routing_decision_id: string | null
  readonly fallback_decision_id: string | null
  readonly hash: string
}

/** Head of a stream without entries. */
export const emptyHead = (id: string, kind: StreamKind): StreamHead => ({ id, kind, sequence: 0, head: Buffer.alloc(32) })

/** The hash that an entry must have after `previous`; the row without its hash, as stored. */
export function entryHash(previous: Buffer, row: Omit<LogRow, 'hash'>): Buffer {
  return hash('sha256', Buffer.concat([previous, Buffer.from(canonicalEntry(row))]), 'buffer')
}

/** RFC 8785 of a row: its names are known, so only the detail has to be sorted, which halves the time of a hash. */
export function canonicalEntry(row: Omit<LogRow, 'hash'>): string {
  const { detail } = row
  const text = (value: string | number | null): string => (typeof value === 'string' ? quoted(value) : String(value))
  return `{"actor":${text(row.actor)},"approval_id":${text(row.approval_id)},"at":${text(row.at)},"attempt":${text(row.attempt)},` +
    `"detail":${detail === null ? 'null' : canonicalize(detail)},"fallback_decision_id":${text(row.fallback_decision_id)},` +
    `"kind":${text(row.kind)},"message":${text(row.message)},"plan_status":${text(row.plan_status)},` +
    `"routing_decision_id":${text(row.routing_decision_id)},"sequence":${text(row.sequence)},"stream":${text(row.stream)},` +
    `"stream_kind":${text(row.stream_kind)},"task_id":${text(row.task_id)},"task_status":${text(row.task_status)}}`
}

/** JSON of a string, where nothing has to be escaped without asking for it. */
const quoted = (value: string): string => (/^[\x20!#-[\]-~]*$/.test(value) ? `"${value}"` : JSON.stringify(value))

/**
 * Numbers and chains drafts after the heads of their streams.
 * @param heads locked heads by stream id; must hold every stream of the drafts
 * @param at time of the transaction by the database's clock
 * @returns rows to insert, and the new head of every stream that moved
 */
export function chainEntries(
  heads: ReadonlyMap<string, StreamHead>,
  drafts: readonly LogDraft[],
  at: Date,
): { rows: LogRow[]; moved: Map<string, StreamHead> } {
  const moved = new Map<string, StreamHead>()
  const time = at.toISOString()
  const rows = drafts.map((draft) => {
    const before = moved.get(draft.stream) ?? heads.get(draft.stream)
    if (!before) throw new Error(`log stream ${draft.stream} is not locked`)
    const row = {
      stream: draft.stream,
      sequence: before.sequence + 1,
      stream_kind: draft.streamKind,
      at: time,
      kind: draft.kind,
      actor: draft.actor,
      message: draft.message,
      detail: draft.detail ?? null,
      task_id: draft.taskId ?? null,
      attempt: draft.attempt ?? null,
      plan_status: draft.planStatus ?? null,
      task_status: draft.taskStatus ?? null,
      approval_id: draft.approvalId ?? null,
      routing_decision_id: draft.routingDecisionId ?? null,
      fallback_decision_id: draft.fallbackDecisionId ?? null,
    }
    const head = entryHash(before.head, row)
    moved.set(draft.stream, { id: draft.stream, kind: draft.streamKind, sequence: row.sequence, head })
    return { ...row, hash: `\\x${head.toString('hex')}` }
  })
  return { rows, moved }
}
