/**
 * The least that is correct, by hand: every write is batched naturally, messages leave by an outbox with confirms,
 * results are applied once under the lock of their plan and acknowledged after the commit, events come from the
 * process that committed. No log, no attempts, no leases, no routing, no second replica.
 */
import { createHash } from 'node:crypto'
import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib'
import type pg from 'pg'
import { newId } from '../../src/new-id.ts'
import { createNaturalBatch } from '../../src/services/recording/natural-batch.ts'
import { createEvents } from './events.ts'

export type FloorPlan = { id: string; status: string; contentHash: string }
type NewRequest = { subtasks: readonly { intent: string; parameters?: unknown }[] }
type Result = { planId: string; taskId: string; output: unknown }
type PlanRow = { id: string; request_id: string; status: string; content_hash: string; open_tasks: number; sequence: number }

export type Floor = ReturnType<typeof createFloor>

export const workQueue = 'floor.work'
export const resultQueue = 'floor.results'

export function createFloor({ pool, confirm, channel }: { pool: pg.Pool; confirm: ConfirmChannel; channel: Channel }) {
  const events = createEvents(async (planId) => {
    const { rows: [row] } = await pool.query<PlanRow>({ name: 'present', text: 'select * from plan where id = $1', values: [planId] })
    return row ? { event: eventOf(row), ended: row.status === 'COMPLETED' } : null
  })
  const batched = <Item, Answer>(flush: (items: readonly Item[]) => Promise<readonly (Answer | Error)[]>) =>
    createNaturalBatch<Item, Answer>({ flush, maxItems: 512, maxQueued: 20_000 })

  const submits = batched(async (items: readonly NewRequest[]) => {
    const rows = items.map((item) => ({ id: newId(), subtasks: item.subtasks }))
    await pool.query({ name: 'submit', text: 'insert into request select r.id, r.subtasks, now() from json_populate_recordset(null::request, $1) r', values: [JSON.stringify(rows)] })
    return rows.map(({ id }) => ({ id, status: 'PARSING_COMPLETE' }))
  })

  const generations = batched(async (ids: readonly string[]) => {
    const { rows } = await pool.query<{ id: string; subtasks: NewRequest['subtasks'] }>({ name: 'read_requests', text: 'select id, subtasks from request where id = any($1::uuid[])', values: [ids] })
    const byId = new Map(rows.map((row) => [row.id, row]))
    const plans = ids.map((requestId) => {
      const { subtasks } = byId.get(requestId)!
      const content_hash = createHash('sha256').update(JSON.stringify(subtasks)).digest('hex')
      return { id: newId(), request_id: requestId, status: 'PENDING_APPROVAL', content_hash, open_tasks: subtasks.length, sequence: 1, subtasks }
    })
    const tasks = plans.flatMap((plan) => plan.subtasks.map((task, index) =>
      ({ id: newId(), plan_id: plan.id, number: index + 1, intent: task.intent, parameters: task.parameters ?? {}, status: 'PENDING' })))
    await pool.query({
      name: 'generate',
      text: `with p as (insert into plan select * from json_populate_recordset(null::plan, $1) returning 1)
        insert into task select * from json_populate_recordset(null::task, $2)`,
      values: [JSON.stringify(plans), JSON.stringify(tasks)],
    })
    return plans.map(({ id, content_hash: contentHash, status }): FloorPlan => ({ id, status, contentHash }))
  })

  type Approval = { planId: string; contentHash: string }
  const approvals = batched(async (items: readonly Approval[]) => {
    const { rows } = await pool.query<PlanRow & { tasks: { id: string; intent: string; parameters: unknown }[]; outbox_id: string }>({
      name: 'approve',
      text: `with a as (select * from json_to_recordset($1) as a(id uuid, hash text)),
          locked as (select p.id from plan p join a on a.id = p.id and a.hash = p.content_hash where p.status = 'PENDING_APPROVAL' order by p.id for update of p),
          p as (update plan set status = 'EXECUTING', approved_at = now(), sequence = sequence + 1 where id in (select id from locked) returning *),
          t as (update task set status = 'DISPATCHED' where plan_id in (select id from p) returning *),
          o as (insert into outbox select gen_random_uuid(), plan_id, json_agg(json_build_object('id', id, 'intent', intent, 'parameters', parameters)) from t group by plan_id returning id, plan_id, body)
        select p.*, o.id as outbox_id, o.body as tasks from p join o on o.plan_id = p.id`,
      values: [JSON.stringify(items.map((item) => ({ id: item.planId, hash: item.contentHash })))],
    })
    void send(rows.map((row) => ({ id: row.outbox_id, planId: row.id, contentHash: row.content_hash, tasks: row.tasks })))
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const row of rows) events.emit(row.id, eventOf(row, 'PLAN_APPROVED'))
    return items.map((item) => {
      const row = byId.get(item.planId)
      return row ? planOf(row) : null
    })
  })

  const sent = batched(async (ids: readonly string[]) => {
    await pool.query({ name: 'sent', text: 'delete from outbox where id = any($1::uuid[])', values: [ids] })
    return ids.map(() => null)
  })

  /** Publishes all, then waits for all confirms; the rows go off the critical path. */
  async function send(messages: readonly { id: string; planId: string; contentHash: string; tasks: readonly object[] }[]): Promise<void> {
    for (const { planId, contentHash, tasks } of messages) {
      for (const task of tasks) confirm.sendToQueue(workQueue, Buffer.from(JSON.stringify({ planId, contentHash, ...task })), { persistent: true })
    }
    await confirm.waitForConfirms()
    await Promise.all(messages.map(({ id }) => sent.submit(id)))
  }

  const results = batched(async (items: readonly Result[]) => {
    const { rows } = await pool.query<PlanRow & { applied: string[] }>({
      name: 'results',
      text: `with r as (select * from json_to_recordset($1) as r("planId" uuid, "taskId" uuid, output json)),
          locked as (select id from plan where id in (select "planId" from r) order by id for update),
          t as (update task set status = 'SUCCEEDED', output = r.output from r join locked l on l.id = r."planId"
            where task.id = r."taskId" and task.plan_id = l.id and task.status = 'DISPATCHED' returning task.id, task.plan_id),
          n as (select plan_id, count(*)::int as done, array_agg(id) as applied from t group by plan_id)
        update plan p set open_tasks = open_tasks - n.done, sequence = sequence + n.done,
          status = case when open_tasks = n.done then 'COMPLETED' else status end,
          finished_at = case when open_tasks = n.done then now() end
        from n where p.id = n.plan_id returning p.*, n.applied`,
      values: [JSON.stringify(items)],
    })
    for (const row of rows) {
      for (const taskId of row.applied) events.emit(row.id, eventOf(row, 'TASK_SUCCEEDED', [{ id: taskId, order: 0, status: 'SUCCEEDED' }]))
      if (row.status === 'COMPLETED') events.end(row.id, eventOf(row, 'PLAN_COMPLETED'))
    }
    return items.map(() => null)
  })

  async function applyResult(message: ConsumeMessage): Promise<void> {
    await results.submit(JSON.parse(message.content.toString()) as Result)
    channel.ack(message)
  }

  return {
    submit: (request: NewRequest) => submits.submit(request),
    generate: (requestId: string) => generations.submit(requestId),
    approve: (approval: Approval) => approvals.submit(approval),
    watch: events.watch,
    async start(): Promise<void> {
      await channel.prefetch(512)
      await channel.consume(resultQueue, (message) => message && void applyResult(message))
    },
  }
}

const planOf = (row: PlanRow): FloorPlan => ({ id: row.id, status: row.status, contentHash: row.content_hash })
const eventOf = (row: PlanRow, kind: string | null = null, changedTasks: readonly object[] = []) =>
  ({ sequence: row.sequence, plan: planOf(row), entry: kind ? { kind } : null, changedTasks })
