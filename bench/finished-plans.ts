/** Fills a database with finished plans: copies of those it has, with ids of their own. */
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

/** Copies every finished plan until there are about `count`; answers how many there are. */
export async function fillWithFinishedPlans(databaseUrl: string, count: number): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const number = async (text: string) => Number((await client.query<{ n: string }>(text)).rows[0]!.n)
    const present = await number(`select count(*) as n from plan where status = 'COMPLETED'`)
    const copies = Math.ceil(count / present) - 1
    // References are right by construction; checking each would take most of the time.
    await client.query(`set session_replication_role = replica; set synchronous_commit = off`)
    for (const [table, ids] of copied) {
      const { rows: columns } = await client.query<{ name: string }>(
        'select column_name as name from information_schema.columns where table_name = $1 and table_schema = current_schema() order by ordinal_position', [table])
      const values = columns.map(({ name }) => (ids.includes(name) ? `md5(t."${name}"::text || n)::uuid` : name === 'idempotency_key' ? 'null' : `t."${name}"`))
      const whose = table === 'log_stream' ? ` where kind in ('PLAN', 'REQUEST')` : table === 'execution_log_entry' ? ` where stream_kind in ('PLAN', 'REQUEST')` : ''
      await client.query(`create temp table original as select * from "${table}"${whose}`)
      await client.query(`insert into "${table}" select ${values.join(', ')} from original t, generate_series(1, ${copies}) n`)
      await client.query('drop table original')
    }
    await client.query('analyze')
    return await number(`select count(*) as n from plan where status = 'COMPLETED'`)
  } finally {
    await client.end()
  }
}
