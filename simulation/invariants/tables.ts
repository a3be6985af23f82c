import type { Backends } from '../database/backends.ts'

export type PlanRow = { id: string; request_id: string; status: string; content_hash: string; approval_id: string | null; revision: number; will_use_external_ai: boolean; waiting_tasks: number; next_retry_at: Date | null }
export type TaskRow = {
  id: string; plan_id: string; position: number; name: string; intent: string; work_type: string; agent_type: string; parameters: Record<string, unknown>
  depends_on: number[]; effect: string; timeout_seconds: number; max_attempts: number; requires: Record<string, number>; same_agent: boolean
  use_external_ai: boolean; capability_digest: string; carried_from: string | null; status: string; attempt: number; output: unknown; next_attempt_at: Date | null
}
export type AttemptRow = { task_id: string; plan_id: string; number: number; agent_name: string; instance: string | null; status: string; dispatched_at: Date; finished_at: Date | null }
export type ApprovalRow = { id: string; plan_id: string; content_hash: string; decision: string; decided_by: string; skipped_tasks: string[] }
export type EntryRow = {
  stream: string; sequence: number; stream_kind: string; at: Date; kind: string; actor: string; message: string; detail: unknown; task_id: string | null
  attempt: number | null; plan_status: string | null; task_status: string | null; approval_id: string | null; routing_decision_id: string | null
  fallback_decision_id: string | null; hash: Buffer
}

export type Tables = Awaited<ReturnType<typeof readTables>>

/** Everything the checks look at. */
export async function readTables(backends: Backends) {
  const read = async <Row>(sql: string) => (await backends.read(sql)) as Row[]
  return {
    plans: await read<PlanRow>('select * from plan order by id'),
    tasks: await read<TaskRow>('select * from task order by plan_id, position'),
    attempts: await read<AttemptRow>('select a.*, g.name as agent_name from attempt a join agent g on g.id = a.agent_id order by a.task_id, a.number'),
    approvals: await read<ApprovalRow>('select * from approval order by plan_id, decided_at, id'),
    entries: await read<EntryRow>('select * from execution_log_entry order by stream, sequence'),
    streams: await read<{ id: string; sequence: number; head: Buffer }>('select id, sequence, head from log_stream order by id'),
    outbox: await read<{ id: string }>('select id from outbox_message'),
    agents: await read<{ name: string; open_attempts: number }>('select name, open_attempts from agent order by name'),
    reservations: await read<{ key: string; released_at: Date | null; tokens: number }>('select key, released_at, tokens from quota_reservation'),
    accounts: await read<{ owner: string; tokens_used: number; tokens_reserved: number; cost_used_micro_usd: number; cost_reserved_micro_usd: number }>('select * from quota_account order by owner'),
    evidence: await read<{ task_id: string; attempt: number; agent_name: string; first_at: Date }>('select task_id, attempt, agent_name, first_at from evidence'),
    usages: await read<{ key: string; input_tokens: number; output_tokens: number; cost_micro_usd: number }>('select * from ai_usage order by key'),
  }
}

export const globalId = (type: string, id: string): string => `${type}_${id}`
