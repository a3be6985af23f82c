/** What is in the tables, read by plain SQL. */
import { Client } from 'pg'

export type RequestRow = { id: string; idempotency_key: string | null; status: string }
export type PlanRow = { id: string; request_id: string; revision: number; content_hash: string; status: string; approval_id: string | null }
export type TaskRow = {
  id: string; plan_id: string; position: number; name: string; intent: string; work_type: string; agent_type: string
  parameters: unknown; depends_on: number[]; effect: string; requires: unknown; same_agent: boolean; timeout_seconds: number
  max_attempts: number; use_external_ai: boolean; capability_digest: string
  status: string; attempt: number; output: { execution?: string } | null; failure_reason: string | null
}
export type AttemptRow = {
  task_id: string; number: number; agent: string; instance: string | null; status: string; reason: string | null
  dispatched_at: Date; finished_at: Date | null
}
export type ApprovalRow = { id: string; plan_id: string; content_hash: string; decision: string; decided_by: string }
export type EvidenceRow = { task_id: string; attempt: number; agent_name: string; reason: string; count: number }
export type AgentRow = { name: string; open_attempts: number }
export type LogRow = {
  stream: string; sequence: number; stream_kind: string; at: Date; kind: string; actor: string; message: string; detail: unknown
  task_id: string | null; attempt: number | null; plan_status: string | null; task_status: string | null
  approval_id: string | null; routing_decision_id: string | null; fallback_decision_id: string | null; hash: Buffer
}
export type StreamRow = { id: string; sequence: number; head: Buffer }

export type Tables = {
  readonly requests: readonly RequestRow[]
  readonly plans: readonly PlanRow[]
  readonly tasks: readonly TaskRow[]
  readonly attempts: readonly AttemptRow[]
  readonly approvals: readonly ApprovalRow[]
  readonly evidence: readonly EvidenceRow[]
  readonly agents: readonly AgentRow[]
  readonly log: readonly LogRow[]
  readonly streams: readonly StreamRow[]
  readonly unsent: number
}

export async function readTables(url: string): Promise<Tables> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  const rows = async <Row>(text: string): Promise<Row[]> => (await client.query(text)).rows as Row[]
  try {
    await client.query('begin isolation level repeatable read read only')
    return {
      requests: await rows('select id, idempotency_key, status from request'),
      plans: await rows('select id, request_id, revision, content_hash, status, approval_id from plan'),
      tasks: await rows('select * from task order by plan_id, position'),
      attempts: await rows('select a.task_id, a.number, g.name as agent, a.instance, a.status, a.reason, a.dispatched_at, a.finished_at from attempt a join agent g on g.id = a.agent_id'),
      approvals: await rows('select id, plan_id, content_hash, decision, decided_by from approval'),
      evidence: await rows('select task_id, attempt, agent_name, reason, count from evidence'),
      agents: await rows('select name, open_attempts from agent'),
      log: await rows('select * from execution_log_entry order by stream, sequence'),
      streams: await rows('select id, sequence, head from log_stream'),
      unsent: (await rows<{ n: number }>('select count(*)::int as n from outbox_message'))[0]!.n,
    }
  } finally {
    await client.end()
  }
}
