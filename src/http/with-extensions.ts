import { GraphQLError } from 'graphql'

/** The same error at the same place with other extensions. */
export function withExtensions({ message, nodes, source, positions, path }: GraphQLError, extensions: object): GraphQLError {
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { ...extensions } })
}
