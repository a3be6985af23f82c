import { pino, type DestinationStream } from 'pino'
import { presentCause, traceIdOf } from './cause.ts'
import { redactDetails, redactSecrets } from './redact-secrets.ts'

/** Writes one structured line: what it is about, then what happened. */
export type LogWriter = (details: object, message: string) => void

/** Where the parts of the service write what an operator should know. pino satisfies it; so does a test's recorder. */
export type Logger = {
  readonly debug: LogWriter
  readonly info: LogWriter
  readonly warn: LogWriter
  readonly error: LogWriter
}

/** Levels in order of weight; `silent` writes nothing. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/**
 * One JSON object a line, on standard output where no destination is given, with the level as a word and the time as
 * RFC 3339. Known forms of secrets are taken out of every line.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Whatever is logged on behalf of a request can be found by its id, here and in the log of the agent.
      mixin: aboutCause,
      serializers: { err: (error: Error) => redactDetails({ ...pino.stdSerializers.err(error) }) },
      formatters: { level: (label) => ({ level: label }), log: redactDetails },
      hooks: {
        logMethod(args, method) {
          const [details, message, ...rest] = args
          method.apply(this, [details, typeof message === 'string' ? redactSecrets(message) : message, ...rest])
        },
      },
    },
    destination,
  )
}

function aboutCause(): object {
  const cause = presentCause()
  const traceId = traceIdOf(cause?.traceparent)
  return { ...(cause?.requestId && { requestId: cause.requestId }), ...(traceId && { traceId }) }
}
