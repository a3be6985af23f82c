/** What an operation could cost, from its selections and the sizes of pages it asks for. */
import { PothosValidationError } from '@pothos/core'
import { complexityFromQuery } from '@pothos/plugin-complexity'
import { GraphQLError, Kind, type DocumentNode, type ExecutionArgs } from 'graphql'
import { PlanwrightError } from '../../errors.ts'
import { operationLimits } from './limits.ts'

/** The error for an operation that could return too much, or null. Inputs that cannot be read are left to execution. */
export function checkCost({ schema, document, variableValues, operationName, contextValue }: ExecutionArgs): GraphQLError | null {
  let cost: number
  try {
    cost = complexityFromQuery(onlyOperation(document, operationName), {
      schema,
      ctx: contextValue as object,
      variables: { ...variableValues },
    }).complexity
  } catch (error) {
    if (error instanceof GraphQLError || error instanceof PothosValidationError || error instanceof PlanwrightError) return null
    throw error
  }
  if (cost <= operationLimits.cost) return null
  return new GraphQLError(
    `The operation costs ${cost}; at most ${operationLimits.cost} are allowed. Ask for smaller pages or fewer lists within lists.`,
    { extensions: { code: 'OPERATION_TOO_LARGE', cost, limit: operationLimits.cost } },
  )
}

function onlyOperation(document: DocumentNode, name: string | null | undefined): DocumentNode {
  if (name == null) return document
  const definitions = document.definitions.filter(
    (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition.name?.value === name,
  )
  return { ...document, definitions }
}
