/** One installation in a test: a catalog of its own on a database of its own, driven through the public API alone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { createTestDatabase } from './database.ts'
import { clientOf, startReplica, type Client } from './planwright.ts'
import { until } from './service.ts'
import { startTcpProxy } from './tcp-proxy.ts'

// The tests name the fields they asked for; a wrong name shows as undefined there.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = any
type Fields = Readonly<Record<string, unknown>>

const errorFields: Readonly<Record<string, string>> = {
  Error: 'code message',
  InvalidInputError: 'issues { path rule message }',
  UnavailableError: 'retryAfterSeconds',
  InvalidStateError: 'standing: status approval { decision decidedBy }',
  PlanChangedError: 'contentHash revision plan { id }',
  InfeasiblePlanError: 'tasks { order name reason task { id } }',
}
const anywhere = ['Error', 'InvalidInputError', 'UnavailableError']

const requestFields = /* GraphQL */ `id status text failureReason notice decomposer
  subtasks { order name intent parameters dependsOn confidence }
  ambiguities { id question choices subtaskOrder parameter } outOfScope { text reason }
  answers { answer answeredBy ambiguity { id question } }`

const planFields = /* GraphQL */ `id status revision contentHash summary complexity risk willUseExternalAi estimatedMinutes failureReason
  changes expiresAt sequence supersedes { id status } approvalRule { approvers byRule }
  approvals { decision decidedBy notes byRule acceptInfeasible contentHash skippedTasks { order } }
  fallbackDecision { useExternalAi reason tokensLeft costLeftMicroUsd estimatedTokens estimatedCostMicroUsd }
  tasks { id order name intent agentType parameters status attempt output timeoutSeconds maxAttempts effect useExternalAi
    dependsOn { order } estimate { source p50 p90 samples agents } feasibility { status reason minutes } carriedFrom { id } }`

function mutation(name: string, type: string, fields: string, errors: readonly string[]): string {
  const asked = [...anywhere, ...errors].map((error) => `... on ${error} { ${errorFields[error]} }`)
  return `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) {
    ${name}(input: $input) { __typename ... on ${type} { ${fields} } ${asked.join(' ')} } }`
}

const logQuery = /* GraphQL */ `query ($requestId: ID, $planId: ID) { auditTrail(requestId: $requestId, planId: $planId, first: 500) {
  edges { node { kind actor message detail sequence planStatus } } } }`

export type Installation = Awaited<ReturnType<typeof startInstallation>>

export type InstallationOptions = {
  /** Entries as in a catalog file; each has harmless defaults beside its id. */
  readonly capabilities: readonly ({ readonly id: string } & Fields)[]
  readonly approval?: Fields
  readonly environment?: Readonly<Record<string, string>>
  /** Puts a network that can fail between the service and its database. */
  readonly withProxy?: boolean
}

/** Starts it; `restart` stops the replica and starts another on the same database. */
export async function startInstallation({ capabilities, approval = {}, environment = {}, withProxy = false }: InstallationOptions) {
  const database = await createTestDatabase()
  const proxy = withProxy ? await startTcpProxy(database.url) : null
  const folder = await mkdtemp(join(tmpdir(), 'planwright-catalog-'))
  const defaults = { work_type: 'work', agent_type: 'infra', estimated_minutes: 3, run: { kind: 'command', argv: ['true'] } }
  const writeCatalog = (entries: InstallationOptions['capabilities'], rules = approval) => {
    const filled = entries.map((entry) => {
      const words = entry.id.replaceAll('_', ' ')
      return { description: `${words.charAt(0).toUpperCase()}${words.slice(1)}.`, examples: [words], ...defaults, ...entry }
    })
    return writeFile(join(folder, 'catalog.yaml'), stringify({ approval: rules, capabilities: filled }, { aliasDuplicateObjects: false }))
  }
  await writeCatalog(capabilities)
  let settings: Record<string, string> = { DATABASE_URL: proxy?.url ?? database.url, CATALOG: folder, ...environment }
  let replica = await startReplica(settings)
  let client: Client = clientOf(replica.url)

  const run = async (document: string, name: string, input: Fields): Promise<Answer> => (await client.run(document, { input }))[name]
  const call = (name: string, type: string, fields: string, errors: readonly string[] = []) => {
    const document = mutation(name, type, fields, errors)
    return (input: Fields): Promise<Answer> => run(document, name, input)
  }
  const submit = call('submitRequest', 'Request', requestFields)
  const generate = call('generatePlan', 'Plan', planFields, ['InvalidStateError'])
  const read = async (id: string): Promise<Answer> => (await client.run(`query ($id: ID!) { plan(id: $id) { ${planFields} } }`, { id })).plan

  return {
    databaseUrl: database.url,
    /** Takes the database away, or gives it back. */
    database: {
      goAway() {
        proxy!.refuse()
        proxy!.cut()
      },
      comeBack: () => proxy!.accept(),
    },
    query: async (document: string, variables: Fields = {}): Promise<Answer> => client.run(document, variables),
    submit,
    generate,
    clarify: call('clarifyRequest', 'Request', requestFields, ['InvalidStateError']),
    revise: call('revisePlan', 'Plan', planFields, ['InvalidStateError', 'PlanChangedError']),
    requestChanges: call('requestChanges', 'Plan', `${planFields} request { ${requestFields} }`, ['InvalidStateError', 'PlanChangedError']),
    approve: call('approvePlan', 'Plan', planFields, ['InvalidStateError', 'PlanChangedError', 'InfeasiblePlanError']),
    cancel: call('cancelPlan', 'Plan', planFields, ['InvalidStateError']),
    /** The plan as it is now. */
    plan: read,
    request: async (id: string): Promise<Answer> => (await client.run(`query ($id: ID!) { request(id: $id) { ${requestFields} } }`, { id })).request,
    /** A pending plan for these subtasks. */
    async planFor(subtasks: readonly Fields[], userId = 'ann'): Promise<Answer> {
      const request = await submit({ subtasks, userId })
      if (!request.id) throw new Error(JSON.stringify(request))
      const plan = await generate({ requestId: request.id, userId })
      return { ...plan, requestId: request.id }
    },
    planReaches: (id: string, status: string): Promise<Answer> =>
      until(`plan in ${status}`, async () => {
        const plan = await read(id)
        return plan.status === status && plan
      }, 60_000),
    /** The log of a request with its plans, or of one plan. */
    async log(of: { readonly requestId?: string; readonly planId?: string }): Promise<Answer[]> {
      const { auditTrail } = (await client.run(logQuery, of)) as Answer
      return auditTrail.edges.map(({ node }: Answer) => node)
    },
    quota: async (userId = 'ann'): Promise<Answer> =>
      (await client.run(`query ($userId: String) { quota(userId: $userId) {
        limit { tokens costMicroUsd } used { tokens costMicroUsd } reserved { tokens costMicroUsd } left { tokens costMicroUsd }
        user { userId limit { tokens } used { tokens costMicroUsd } reserved { tokens costMicroUsd } left { tokens } } } }`, { userId })).quota,
    writeCatalog,
    async restart(changed: Readonly<Record<string, string>> = {}) {
      await client.dispose()
      await replica.stop()
      settings = { ...settings, ...changed }
      replica = await startReplica(settings)
      client = clientOf(replica.url)
    },
    async stop() {
      await client.dispose()
      await replica.stop()
      await proxy?.stop()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
