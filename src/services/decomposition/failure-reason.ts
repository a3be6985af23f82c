/** What a person is told about a part that failed: its own words, never stack traces, addresses or secrets. */
import { PlanwrightError } from '../../errors.ts'
import { redactSecrets } from '../../redact-secrets.ts'

const longest = 500

/** Errors that tell about our own code or machine, not about the request. */
const internal = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError, AggregateError]

/**
 * The message of an error that its thrower meant to be read, on one line and bounded; `fallback` for faults of the
 * code, of the database and of the network, whose messages name internals.
 */
export function failureReason(error: unknown, fallback: string): string {
  if (!(error instanceof Error) || internal.some((type) => error instanceof type)) return fallback
  if (!(error instanceof PlanwrightError) && ('code' in error || 'errno' in error || 'syscall' in error)) return fallback
  const message = redactSecrets(error.message.replaceAll('\u0000', '').toWellFormed().replace(/\s+/g, ' ').trim())
  if (message === '') return fallback
  return message.length <= longest ? message : `${message.slice(0, longest - 1).toWellFormed()}…`
}
