/** Requests between table rows and what the services return. */
import type { Request } from '../../entities/request.ts'
import type { Queryable, Row } from '../recording/rows.ts'

type RequestRow = {
  id: string
  text: string
  submitted_by: string
  idempotency_key: string | null
  visible_to: readonly string[] | null
  input_digest: string
  status: Request['status']
  subtasks: Request['subtasks']
  ambiguities: Request['ambiguities']
  out_of_scope: Request['outOfScope']
  answers: Request['answers']
  failure_reason: string | null
  notice: string | null
  decomposer: string
  parsing_tries: number
  parsing_lease_until: Date | null
  created_at: Date
  updated_at: Date
}

/** The row to write, keyed by column. */
export const requestRow = (request: Request): Row => ({
  id: request.id,
  text: request.text,
  submitted_by: request.submittedBy,
  idempotency_key: request.idempotencyKey,
  visible_to: request.visibleTo ?? null,
  input_digest: request.inputDigest,
  status: request.status,
  subtasks: request.subtasks,
  ambiguities: request.ambiguities,
  out_of_scope: request.outOfScope,
  answers: request.answers,
  failure_reason: request.failureReason,
  notice: request.notice,
  decomposer: request.decomposer,
  parsing_tries: request.parsingTries,
  parsing_lease_until: request.parsingLeaseUntil,
  created_at: request.createdAt,
  updated_at: request.updatedAt,
} satisfies Record<keyof RequestRow, unknown>)

const toRequest = (row: RequestRow): Request => ({
  id: row.id,
  text: row.text,
  submittedBy: row.submitted_by,
  idempotencyKey: row.idempotency_key,
  visibleTo: row.visible_to,
  inputDigest: row.input_digest,
  status: row.status,
  subtasks: row.subtasks,
  ambiguities: row.ambiguities,
  outOfScope: row.out_of_scope,
  answers: row.answers,
  failureReason: row.failure_reason,
  notice: row.notice,
  decomposer: row.decomposer,
  parsingTries: row.parsing_tries,
  parsingLeaseUntil: row.parsing_lease_until,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** Reads requests by id; unknown ids are absent. */
export async function readRequests(client: Queryable, ids: readonly string[]): Promise<Map<string, Request>> {
  const { rows } = await client.query({ name: 'read_requests', text: 'select * from request where id = any($1::uuid[])', values: [ids] })
  return new Map((rows as RequestRow[]).map((row) => [row.id, toRequest(row)]))
}

/** Reads the requests that users submitted with these idempotency keys. */
export async function readRequestsByKey(client: Queryable, keys: readonly { submittedBy: string; key: string }[]): Promise<Request[]> {
  const { rows } = await client.query({
    name: 'read_requests_by_key',
    text: `select r.* from unnest($1::text[], $2::text[]) k(submitted_by, key)
      join request r on r.submitted_by = k.submitted_by and r.idempotency_key = k.key`,
    values: [keys.map(({ submittedBy }) => submittedBy), keys.map(({ key }) => key)],
  })
  return (rows as RequestRow[]).map(toRequest)
}

/**
 * Inserts requests in the order given, at the database's time, except those whose idempotency key their user used
 * before. A request in PARSING is leased for `leaseSeconds`. Answers ids and times of those inserted.
 */
export async function insertRequests(
  client: Queryable,
  rows: readonly Row[],
  leaseSeconds: number,
): Promise<{ id: string; createdAt: Date; parsingLeaseUntil: Date | null }[]> {
  const result = await client.query({
    name: 'insert_requests',
    // Keys that a row lacks are taken from the record given first.
    text: `with t as (select date_trunc('milliseconds', clock_timestamp()) as now),
      base as (select json_populate_record(null::request, json_build_object('created_at', now, 'updated_at', now,
        'parsing_lease_until', now + make_interval(secs => $2))) as request from t)
      insert into request select r.* from base, json_populate_recordset(base.request, $1::json) r
      on conflict (submitted_by, idempotency_key) do nothing returning id, created_at, parsing_lease_until`,
    values: [JSON.stringify(rows), leaseSeconds],
  })
  return (result.rows as { id: string; created_at: Date; parsing_lease_until: Date | null }[]).map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    parsingLeaseUntil: row.parsing_lease_until,
  }))
}
