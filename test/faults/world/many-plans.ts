import type { FaultWorld } from './fault-world.ts'
import { rowId } from './plan-history.ts'
import type { ProposedPlan } from './plans.ts'

/**
 * Copies an approved plan of one task so often, by SQL: making them one by one would take minutes. The copies wait for
 * an agent; their logs have the entries up to the approval.
 */
export async function multiplyPlan(world: FaultWorld, plan: ProposedPlan, times: number): Promise<void> {
  const id = rowId(plan.id)
  await world.sql(`create table copy as select uuidv7() as plan, uuidv7() as task, uuidv7() as request, uuidv7() as approval from generate_series(1, ${times})`)
  const columns = async (table: string) => (await world.sql<{ name: string }>(
    'select column_name as name from information_schema.columns where table_name = $1 and table_schema = $2 and is_generated = $3 order by ordinal_position', [table, 'public', 'NEVER'])).map(({ name }) => name)
  /** Inserts copies of the rows that `from` finds, with some columns replaced. */
  const copyRows = async (table: string, from: string, replaced: Readonly<Record<string, string>>) => {
    const names = await columns(table)
    await world.sql(`insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')})
      select ${names.map((name) => replaced[name] ?? `o."${name}"`).join(', ')} from copy c cross join "${table}" o where ${from}`)
  }
  await copyRows('request', `o.id = (select request_id from plan where id = '${id}')`, { id: 'c.request', idempotency_key: 'null' })
  await copyRows('plan', `o.id = '${id}'`, { id: 'c.plan', request_id: 'c.request', approval_id: 'c.approval', status: `'APPROVED'`, started_at: 'null', waiting_tasks: '1' })
  await copyRows('approval', `o.plan_id = '${id}'`, { id: 'c.approval', plan_id: 'c.plan' })
  await copyRows('task', `o.plan_id = '${id}'`, {
    id: 'c.task', plan_id: 'c.plan', status: `'WAITING_FOR_AGENT'`, attempt: '0', agent_id: 'null', dispatched_at: 'null', started_at: 'null',
  })
  const proposed = `o.stream = '${id}' and o.kind in ('PLAN_PROPOSED', 'FALLBACK_DECIDED', 'PLAN_APPROVED')`
  await copyRows('execution_log_entry', proposed, { stream: 'c.plan' })
  await copyRows('log_stream', `o.id = '${id}'`, { id: 'c.plan', sequence: '3', head: `(select hash from execution_log_entry e where e.stream = '${id}' and e.sequence = 3)` })
  await world.sql('drop table copy')
  await world.sql('analyze')
}
