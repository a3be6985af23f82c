/** Runs operations of the GraphQL schema for REST: the same resolvers, rights, limits and errors. */
import { parse, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql'
import type { OperationContext } from '../../operation-context.ts'
import type { Execution } from '../execution.ts'
import { RestError, restErrorOf, type ErrorFields } from './rest-error.ts'

const errorFields = `... on Error { code message }
  ... on InvalidInputError { issues { path rule message } }
  ... on InvalidStateError { state: status }
  ... on PlanChangedError { contentHash }
  ... on InfeasiblePlanError { infeasible: tasks { order name reason } }
  ... on UnavailableError { retryAfterSeconds }
  ... on RateLimitedError { retryAfterSeconds }`

const requestFields = `id status failureReason subtasks { order name intent confidence }
  ambiguities { id question choices subtaskOrder parameter } outOfScope { text reason }`

const planFields = `id request { id } status complexity willUseExternalAi summary contentHash failureReason createdAt approvedAt
  tasks { order name workType agentType status agent { id } }`

const mutation = (name: string, input: string, type: string, fields: string) =>
  parse(`mutation ($input: ${input}!) { result: ${name}(input: $input) { ... on ${type} { ${fields} } ${errorFields} } }`)

const documents = {
  submitRequest: mutation('submitRequest', 'SubmitRequestInput', 'Request', requestFields),
  generatePlan: mutation('generatePlan', 'GeneratePlanInput', 'Plan', planFields),
  approvePlan: mutation('approvePlan', 'ApprovePlanInput', 'Plan', planFields),
  plan: parse(`query ($id: ID!) { result: plan(id: $id) { ${planFields} } }`),
  latestPlan: parse(`query ($id: ID!) { result: request(id: $id) { latestPlan { ${planFields} } } }`),
  requestChanged: parse(`subscription ($id: ID!) { result: requestChanged(requestId: $id) { ${requestFields} } }`),
} satisfies Record<string, DocumentNode>

export type RequestFields = {
  readonly id: string
  readonly status: string
  readonly failureReason: string | null
  readonly subtasks: readonly { readonly order: number; readonly name: string; readonly intent: string; readonly confidence: number }[]
  readonly ambiguities: readonly { readonly id: string; readonly question: string; readonly choices: string[]; readonly subtaskOrder: number | null; readonly parameter: string | null }[]
  readonly outOfScope: { text: string; reason: string }[]
}

export type PlanFields = {
  readonly id: string
  readonly request: { readonly id: string }
  readonly status: string
  readonly complexity: string
  readonly willUseExternalAi: boolean
  readonly summary: string
  readonly contentHash: string
  readonly failureReason: string | null
  readonly createdAt: string
  readonly approvedAt: string | null
  readonly tasks: readonly {
    readonly order: number; readonly name: string; readonly workType: string; readonly agentType: string
    readonly status: string; readonly agent: { readonly id: string } | null
  }[]
}

type Results = {
  submitRequest: RequestFields
  generatePlan: PlanFields
  approvePlan: PlanFields
  plan: PlanFields
  latestPlan: { readonly latestPlan: PlanFields | null }
}

export type Operations = {
  /** Throws RestError for every refusal. */
  run<Name extends keyof Results>(name: Name, variables: Readonly<Record<string, unknown>>): Promise<Results[Name]>
  /** The request once it is no longer being read, or null where that takes longer than so many milliseconds. */
  settled(requestId: string, limitMs: number): Promise<RequestFields | null>
}

export type OperationsDeps = {
  readonly schema: GraphQLSchema
  readonly execution: Pick<Execution, 'execute' | 'subscribe'>
  readonly context: OperationContext
}

export function createOperations({ schema, execution, context }: OperationsDeps): Operations {
  const args = (name: keyof typeof documents, variableValues: Readonly<Record<string, unknown>>) => ({
    schema, document: documents[name], variableValues, contextValue: context,
  })
  return {
    run: async (name, variables) => resultOf(await execution.execute(args(name, variables))),
    async settled(id, limitMs) {
      const stream = await execution.subscribe(args('requestChanged', { id }))
      if (!(Symbol.asyncIterator in stream)) return resultOf(stream)
      const late = setTimeout(() => void stream.return(), limitMs)
      try {
        for await (const event of stream) {
          const request = resultOf<RequestFields>(event)
          if (request.status !== 'PARSING') return request
        }
        return null
      } finally {
        clearTimeout(late)
      }
    },
  }
}

function resultOf<Result>({ data, errors }: ExecutionResult): Result {
  const error = errors?.[0]
  if (error) throw restErrorOf(error)
  const result = data?.['result'] as (Result & Partial<ErrorFields>) | null | undefined
  if (result?.code !== undefined && result.message !== undefined) throw new RestError(result as ErrorFields)
  return result as Result
}
