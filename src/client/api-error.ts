/** What the API refused, and why; the codes are those of the schema's ErrorCode and of the transport. */

export type InputIssue = { readonly path: string; readonly rule: string; readonly message: string }

/** An error as the API sends it: a member of a result union, or an item of `errors`. */
export type ApiErrorData = {
  readonly code: string
  readonly message: string
  readonly issues?: readonly InputIssue[]
  readonly retryAfterSeconds?: number
}

/**
 * The API answered with a typed error. `code` is stable and `details` has the other fields of that error, such as
 * `contentHash` of PLAN_CHANGED, `state` and `approval` of INVALID_STATE or `infeasible` of INFEASIBLE_PLAN.
 */
export class PlanwrightApiError extends Error {
  override readonly name = 'PlanwrightApiError'
  readonly code: string
  /** Broken rules of INVALID_INPUT by their path into the input; empty for other codes. */
  readonly issues: readonly InputIssue[]
  /** Seconds after which the same call may succeed; null where waiting does not help. */
  readonly retryAfterSeconds: number | null
  /** Where in the operation it happened; empty for errors that are data. */
  readonly path: readonly (string | number)[]
  readonly details: Readonly<Record<string, unknown>>

  constructor(error: ApiErrorData, path: readonly (string | number)[] = []) {
    super(error.message)
    const { code, message: _message, issues = [], retryAfterSeconds = null, ...details } = error
    this.code = code
    this.issues = issues
    this.retryAfterSeconds = retryAfterSeconds
    this.path = path
    this.details = details
  }
}

/** The service could not be reached, or the connection broke before an answer: whether the call had an effect is unknown. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
}

/** An item of `errors` in a GraphQL answer. */
export type GraphqlError = {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: { readonly code?: string } & Readonly<Record<string, unknown>>
}

/** The first of an answer's errors as an exception. */
export function errorOf(errors: readonly GraphqlError[]): PlanwrightApiError {
  const { message, path, extensions = {} } = errors[0] ?? { message: 'The service answered with errors but named none.' }
  return new PlanwrightApiError({ ...extensions, code: extensions.code ?? 'INTERNAL_SERVER_ERROR', message }, path)
}

const temporaryCodes = ['UNAVAILABLE', 'RATE_LIMITED']

/** True where trying again later may help. */
export const isTemporary = (error: unknown): boolean =>
  error instanceof ConnectionLostError || (error instanceof PlanwrightApiError && temporaryCodes.includes(error.code))

/** The success of a mutation; throws PlanwrightApiError where it answered with a typed error. */
export function successOf<Result extends object>(result: Result): Exclude<Result, { code: unknown }> {
  if ('code' in result && 'message' in result) throw new PlanwrightApiError(result as unknown as ApiErrorData)
  return result as Exclude<Result, { code: unknown }>
}
