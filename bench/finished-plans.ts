/** Fills a database with finished plans: copies of those it has, as if the same had happened again and again before. */
import pg from 'pg'

/** Tables in the order of their references, each with its columns of ids that a copy gets anew. */
const copied: readonly (readonly [table: string, ids: readonly string[]])[] = [
  ['log_stream', ['id']],
  ['request', ['id']],
  ['plan', ['id', 'request_id', 'approval_id']],
  ['fallback_decision', ['id', 'plan_id']],
  ['approval', ['id', 'plan_id']],
  ['task', ['id', 'plan_id']],
  ['routing_decision', ['id', 'task_id']],
  ['attempt', ['id', 'task_id', 'plan_id']],
  ['execution_log_entry', ['stream', 'task_id', 'approval_id', 'routing_decision_id', 'fallback_decision_id']],
]

/** The id that would have been made so many milliseconds before. */
const earlierSql = `create or replace function pg_temp.earlier(id uuid, ms bigint) returns uuid language sql immutable as $$
  select (lpad(to_hex(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint - ms), 12, '0') || substr(replace(id::text, '-', ''), 13))::uuid $$`

/** Copies every finished plan until there are about `count`; answers how many there are. */
export async function fillWithFinishedPlans(databaseUrl: string, count: number): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const number = async (text: string) => Number((await client.query<{ n: string }>(text)).rows[0]!.n)
    const present = await number(`select count(*) as n from plan where status = 'COMPLETED'`)
    const copies = Math.ceil(count / present) - 1
    // Ids begin with the time at which they were made (UUIDv7): each copy lies a span before the next, in ids and times.
    const spanMs = await number(`select ceil(extract(epoch from max(greatest(created_at, finished_at)) - min(created_at)) * 1000) + 60000 as n from plan`)
    await client.query(earlierSql)
    // References are right by construction; checking each would take most of the time.
    await client.query(`set session_replication_role = replica; set synchronous_commit = off`)
    for (const [table, ids] of copied) {
      const { rows: columns } = await client.query<{ name: string; type: string }>(
        'select column_name as name, data_type as type from information_schema.columns where table_name = $1 and table_schema = current_schema() order by ordinal_position', [table])
      const values = columns.map(({ name, type }) => {
        if (ids.includes(name)) return `pg_temp.earlier(t."${name}", n * ${spanMs}::bigint)`
        if (type.startsWith('timestamp')) return `t."${name}" - n * interval '${spanMs} milliseconds'`
        return name === 'idempotency_key' ? 'null' : `t."${name}"`
      })
      const whose = table === 'log_stream' ? ` where kind in ('PLAN', 'REQUEST')` : table === 'execution_log_entry' ? ` where stream_kind in ('PLAN', 'REQUEST')` : ''
      await client.query(`create temp table original as select * from "${table}"${whose} order by ${ids[0]}`)
      // Oldest first, so that every index grows at its end.
      await client.query(`insert into "${table}" select ${values.join(', ')} from generate_series(${copies}, 1, -1) n cross join lateral (select * from original offset 0) t`)
      await client.query('drop table original')
    }
    await client.query('analyze')
    return await number(`select count(*) as n from plan where status = 'COMPLETED'`)
  } finally {
    await client.end()
  }
}
