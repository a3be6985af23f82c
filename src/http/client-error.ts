/** What the client sees of an error: typed ones with their fields, the rest masked and logged. */
import { GraphQLError, type ExecutionResult } from 'graphql'
import { isTransient } from '../database/database-errors.ts'
import {
  InfeasiblePlanError, InvalidInputError, InvalidStateError, NotFoundError, PlanChangedError, PlanwrightError,
  RateLimitedError, UnauthenticatedError, UnavailableError,
} from '../errors.ts'
import { toGlobalId } from '../global-id.ts'
import type { Logger } from '../logger.ts'
import { withExtensions } from './with-extensions.ts'

export const unexpectedMessage = 'Unexpected error. Try again; where it stays, give the request id to whoever runs the service.'

/** The document has several operations or none, and the request names none that it has. */
export const noOperation = (extensions: object = {}): GraphQLError =>
  new GraphQLError('Send one operation, or name one of the document as operationName.', { extensions: { ...extensions, code: 'OPERATION_RESOLUTION_FAILURE' } })

export type ErrorMask = (error: unknown) => GraphQLError

/** The mask of one operation; unexpected errors are logged with its id. */
export function createErrorMask({ logger }: { logger: Pick<Logger, 'error' | 'warn'> }, requestId?: string): ErrorMask {
  return (error) => {
    const place = error instanceof GraphQLError ? placeOf(error) : {}
    const cause = rootCause(error)
    if (cause instanceof GraphQLError) return ownError(cause)
    if (cause instanceof PlanwrightError) return new GraphQLError(cause.message, { ...place, extensions: extensionsOf(cause) })
    if (isTransient(cause)) {
      logger.warn({ err: cause, requestId }, 'An operation failed because the database could not serve it.')
      const unavailable = new UnavailableError()
      return new GraphQLError(unavailable.message, { ...place, extensions: extensionsOf(unavailable) })
    }
    logger.error({ err: cause, requestId, path: place.path }, 'An operation failed unexpectedly.')
    return new GraphQLError(unexpectedMessage, { ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', ...(requestId !== undefined && { requestId }) } })
  }
}

/** The result with every error masked. */
export const maskResult = (mask: ErrorMask, result: ExecutionResult): ExecutionResult =>
  result.errors ? { ...result, errors: result.errors.map(mask) } : result

type Place = Pick<GraphQLError, 'nodes' | 'source' | 'positions' | 'path'>

const placeOf = ({ nodes, source, positions, path }: GraphQLError): Partial<Place> => ({ nodes, source, positions, path })

/** What was thrown, under the errors that tell its place; an error of GraphQL itself is its own cause. */
function rootCause(error: unknown): unknown {
  let cause = error
  while (cause instanceof GraphQLError && cause.cause instanceof Error) cause = cause.cause
  return cause instanceof GraphQLError ? error : cause
}

/** An error of the library or of our limits, as it is but for what it says about its own cause. */
function ownError(error: GraphQLError): GraphQLError {
  const { originalError, ...extensions } = error.extensions
  if (extensions['code'] === 'OPERATION_RESOLUTION_FAILURE') return noOperation(extensions)
  // What is no JSON is no GraphQL request, whatever media type the client accepts.
  if (originalError) extensions['http'] = { status: 400 }
  return withExtensions(error, { code: 'BAD_REQUEST', ...extensions })
}

/** Fields of a typed error beside its message, as the type of the same name has them. */
function extensionsOf(error: PlanwrightError): Record<string, unknown> {
  const { code } = error
  if (error instanceof InvalidInputError) return { code, issues: error.issues }
  if (error instanceof NotFoundError) return { code, id: error.id }
  if (error instanceof InvalidStateError) return { code, status: error.status }
  if (error instanceof InfeasiblePlanError) return { code, tasks: error.tasks.map(({ order, name, reason }) => ({ order, name, reason })) }
  if (error instanceof PlanChangedError) {
    return { code, planId: toGlobalId('Plan', error.planId), contentHash: error.contentHash, revision: error.revision }
  }
  if (error instanceof UnavailableError) return { code, retryAfterSeconds: error.retryAfterSeconds }
  if (error instanceof RateLimitedError) {
    const headers = { 'retry-after': String(Math.ceil(error.retryAfterSeconds)) }
    return { code, retryAfterSeconds: error.retryAfterSeconds, http: { status: 429, headers } }
  }
  if (error instanceof UnauthenticatedError) return { code, http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } }
  return { code }
}
