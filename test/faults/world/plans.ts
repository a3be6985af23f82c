/** What a person does with plans, through the public API of one replica. */
import type { GraphqlClient } from '../../harness/graphql-client.ts'
import * as documents from '../../harness/documents.ts'
import { until } from '../../harness/service.ts'

export type PlanTask = { readonly intent: string; readonly dependsOn?: readonly number[] }
export type ProposedPlan = { readonly id: string; readonly contentHash: string; readonly revision: number; readonly tasks: readonly { readonly id: string; readonly order: number }[] }
/** The answer of a mutation: its success type or a typed error, told apart by `__typename`. */
export type Answer = { readonly __typename: string; readonly status?: string; readonly code?: string; readonly [field: string]: unknown }

/** A plan of these tasks that waits for its approval. */
export async function propose(client: GraphqlClient, ...tasks: readonly PlanTask[]): Promise<ProposedPlan> {
  const subtasks = tasks.map(({ intent, dependsOn = [] }) => ({ intent, dependsOn, parameters: {} }))
  const { submitRequest } = await client.data(documents.submit, { input: { subtasks, userId: 'ann' } })
  if (!submitRequest.id) throw new Error(`submitRequest answered ${JSON.stringify(submitRequest)}`)
  const { generatePlan } = await client.data(documents.generate, { input: { requestId: submitRequest.id, userId: 'ann' } })
  if (!generatePlan.id) throw new Error(`generatePlan answered ${JSON.stringify(generatePlan)}`)
  return generatePlan
}

/** Approves (or rejects) a plan as it was read. */
export async function decide(client: GraphqlClient, plan: ProposedPlan, { approved = true, userId = 'ben', acceptInfeasible = false } = {}): Promise<Answer> {
  const input = { planId: plan.id, contentHash: plan.contentHash, approved, userId, acceptInfeasible }
  return (await client.data(documents.approve, { input })).approvePlan
}

/** The answer to a decision, or null where the service says that it cannot serve it now. */
export const decideOnce = async (client: GraphqlClient, plan: ProposedPlan, options: Parameters<typeof decide>[2] = {}): Promise<Answer | null> => {
  const answer = await decide(client, plan, options).catch((error: Error) => {
    if (!error.message.includes('UNAVAILABLE')) throw error
    return null
  })
  return answer?.code === 'UNAVAILABLE' ? null : answer
}

/** Repeats the same decision until it is served, as a caller may; agents that were out of reach are expected back. */
export const decideAtLast = (client: GraphqlClient, plan: ProposedPlan): Promise<Answer> =>
  until('an answer to the decision', () => decideOnce(client, plan, { acceptInfeasible: true }), 60_000)

/** Proposes and approves at once. */
export async function approved(client: GraphqlClient, ...tasks: readonly PlanTask[]): Promise<ProposedPlan> {
  const plan = await propose(client, ...tasks)
  const answer = await decide(client, plan)
  if (!answer.id) throw new Error(`approvePlan answered ${JSON.stringify(answer)}`)
  return plan
}

export async function cancel(client: GraphqlClient, plan: ProposedPlan, userId = 'ben'): Promise<Answer> {
  return (await client.data(documents.cancel, { input: { planId: plan.id, userId } })).cancelPlan
}

/** Two tasks, the second after the first. */
export const chain: readonly PlanTask[] = [{ intent: 'build' }, { intent: 'ship', dependsOn: [1] }]
