import { GraphQLError } from 'graphql'

/** The same error at the same place with other extensions. */
export function withExtensions({ message, nodes, source, positions, path }: GraphQLError, extensions: object): GraphQLError {
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { ...extensions } })
}

/** The error without what concerns HTTP only. */
export function withoutTransport(error: GraphQLError): GraphQLError {
  if (!('http' in error.extensions)) return error
  const { http: _http, ...extensions } = error.extensions
  return withExtensions(error, extensions)
}
