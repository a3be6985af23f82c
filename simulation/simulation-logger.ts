import type { Logger } from '../src/logger.ts'

/** The real parts say only what is wrong with them; the simulated ones write into the trace. */
export const simulationLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error: (details, message) => console.error(message, details),
}
