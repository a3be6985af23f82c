/**
 * Everything that an auditor needs to recompute the log without the database, as records in this order: `export`; the
 * checkpoints, each `checkpoint` followed by its `head`s; then stream by stream `stream`, for plans `plan` and its
 * `approval`s, and each `entry`; `end` with the counts. All of one moment, in memory a page at a time.
 */
import type pg from 'pg'
import { toGlobalId } from '../../global-id.ts'
import { approvedContent, type HashedTask } from '../planning/content-hash.ts'

/** One line of the export; `record` tells which. Ids beside those inside `row` and `content` are global. */
export type EvidenceRecord = { readonly record: string } & Readonly<Record<string, unknown>>

const streamsAtOnce = 200
const rowsAtOnce = 2_000
/** Version of the format. */
const exportVersion = 1

/** @param client a connection of its own; a transaction is open on it until the last record is taken */
export async function* exportEvidence(client: pg.ClientBase): AsyncGenerator<EvidenceRecord, void, void> {
  await client.query('begin isolation level repeatable read read only')
  try {
    const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now')
    yield { record: 'export', version: exportVersion, at: rows[0]!.now.toISOString() }
    const counts = { checkpoints: 0, streams: 0, entries: 0, approvals: 0 }
    for await (const record of exportAll(client)) {
      if (record.record === 'checkpoint') counts.checkpoints++
      else if (record.record === 'stream') counts.streams++
      else if (record.record === 'entry') counts.entries++
      else if (record.record === 'approval') counts.approvals++
      yield record
    }
    yield { record: 'end', ...counts }
  } finally {
    await client.query('rollback')
  }
}

async function* exportAll(client: pg.ClientBase): AsyncGenerator<EvidenceRecord> {
  yield* exportCheckpoints(client)
  for await (const streams of pages<StreamRow>(client, 'streams', allStreams, [], streamsAtOnce)) {
    const ids = streams.map(({ id }) => id)
    const plans = await readPlans(client, ids)
    const approvals = Map.groupBy(await readApprovals(client, ids), ({ plan_id: planId }) => planId)
    const left = streams[Symbol.iterator]()
    let open: string | null = null
    const openUpTo = function* (stream: string | null): Generator<EvidenceRecord> {
      while (open !== stream) {
        const next = left.next()
        if (next.done) return
        open = next.value.id
        yield streamRecord(next.value)
        if (plans.has(open)) yield plans.get(open)!
        yield* (approvals.get(open) ?? []).map(approvalRecord)
      }
    }
    for await (const entries of pages<EntryRow>(client, 'entries', entriesOf, [ids], rowsAtOnce)) {
      for (const entry of entries) {
        yield* openUpTo(entry.stream)
        yield entryRecord(entry)
      }
    }
    yield* openUpTo(null)
  }
}

/** Rows of a query through a cursor, so many at a time. */
async function* pages<Row extends pg.QueryResultRow>(client: pg.ClientBase, name: string, text: string, values: unknown[], size: number): AsyncGenerator<Row[]> {
  await client.query(`declare ${name} no scroll cursor for ${text}`, values)
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${size} from ${name}`)
    if (rows.length > 0) yield rows
    if (rows.length < size) break
  }
  await client.query(`close ${name}`)
}

type CheckpointRow = { number: number; previous: string; at: Date; streams: number; heads: string; key_id: string; digest: string; signature: string }
type HeadRow = { stream: string; sequence: number; head: Buffer }

async function* exportCheckpoints(client: pg.ClientBase): AsyncGenerator<EvidenceRecord> {
  for await (const checkpoints of pages<CheckpointRow>(client, 'checkpoints', 'select * from checkpoint order by number', [], rowsAtOnce)) {
    for (const { number, previous, at, streams, heads, key_id: keyId, digest, signature } of checkpoints) {
      yield { record: 'checkpoint', statement: { type: 'planwright.checkpoint', number, previous, at: at.toISOString(), streams, heads, keyId }, digest, signature }
      const ofIt = 'select stream, sequence, head from checkpoint_head where checkpoint = $1 order by stream'
      for await (const rows of pages<HeadRow>(client, 'heads', ofIt, [number], rowsAtOnce)) {
        for (const { stream, sequence, head } of rows) yield { record: 'head', stream, sequence, head: head.toString('hex') }
      }
    }
  }
}

type StreamRow = { id: string; kind: string; sequence: number | null; head: Buffer | null }

/** Streams whose own row is gone are told by what they left behind. */
const allStreams = `select id, kind, sequence, head from log_stream
  union all (select stream, min(stream_kind), null, null from execution_log_entry e where not exists (select 1 from log_stream s where s.id = e.stream) group by stream)
  union all (select id, 'PLAN', null, null from plan p where not exists (select 1 from log_stream s where s.id = p.id)
    and not exists (select 1 from execution_log_entry e where e.stream = p.id))
  order by id`

/** Global id of what a stream is about. */
const streamName = (kind: string, id: string): string => `${kind.charAt(0)}${kind.slice(1).toLowerCase()}_${id}`

const streamRecord = ({ id, kind, sequence, head }: StreamRow): EvidenceRecord =>
  ({ record: 'stream', id: streamName(kind, id), stream: id, sequence, head: head?.toString('hex') ?? null })

type EntryRow = { stream: string; sequence: number; stream_kind: string; at: Date; hash: Buffer } & Record<string, unknown>

const entriesOf = 'select * from execution_log_entry where stream = any($1::uuid[]) order by stream, sequence'

/** `row` is what the hash is over. */
function entryRecord({ hash, at, ...row }: EntryRow): EvidenceRecord {
  return { record: 'entry', id: `${streamName(row.stream_kind, row.stream)}/${row.sequence}`, row: { ...row, at: at.toISOString() }, hash: hash.toString('hex') }
}

type PlanRow = { id: string; request_id: string; revision: number; content_hash: string; status: string; tasks: HashedTask[] | null }

async function readPlans(client: pg.ClientBase, ids: readonly string[]): Promise<Map<string, EvidenceRecord>> {
  const { rows } = await client.query<PlanRow>(
    `select p.id, p.request_id, p.revision, p.content_hash, p.status,
      (select json_agg(json_build_object('order', t.position, 'name', t.name, 'intent', t.intent, 'workType', t.work_type, 'agentType', t.agent_type,
        'parameters', t.parameters, 'dependsOn', t.depends_on, 'effect', t.effect, 'timeoutSeconds', t.timeout_seconds, 'maxAttempts', t.max_attempts,
        'requires', t.requires, 'sameAgent', t.same_agent, 'useExternalAi', t.use_external_ai, 'capabilityDigest', t.capability_digest,
        'carriedFrom', t.carried_from) order by t.position) from task t where t.plan_id = p.id) as tasks
      from plan p where p.id = any($1::uuid[])`,
    [ids],
  )
  return new Map(rows.map(({ id, request_id: requestId, revision, content_hash: contentHash, status, tasks }) => [id, {
    record: 'plan', id: toGlobalId('Plan', id), requestId: toGlobalId('Request', requestId), revision, status, contentHash, content: approvedContent(tasks ?? []),
  }]))
}

type ApprovalRow = { id: string; plan_id: string; content_hash: string; decision: string; decided_by: string; notes: string | null; by_rule: boolean; decided_at: Date }

async function readApprovals(client: pg.ClientBase, planIds: readonly string[]): Promise<ApprovalRow[]> {
  const { rows } = await client.query<ApprovalRow>('select * from approval where plan_id = any($1::uuid[]) order by plan_id, decided_at, id', [planIds])
  return rows
}

const approvalRecord = (row: ApprovalRow): EvidenceRecord => ({
  record: 'approval', id: toGlobalId('Approval', row.id), planId: toGlobalId('Plan', row.plan_id), decision: row.decision, contentHash: row.content_hash,
  decidedBy: row.decided_by, byRule: row.by_rule, notes: row.notes, at: row.decided_at.toISOString(),
})
