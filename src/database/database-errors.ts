/** What went wrong with the database, as its callers need to know it: try again, or tell that it is down. */

const unavailableStates = new Set([
  '53300', // too many connections
  '57P01', // ended by an administrator
  '57P02', // another server process crashed
  '57P03', // starting up or shutting down
  '57P05', // idle session ended
  '25P03', // idle in a transaction for too long
])

const conflictStates = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
])

const timeoutStates = new Set([
  '57014', // statement timeout, or cancelled
  '55P03', // lock not available in time
])

const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

// The driver reports these without any code.
const driverMessages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error',
  'Client was closed',
  'Cannot use a pool after calling end',
]

/** The database cannot be reached, is starting, stopping, or takes no more connections. */
export function isUnavailable(error: unknown): boolean {
  return someCause(error, (code, message) => {
    if (code === undefined) return driverMessages.some((known) => message.startsWith(known))
    return unavailableStates.has(code) || code.startsWith('08') || socketCodes.has(code)
  })
}

/** The database cannot be reached, or refuses the user, the password or the name of the database. */
export const isOutOfReach = (error: unknown): boolean =>
  isUnavailable(error) || someCause(error, (code) => code === '3D000' || (code !== undefined && code.startsWith('28')))

/** Two transactions got into each other's way; run the whole of this one again. */
export function isConflict(error: unknown): boolean {
  return someCause(error, (code) => code !== undefined && conflictStates.has(code))
}

/** The same work may succeed later, unchanged: unavailable, in conflict, or out of time. */
export function isTransient(error: unknown): boolean {
  return (
    isUnavailable(error) ||
    isConflict(error) ||
    someCause(error, (code) => code !== undefined && timeoutStates.has(code))
  )
}

/** A row with this key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return someCause(error, (code) => code === '23505')
}

/** The ORM, the pool and Node's several-addresses errors each wrap the one that tells. */
function someCause(error: unknown, test: (code: string | undefined, message: string) => boolean, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false
  const code: unknown = 'code' in error ? error.code : undefined
  if (test(typeof code === 'string' ? code : undefined, error.message)) return true
  const inner: unknown[] = error instanceof AggregateError ? error.errors : []
  const previous: unknown = 'previous' in error ? error.previous : undefined
  return [...inner, error.cause, previous].some((cause) => someCause(cause, test, depth + 1))
}
