import { pino } from 'pino'

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

/** One JSON object a line on standard output, with the level as a word and the time as RFC 3339. */
export function createLogger(level: LogLevel): Logger {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  })
}
