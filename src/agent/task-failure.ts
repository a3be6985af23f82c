import { storableText } from './storable-text.ts'

/** What a `failed` message says about an attempt. */
export type FailureReport = { readonly code: string; readonly message: string; readonly retryable: boolean }

/**
 * Thrown by a handler to fail its attempt in its own words. `code` is a stable word (`DISK_FULL`), `message` is read
 * by people, `retryable` says whether another attempt may succeed without anybody changing anything.
 */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure'
  readonly code: string
  readonly retryable: boolean
  constructor(code: string, message: string, retryable = false) {
    super(message)
    this.code = code
    this.retryable = retryable
  }
}

const maxMessageLength = 4_000
const absolutePath = /(?<![\w:/.\\])(?:file:\/\/)?(?:\/[\w.@+-]+){2,}|\b[A-Za-z]:\\[^\s'":]+/g

/** The report of anything that was thrown; what is not a TaskFailure is a retryable HANDLER_ERROR without paths. */
export function failureReport(thrown: unknown): FailureReport {
  if (thrown instanceof TaskFailure) {
    return {
      code: bounded(thrown.code, 100) || 'FAILED',
      message: bounded(thrown.message, maxMessageLength),
      retryable: thrown.retryable,
    }
  }
  return {
    code: 'HANDLER_ERROR',
    message: bounded(textOf(thrown), 1_000) || 'The handler failed without a message.',
    retryable: true,
  }
}

function textOf(thrown: unknown): string {
  const text: unknown = thrown instanceof Error ? thrown.message : thrown
  return typeof text !== 'string'
    ? ''
    : text.slice(0, maxMessageLength).replace(absolutePath, (path) => path.split(/[/\\]/).at(-1) ?? '')
}

const bounded = (text: string, length: number) => storableText(String(text).slice(0, length))
