/** Typed errors of the GraphQL API as answers of REST. */
import type { GraphQLError } from 'graphql'
import { InvalidInputError, type InputIssue } from '../../errors.ts'
import type { ErrorAnswer } from './shapes.ts'

const statusOf: Readonly<Record<string, number>> = {
  INVALID_INPUT: 400,
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INVALID_STATE: 409,
  PLAN_CHANGED: 409,
  INFEASIBLE_PLAN: 409,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
}

/** Fields of an error, as a union member or as the extensions of a GraphQL error. */
export type ErrorFields = {
  readonly code: string
  readonly message: string
  readonly issues?: readonly InputIssue[]
  readonly state?: string
  readonly contentHash?: string
  readonly infeasible?: { order: number; name: string; reason: string }[]
  readonly retryAfterSeconds?: number
}

/** An operation that was refused. */
export class RestError extends Error {
  override readonly name = 'RestError'
  readonly status: number
  readonly body: ErrorAnswer
  constructor({ code, message, issues, state, contentHash, infeasible, retryAfterSeconds }: ErrorFields) {
    const told = issues?.map(inRestWords)
    super(told ? new InvalidInputError(told).message : message)
    this.status = statusOf[code] ?? 500
    this.body = {
      error: this.message,
      code,
      ...(told && { issues: told }),
      ...(state !== undefined && { status: state.toLowerCase() }),
      ...(contentHash !== undefined && { content_hash: contentHash }),
      ...(infeasible && { tasks: infeasible }),
      ...(retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
    }
  }
}

const names: Readonly<Record<string, string>> = { text: 'request', userId: 'user_id', contentHash: 'content_hash', acceptInfeasible: 'accept_infeasible', idempotencyKey: 'Idempotency-Key' }

/** A rule about an input of the GraphQL API, told by the name that the field has here. */
const inRestWords = ({ path, rule, message }: InputIssue): InputIssue => ({ path: names[path] ?? path, rule, message })

/** A masked error of an operation. */
export const restErrorOf = ({ message, extensions }: GraphQLError): RestError =>
  new RestError({ code: 'INTERNAL_SERVER_ERROR', ...extensions, message })
