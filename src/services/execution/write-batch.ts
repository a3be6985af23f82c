/** Writes what a batch changed; on a pipelined connection everything travels in one round trip. */
import type pg from 'pg'
import { planReservation } from '../planning/external-ai-fallback.ts'
import type { QuotaLedger } from '../planning/quota-ledger.ts'
import type { LogRow, StreamHead } from '../recording/execution-log.ts'
import { appendLog, insertRows, updateRows, type Queryable } from '../recording/rows.ts'
import type { StatementGroups } from '../recording/statement-group.ts'
import type { AgentChange, EvidenceDraft, PlanBatch } from './plan-batch.ts'
import type { OutboxRow } from './outgoing-work.ts'
import { ofHolders } from './reported-usage.ts'
import { attemptRow, attemptStateRow, planStateRow, taskStateRow } from './state-rows.ts'

/** Dispatches in a row that an agent left unanswered before it is taken out of routing, and for how long. */
const unansweredLimit = 3
const suspensionSeconds = 60

export type WrittenBatch = {
  readonly moved: ReadonlyMap<string, StreamHead>
  readonly logged: readonly LogRow[]
  readonly openAttempts: readonly { readonly id: string; readonly openAttempts: number }[]
}

/** Sends all statements, and the commit where nothing else follows, then waits for all; the heads are those locked at the beginning. */
export async function writeBatch(
  deps: { readonly newId: () => string; readonly ledger: Pick<QuotaLedger, 'book' | 'release'>; readonly statementGroups: StatementGroups },
  client: pg.PoolClient,
  batch: PlanBatch,
  heads: ReadonlyMap<string, StreamHead>,
  outbox: readonly OutboxRow[],
  commit: () => Promise<void>,
): Promise<WrittenBatch> {
  const { states } = batch
  const plans = [...batch.tasks.keys()].map((id) => states.get(id)!)
  const attempts = [...batch.attempts.values()]
  const group = deps.statementGroups.open(client)
  const counters = updateAgents(client, batch.agents, batch.now)
  const logged = appendLog(group, heads, batch.log, batch.now)
  const writes = [
    ...logged.writes,
    updateRows(group, 'plan', plans.map(planStateRow)),
    updateRows(group, 'task', plans.flatMap((plan) => [...batch.tasks.get(plan.definition.id)!].map((order) => taskStateRow(plan, order)))),
    insertRows(group, 'attempt', attempts.filter(({ opened }) => opened).map(({ planId, order, attempt }) => attemptRow(states.get(planId)!, order, attempt, deps.newId()))),
    updateRows(group, 'attempt', attempts.filter(({ opened }) => !opened).map(({ planId, order, attempt }) => attemptStateRow(states.get(planId)!, order, attempt))),
    ...[...batch.inserts].map(([table, rows]) => insertRows(group, table, rows)),
    insertRows(group, 'outbox_message', outbox),
    withdraw(group, batch.withdrawn),
    addPerformance(group, batch),
    addEvidence(group, batch.evidence, deps.newId, batch.nowIso),
  ]
  group.send()
  const reserved = batch.ended.filter((id) => states.get(id)!.definition.willUseExternalAi)
  const isAll = batch.usages.length === 0 && reserved.length === 0
  await Promise.all([counters, ...writes, ...(isAll ? [commit()] : [])])
  if (batch.usages.length > 0) await deps.ledger.book(client, await ofHolders(client, batch.usages), batch.now)
  if (reserved.length > 0) await deps.ledger.release(client, reserved.map(planReservation), batch.now)
  return { moved: logged.moved, logged: logged.rows, openAttempts: await counters }
}

/** Moves the counters of agents, locked in id order; answers their open attempts. */
async function updateAgents(client: Queryable, changes: ReadonlyMap<string, AgentChange>, now: Date): Promise<WrittenBatch['openAttempts']> {
  const rows = [...changes].flatMap(([id, change]) => (change.opened !== 0 || change.unanswered > 0 ? [{ id, ...change }] : []))
  if (rows.length === 0) return []
  const result = await client.query({
    name: 'move_agent_counters',
    text: `with change as (select * from json_to_recordset($1::json) as c(id uuid, opened int, unanswered int, answered boolean)),
        locked as (select id from agent where id in (select id from change) order by id for update)
      update agent a set open_attempts = greatest(0, a.open_attempts + c.opened),
        unanswered = case when c.answered then 0 else a.unanswered + c.unanswered end,
        suspended_until = case when c.answered then null when a.unanswered + c.unanswered >= ${unansweredLimit} then $2::timestamptz else a.suspended_until end
      from change c join locked l on l.id = c.id where a.id = c.id returning a.id, a.open_attempts as "openAttempts"`,
    values: [JSON.stringify(rows), new Date(now.getTime() + suspensionSeconds * 1_000)],
  })
  return result.rows as WrittenBatch['openAttempts']
}

async function withdraw(client: Queryable, attempts: readonly { task_id: string; attempt: number }[]): Promise<void> {
  if (attempts.length === 0) return
  await client.query({
    name: 'withdraw_messages',
    text: `delete from outbox_message m using json_to_recordset($1::json) as w(task_id uuid, attempt int)
      where m.task_id = w.task_id and m.attempt = w.attempt and m.type = 'requested'`,
    values: [JSON.stringify(attempts)],
  })
}

async function addPerformance(client: Queryable, { performance }: PlanBatch): Promise<void> {
  if (performance.size === 0) return
  // In key order, so that two batches never wait for each other in a circle.
  const rows = [...performance.values()].sort((a, b) => (a.agent_id + a.intent < b.agent_id + b.intent ? -1 : 1))
  await client.query({
    name: 'add_performance',
    text: `insert into agent_performance as p select * from json_populate_recordset(null::agent_performance, $1::json)
      on conflict (agent_id, intent) do update set succeeded = p.succeeded + excluded.succeeded, failed = p.failed + excluded.failed,
        lost = p.lost + excluded.lost, total_seconds = p.total_seconds + excluded.total_seconds`,
    values: [JSON.stringify(rows)],
  })
}

async function addEvidence(client: Queryable, drafts: readonly EvidenceDraft[], newId: () => string, now: string): Promise<void> {
  if (drafts.length === 0) return
  const groups = Map.groupBy(drafts, ({ taskId, attempt, reason, agentName }) => `${taskId}:${attempt}:${reason}:${agentName}`)
  const rows = [...groups.values()].map((group) => {
    const { planId, taskId, attempt, agentName, reason, sample } = group[0]!
    return { id: newId(), plan_id: planId, task_id: taskId, attempt, agent_name: agentName, reason, count: group.length, first_at: now, last_at: now, sample }
  })
  await client.query({
    name: 'add_evidence',
    text: `insert into evidence as e select * from json_populate_recordset(null::evidence, $1::json)
      on conflict (task_id, attempt, reason, agent_name) do update set count = e.count + excluded.count, last_at = excluded.last_at`,
    values: [JSON.stringify(rows)],
  })
}
