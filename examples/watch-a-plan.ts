/** Submits a request, approves the plan that comes of it, and watches it to the end: `npx node examples/watch-a-plan.ts`. */
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

type Plan = { id: string; contentHash: string; status: string; summary: string }
type Event = { sequence: number; entry: { kind: string; message: string } | null; plan: { status: string } }

const api = process.argv[2] ?? 'http://127.0.0.1:4000/graphql'

/** Runs a mutation of one field and returns its success; a typed error of the API becomes an exception. */
async function run<Result>(query: string, input: object): Promise<Result> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(api, { method: 'POST', headers, body: JSON.stringify({ query, variables: { input } }) })
  const { data, errors } = (await response.json()) as { data?: Record<string, Result & { code?: string }>; errors?: object[] }
  const result = Object.values(data ?? {})[0]
  if (!result || result.code) throw new Error(JSON.stringify(errors ?? result))
  return result
}

const error = '... on Error { code message }'
const text = 'Deploy Kuma and add existing portals to config'
const request = await run<{ id: string }>(
  `mutation ($input: SubmitRequestInput!) { submitRequest(input: $input) { ... on Request { id } ${error} } }`, { text })
const plan = await run<Plan>(
  `mutation ($input: GeneratePlanInput!) { generatePlan(input: $input) { ... on Plan { id contentHash status summary } ${error} } }`,
  { requestId: request.id })
console.log(plan.summary)
await run<Plan>(
  `mutation ($input: ApprovePlanInput!) { approvePlan(input: $input) { ... on Plan { id } ${error} } }`,
  { planId: plan.id, contentHash: plan.contentHash })

const client = createClient({ url: api.replace(/^http/, 'ws'), webSocketImpl: WebSocket })
const query = `subscription ($id: ID!) {
  planStatus(planId: $id, afterSequence: 0) { sequence entry { kind message } plan { status } }
}`
for await (const { data, errors } of client.iterate<{ planStatus: Event }>({ query, variables: { id: plan.id } })) {
  if (!data) throw new Error(JSON.stringify(errors))
  const { sequence, entry, plan: now } = data.planStatus
  console.log(`${sequence} ${now.status} ${entry?.kind}: ${entry?.message}`)
}
await client.dispose()
