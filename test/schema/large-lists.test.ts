import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toGlobalId } from '../../src/global-id.ts'
import { anonymous } from '../../src/http/authenticate.ts'
import { createGraphqlClient, type GraphqlClient } from '../harness/graphql-client.ts'
import { startApi, type Api } from './api.ts'

const count = 60_000
let api: Api
/** Sees what is shown to everybody; the requests of grace are not. */
let viewer: GraphqlClient
const rareAgent = '00000000-0000-4000-8000-000000000001'
const common = '00000000-0000-4000-8000-000000000002'

/** Plans one second apart, half of them by ada; every 10,000th has work of an agent and a capability that others do not have. */
const rows = `
  set statement_timeout = 0;
  set session_replication_role = replica; -- the rows fit together: nothing has to look each of them up
  insert into agent (id, name, agent_type, instance, intents, work_types, slots, open_attempts, resources, unanswered, online, last_seen_at, registered_at)
  values ('${rareAgent}', 'rare', 'infra', 'i', '[]', '[]', 1, 0, '{}', 0, true, now(), now()), ('${common}', 'common', 'infra', 'i', '[]', '[]', 1, 0, '{}', 0, true, now(), now());
  create temporary table seed as select n, gen_random_uuid() as request_id, gen_random_uuid() as plan_id, gen_random_uuid() as task_id,
    timestamptz '2026-01-01' + n * interval '1 second' as at, case when n % 2 = 0 then 'ada' else 'grace' end as who,
    case when n % 10000 = 7 then 'rare' else 'common' end as intent from generate_series(1, ${count}) n;
  insert into request (id, text, submitted_by, visible_to, input_digest, status, subtasks, ambiguities, out_of_scope, answers, decomposer, created_at, updated_at)
    select request_id, 'Take a step', who, case when n % 2 = 1 then '[]'::jsonb end, 'd', 'PARSING_COMPLETE', '[]', '[]', '[]', '[]', 'catalog', at, at from seed;
  insert into plan (id, request_id, submitted_by, revision, content_hash, status, complexity, will_use_external_ai, summary, estimated_minutes, changes, risk, created_at)
    select plan_id, request_id, who, 1, 'h', case when n % 1000 = 1 then 'PENDING_APPROVAL' else 'COMPLETED' end, 'SIMPLE', false, 's', 1, '[]', 'low', at from seed;
  insert into task (id, plan_id, position, name, intent, work_type, agent_type, parameters, depends_on, effect, requires, same_agent, timeout_seconds, max_attempts,
      use_external_ai, capability_digest, estimated_minutes, estimate, feasibility, status, attempt, attempts_allowed, agent_id)
    select task_id, plan_id, 1, 't', intent, 'step', 'infra', '{}', '[]', 'idempotent', '{}', false, 60, 3, false, 'c', 1, '{}', '{}', 'SUCCEEDED', 1, 3,
      (case when intent = 'rare' then '${rareAgent}' else '${common}' end)::uuid from seed;
  insert into attempt (id, task_id, plan_id, number, agent_id, intent, work_type, status, lease_until, dispatched_at, progress_entries)
    select gen_random_uuid(), task_id, plan_id, 1, (case when intent = 'rare' then '${rareAgent}' else '${common}' end)::uuid, intent, 'step', 'SUCCEEDED', at, at, 0 from seed;
  insert into log_stream (id, kind, sequence, head) select plan_id, 'PLAN', 1, '' from seed;
  insert into execution_log_entry (stream, sequence, stream_kind, at, kind, actor, message, hash)
    select plan_id, 1, 'PLAN', at, 'PLAN_PROPOSED', 'user:' || who, 'm', '' from seed;`

type PlanNode = { 'Node Type': string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number; 'Relation Name'?: string; Plans?: PlanNode[] }
type Statement = { sql: string; parameters: unknown[] }

let statements: Statement[] = []

beforeAll(async () => {
  api = await startApi({
    authenticate: async ({ authorization }) => (authorization ? { userId: 'bob', roles: ['viewer'], authenticated: true, credential: 'bob' } : anonymous),
  })
  viewer = createGraphqlClient(api.url, { token: 'bob' })
  const client = new Client({ connectionString: api.databaseUrl })
  await client.connect()
  await client.query(rows)
  await client.query('analyze')
  await client.end()
  const logger = api.orm.config.getLogger()
  logger.setDebugMode(['query', 'query-params'])
  logger.logQuery = ({ query, params }) => void statements.push({ sql: query ?? '', parameters: [...(params ?? [])] })
}, 300_000)
afterAll(() => api.stop())

/** Rows that the statements of a query take from tables and indexes, and the tables they read as a whole. */
async function reads(query: string, client = api.client): Promise<{ rows: number; whole: string[] }> {
  statements = []
  await client.data(query)
  const asked = statements.splice(0)
  const em = api.orm.em.fork()
  let rows = 0
  const whole: string[] = []
  const walk = (node: PlanNode): void => {
    if (node['Relation Name'] !== undefined) {
      rows += (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
      if (node['Node Type'] === 'Seq Scan') whole.push(node['Relation Name'])
    }
    node.Plans?.forEach(walk)
  }
  for (const { sql, parameters } of asked) {
    const [found] = await em.execute<{ 'QUERY PLAN': { Plan: PlanNode }[] }[]>(`explain (analyze, format json) ${sql}`, parameters)
    walk(found!['QUERY PLAN'][0]!.Plan)
  }
  return { rows, whole }
}

const deep = Buffer.from(JSON.stringify([Date.UTC(2026, 0, 2), rareAgent])).toString('base64url')

test.each([
  ['the newest', 'first: 20'],
  ['the oldest', 'first: 20, orderBy: OLDEST_FIRST'],
  ['from deep inside', `first: 20, after: "${deep}"`],
  ['the last ones', `last: 20, before: "${deep}"`],
  ['by status', 'first: 20, status: [PENDING_APPROVAL, EXECUTING]'],
  ['by user', 'first: 20, userId: "ada"'],
  ['by user and status', 'first: 20, userId: "grace", status: [PENDING_APPROVAL]'],
  ['by a user without plans', 'first: 20, userId: "nobody"'],
  ['by time', 'first: 20, createdFrom: "2026-01-02T00:00:00Z", createdTo: "2026-01-02T01:00:00Z"'],
])('plans %s read a few rows of 60,000 plans', async (_name, args) => {
  const { rows } = await reads(`{ plans(${args}) { nodes { id } pageInfo { hasNextPage } } }`)
  expect(rows).toBeLessThan(400)
})

test.each([
  ['by a capability of few', 'capability: "rare"'],
  ['by a capability of nearly all', 'capability: "common"'],
  ['by a capability of none', 'capability: "none"'],
  ['by an agent of few', `agentId: "${toGlobalId('Agent', rareAgent)}"`],
  ['by an agent of nearly all', `agentId: "${toGlobalId('Agent', common)}"`],
  ['by both and a status', `capability: "rare", agentId: "${toGlobalId('Agent', rareAgent)}", status: [COMPLETED]`],
])('plans %s read a bounded number of rows', async (_name, args) => {
  const { rows } = await reads(`{ plans(first: 20, ${args}) { nodes { id } pageInfo { hasNextPage } } }`)
  expect(rows).toBeLessThan(12_000)
})

test.each([
  '{ plans(first: 20) { nodes { id } } }',
  '{ plans(first: 20, orderBy: OLDEST_FIRST) { nodes { id } } }',
  '{ plans(first: 20, userId: "grace") { nodes { id } } }',
  '{ plans(first: 20, status: [PENDING_APPROVAL, EXECUTING]) { nodes { id } } }',
  '{ plans(first: 20, capability: "rare") { nodes { id } } }',
  '{ plans(first: 20, capability: "common") { nodes { id } } }',
  '{ plans(first: 1) { total } }',
  '{ requests(first: 20, userId: "grace") { nodes { id } } }',
  '{ requests(first: 20, status: [PARSING_COMPLETE]) { nodes { id } } }',
  '{ auditTrail(first: 20) { nodes { message } } }',
  '{ auditTrail(first: 20, userId: "grace") { nodes { message } } }',
])('somebody who may not see all reads a bounded number of rows: %s', async (query) => {
  const { rows, whole } = await reads(query, viewer)
  expect(rows).toBeLessThan(12_000)
  expect(whole.filter((table) => table !== 'agent')).toEqual([])
})

test('all plans of a rare capability come in one page, newest first', async () => {
  const { plans } = await api.client.data('{ plans(first: 20, capability: "rare") { total nodes { createdAt } pageInfo { hasNextPage } } }')
  expect(plans).toMatchObject({ total: 6, pageInfo: { hasNextPage: false } })
  const times = plans.nodes.map(({ createdAt }: { createdAt: string }) => createdAt)
  expect(times).toHaveLength(6)
  expect(times).toEqual(times.toSorted().toReversed())
})

test('requests, the audit trail and totals read a bounded number of rows', async () => {
  expect((await reads('{ requests(first: 20, userId: "ada") { nodes { id } } }')).rows).toBeLessThan(400)
  expect((await reads('{ auditTrail(first: 20, from: "2026-01-02T00:00:00Z") { nodes { message } } }')).rows).toBeLessThan(400)
  expect((await reads('{ auditTrail(first: 20, userId: "ada") { nodes { message } } }')).rows).toBeLessThan(400)
  const { plans } = await api.client.data('{ plans(first: 1) { total } }')
  expect(plans.total).toBeNull()
  expect((await reads('{ plans(first: 1) { total } }')).rows).toBeLessThan(2_500)
})

test('no list reads a whole large table', async () => {
  const queries = ['first: 20', 'first: 20, userId: "ada"', 'first: 20, status: [COMPLETED]', 'first: 20, capability: "rare"'].map((args) => `{ plans(${args}) { nodes { id } } }`)
  for (const query of queries) {
    const { whole } = await reads(query)
    expect(whole.filter((table) => table !== 'agent')).toEqual([])
  }
})
