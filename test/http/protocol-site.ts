/** A whole replica on which the protocol is tried: its subscribers can be counted, and one socket on it says nothing. */
import * as documents from '../harness/documents.ts'
import { freePort } from '../harness/free-port.ts'
import type { ModelServer } from '../harness/model-server.ts'
import { clientOf } from '../harness/planwright.ts'
import { startReplicaOf, type ReplicaKind } from '../harness/replica-kinds.ts'
import { openSocket } from './protocol-socket.ts'

export const hello = { query: '{ __typename }' }
/** A stream in which nothing needs to happen. */
export const changes = { query: 'subscription { plansChanged { id } }' }
/** Takes until the model answers. */
export const slow = { query: 'mutation { submitRequest(input: { text: "Tidy up", userId: "slow" }) { ... on Request { status } } }' }
/** The stream of a plan, from now or after a number of its log. */
export const statusOf = (id: string, after?: number) => ({
  query: 'subscription ($id: ID!, $after: Int) { planStatus(planId: $id, afterSequence: $after) { sequence plan { status } } }',
  variables: { id, after },
})
/** All that comes for `hello`. */
export const answered = (id: string) => [{ id, type: 'next', payload: { data: { __typename: 'Query' } } }, { id, type: 'complete' }]

export type Site = Awaited<ReturnType<typeof startSite>>

/** Its model decides how long the submission of a text takes. */
export async function startSite(kind: ReplicaKind, model: ModelServer) {
  const metricsPort = await freePort()
  const replica = await startReplicaOf(kind, { METRICS_PORT: String(metricsPort), DECOMPOSER: 'openai', OPENAI_BASE_URL: model.url, OPENAI_TIMEOUT_SECONDS: '40' })
  const client = clientOf(replica.url)
  return {
    url: replica.url,
    silent: await openSocket(replica.url),
    stop: replica.stop,
    async subscribers(): Promise<number> {
      const metrics = await fetch(`http://127.0.0.1:${metricsPort}/metrics`)
      return Number(/^planwright_subscribers (\d+)$/m.exec(await metrics.text())?.[1])
    },
    /** A plan that waits for its approval. */
    async propose(): Promise<string> {
      const { submitRequest } = await client.run(documents.submit, { input: { subtasks: [{ intent: 'deploy_kuma', parameters: {} }], userId: 'ada' } })
      const { generatePlan } = await client.run(documents.generate, { input: { requestId: (submitRequest as { id: string }).id } })
      return (generatePlan as { id: string }).id
    },
    /** The last thing that happens to a plan. */
    reject: (planId: string) => client.run(documents.approve, { input: { planId, approved: false, userId: 'ben' } }),
    /** How far the requests are that began as slow operations. */
    async slowRequests(): Promise<string[]> {
      const { requests } = await client.run('{ requests(first: 50, userId: "slow") { nodes { status } } }')
      return (requests as { nodes: { status: string }[] }).nodes.map(({ status }) => status)
    },
  }
}
