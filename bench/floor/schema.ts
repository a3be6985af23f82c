/** The part of the contract that the measured path uses, so that both servers answer the same documents. */
import { createSchema } from 'graphql-yoga'
import type { Floor } from './floor.ts'

const typeDefs = /* GraphQL */ `
  scalar JSON
  interface Error { message: String! code: String! }
  type InvalidStateError implements Error { message: String! code: String! }
  type Request { id: ID! status: String! }
  type Task { id: ID! order: Int! status: String! }
  type Plan { id: ID! status: String! contentHash: String! }
  type Entry { kind: String! }
  type PlanStatusEvent { sequence: Int! plan: Plan! entry: Entry changedTasks: [Task!]! }
  union SubmitRequestResult = Request | InvalidStateError
  union GeneratePlanResult = Plan | InvalidStateError
  union ApprovePlanResult = Plan | InvalidStateError
  input SubtaskInput { intent: String! parameters: JSON dependsOn: [Int!] }
  input SubmitRequestInput { userId: String subtasks: [SubtaskInput!] }
  input GeneratePlanInput { requestId: ID! }
  input ApprovePlanInput { planId: ID! contentHash: String userId: String }
  type Query { ok: Boolean }
  type Mutation {
    submitRequest(input: SubmitRequestInput!): SubmitRequestResult!
    generatePlan(input: GeneratePlanInput!): GeneratePlanResult!
    approvePlan(input: ApprovePlanInput!): ApprovePlanResult!
  }
  type Subscription { planStatus(planId: ID!): PlanStatusEvent! }
`

type Input<Fields> = { input: Fields }

export const createFloorSchema = (floor: Floor) =>
  createSchema({
    typeDefs,
    resolvers: {
      Mutation: {
        submitRequest: async (_: unknown, { input }: Input<{ subtasks: { intent: string }[] }>) =>
          ({ __typename: 'Request', ...(await floor.submit(input)) }),
        generatePlan: async (_: unknown, { input }: Input<{ requestId: string }>) =>
          ({ __typename: 'Plan', ...(await floor.generate(input.requestId)) }),
        approvePlan: async (_: unknown, { input }: Input<{ planId: string; contentHash: string }>) => {
          const plan = await floor.approve(input)
          return plan ? { __typename: 'Plan', ...plan } : { __typename: 'InvalidStateError', message: 'decided', code: 'INVALID_STATE' }
        },
      },
      Subscription: {
        planStatus: { subscribe: (_: unknown, { planId }: { planId: string }) => floor.watch(planId), resolve: (event: unknown) => event },
      },
    },
  })
