/** Refuses oversized documents in one pass, before the rules of validation, some of which are quadratic, look at them. */
import { GraphQLError, Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql'
import { operationLimits } from './limits.ts'

/** `rootFields`: fields of the outermost level only; `selections`: of the largest set. */
type Size = { depth: number; rootFields: number; aliases: number; directives: number; fields: number; selections: number }

/** One error for each limit that some operation of the document exceeds. */
export function checkDocument(document: DocumentNode): GraphQLError[] {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const measured = new Map<SelectionSetNode, Size>()
  const errors: GraphQLError[] = []
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue
    const size = measure(definition.selectionSet, fragments, measured)
    const sizes = {
      ...size,
      directives: size.directives + (definition.directives?.length ?? 0),
      rootFields: definition.kind === Kind.OPERATION_DEFINITION ? size.rootFields : 0,
    }
    for (const limit of ['depth', 'aliases', 'directives', 'fields', 'selections', 'rootFields'] as const) {
      if (sizes[limit] > operationLimits[limit]) errors.push(tooLarge(limit))
    }
    if (errors.length > 0) break
  }
  return errors
}

const words = { depth: 'levels', aliases: 'aliases', directives: 'directives', fields: 'fields', selections: 'selections in one set', rootFields: 'root fields' }

const tooLarge = (limit: keyof typeof words): GraphQLError =>
  new GraphQLError(`The operation has more than ${operationLimits[limit]} ${words[limit]}. Ask for less, or in several operations.`, {
    extensions: { code: 'OPERATION_TOO_LARGE' },
  })

const nothing: Size = { depth: 0, rootFields: 0, aliases: 0, directives: 0, fields: 0, selections: 0 }

/** Each selection set is measured once; a set that contains itself counts as empty there: validation refuses it. */
function measure(set: SelectionSetNode, fragments: Map<string, FragmentDefinitionNode>, measured: Map<SelectionSetNode, Size>): Size {
  const known = measured.get(set)
  if (known) return known
  measured.set(set, nothing)
  const total = { ...nothing, selections: set.selections.length }
  const add = (size: Size): void => {
    total.depth = Math.max(total.depth, size.depth)
    total.aliases += size.aliases
    total.directives += size.directives
    total.fields += size.fields
    total.rootFields += size.rootFields
    total.selections = Math.max(total.selections, size.selections)
  }
  for (const selection of set.selections) {
    total.directives += selection.directives?.length ?? 0
    if (selection.kind === Kind.FIELD) {
      total.fields++
      total.rootFields++
      if (selection.alias) total.aliases++
      const inner = selection.selectionSet ? measure(selection.selectionSet, fragments, measured) : nothing
      const introspection = selection.name.value.startsWith('__')
      add({ ...inner, rootFields: 0, depth: introspection ? 1 : inner.depth + 1 })
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      add(measure(selection.selectionSet, fragments, measured))
    } else {
      const fragment = fragments.get(selection.name.value)
      if (fragment) add(measure(fragment.selectionSet, fragments, measured))
    }
  }
  measured.set(set, total)
  return total
}
