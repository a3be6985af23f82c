/** The whole service with authentication, on a database of its own, and callers with tokens of their own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPool } from '../../src/database/pool.ts'
import type { Role } from '../../src/principal.ts'
import { createApiToken } from '../../src/services/access/api-tokens.ts'
import { createTestDatabase } from '../harness/database.ts'
import { createGraphqlClient, type GraphqlClient } from '../harness/graphql-client.ts'
import { startReplica } from '../harness/planwright.ts'
import { silentLogger } from '../harness/silent-logger.ts'

/** Nobody runs this; risky work is not approved by whoever asked for it. */
const catalog = `approval: { high: { requester_may_approve: false } }
capabilities:
  - { id: deploy, description: Deploy., work_type: test, agent_type: infra, estimated_minutes: 1, examples: [deploy it] }
  - { id: wait, description: Wait., work_type: test, agent_type: infra, estimated_minutes: 1, examples: [wait for it] }
  - { id: erase, description: Erase., work_type: test, agent_type: infra, estimated_minutes: 1, examples: [erase it], risk: high, effect: irreversible }
`

export type Secured = Awaited<ReturnType<typeof startSecured>>

export async function startSecured(environment: Readonly<Record<string, string>> = {}) {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'planwright-secured-'))
  await writeFile(join(folder, 'catalog.yaml'), catalog)
  const replica = await startReplica({
    DATABASE_URL: database.url, AUTHENTICATION: 'true', CATALOG: join(folder, 'catalog.yaml'), ...environment,
  }).catch(async (error: unknown) => {
    await database.drop()
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  const pool = createPool({ url: database.url, max: 2, logger: silentLogger })
  const clients: GraphqlClient[] = []
  const clientWith = (token?: string): GraphqlClient => {
    const client = createGraphqlClient(replica.url, token === undefined ? {} : { token })
    clients.push(client)
    return client
  }
  return {
    url: replica.url,
    databaseUrl: database.url,
    catalogPath: join(folder, 'catalog.yaml'),
    pool,
    clientWith,
    /** Somebody with a token of these roles. */
    async caller(userId: string, ...roles: Role[]) {
      const { id, token } = await createApiToken(pool, { userId, roles, label: null, expiresAt: null })
      return { id, token, userId, ...clientWith(token) }
    },
    async stop() {
      for (const client of clients) await client.close()
      await replica.stop()
      await pool.end()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Caller = Awaited<ReturnType<Secured['caller']>>

/** A pending plan of one subtask; the answer to the submission may hold more of its input. */
export async function proposePlan(caller: Pick<Caller, 'data'>, { intent = 'deploy', ...input }: Readonly<Record<string, unknown>> = {}) {
  const submit = 'mutation ($input: SubmitRequestInput!) { submitRequest(input: $input) { ... on Request { id } ... on Error { code message } } }'
  const { submitRequest } = await caller.data(submit, { input: { subtasks: [{ intent }], ...input } })
  const generate = `mutation ($id: ID!) { generatePlan(input: { requestId: $id }) {
    ... on Plan { id contentHash revision tasks { id } log { nodes { sequence } } fallbackDecision { id } } ... on Error { code message } } }`
  const { generatePlan } = await caller.data(generate, { id: submitRequest.id })
  return { requestId: submitRequest.id as string, planId: generatePlan.id as string, taskId: generatePlan.tasks[0].id as string, ...generatePlan }
}

export const approve = (caller: Pick<Caller, 'data'>, planId: string, more: Readonly<Record<string, unknown>> = {}) =>
  caller.data(
    `mutation ($input: ApprovePlanInput!) { approvePlan(input: $input) { __typename ... on Plan { status approvals { decidedBy } } ... on Error { code message } } }`,
    { input: { planId, acceptInfeasible: true, ...more } },
  ).then(({ approvePlan }) => approvePlan)

/** The code of the first error of a result, if it has one. */
export const codeOf = ({ errors }: { errors?: readonly { extensions?: Readonly<Record<string, unknown>> }[] }): unknown =>
  errors?.[0]?.extensions?.['code']
