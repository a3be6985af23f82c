/** Names what a subscription asks for and with which roles: equal names get equal events. */
import { Kind, visit, type DocumentNode, type ExecutionArgs, type OperationDefinitionNode, type VariableNode } from 'graphql'
import type { OperationContext } from '../operation-context.ts'
import type { StreamName } from './shared-streams.ts'
import { sharedSubscriptions, type SharedSubscription } from '../schema/sharing.ts'

export type Sharing = { readonly name: StreamName; readonly of: SharedSubscription }

export type SharingKeys = {
  /** Null for subscriptions that are not shared. */
  of(args: ExecutionArgs & { readonly contextValue: OperationContext }): Sharing | null
}

type Shape = {
  readonly id: number
  readonly of: SharedSubscription
  /** Variables on which the events depend, and the one that only says where they begin. */
  readonly variables: readonly string[]
  readonly resume: string | null
}

export function createSharingKeys(): SharingKeys {
  // Equal texts are the same document: it comes from the cache of parsed ones.
  const shapes = new WeakMap<DocumentNode, Map<string, Shape | null>>()
  let count = 0

  function shapeOf(document: DocumentNode, name: string | null | undefined): Shape | null {
    const known = shapes.get(document) ?? new Map<string, Shape | null>()
    shapes.set(document, known)
    const remembered = known.get(name ?? '')
    if (remembered !== undefined) return remembered
    const shape = readShape(document, name, ++count)
    known.set(name ?? '', shape)
    return shape
  }

  return {
    of({ document, operationName, variableValues, contextValue: { principal } }) {
      const shape = shapeOf(document, operationName)
      if (!shape) return null
      const values = shape.variables.map((name) => variableValues?.[name] ?? null)
      const key = JSON.stringify([shape.id, values, principal.roles.toSorted()])
      const beginning = shape.resume === null ? null : (variableValues?.[shape.resume] ?? null)
      return { name: { key, beginning: JSON.stringify([key, beginning]) }, of: shape.of }
    },
  }
}

function readShape(document: DocumentNode, name: string | null | undefined, id: number): Shape | null {
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION && (name == null || definition.name?.value === name))
  const field = operation?.selectionSet.selections[0]
  if (!operation || field?.kind !== Kind.FIELD || !Object.hasOwn(sharedSubscriptions, field.name.value)) return null
  const shared = sharedSubscriptions[field.name.value]!
  const resume = field.arguments?.find((argument) => argument.name.value === shared.positions?.resumeArgument)?.value
  const variables = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
  const isOnlyBeginning = (variable: string) => resume?.kind === Kind.VARIABLE && resume.name.value === variable && usesOf(document, variable) === 1
  return { id, of: shared, variables: variables.filter((variable) => !isOnlyBeginning(variable)), resume: variables.find(isOnlyBeginning) ?? null }
}

function usesOf(document: DocumentNode, name: string): number {
  let uses = 0
  const count = ({ name: { value } }: VariableNode): void => {
    if (value === name) uses++
  }
  visit(document, { VariableDefinition: () => false, Variable: count })
  return uses
}
