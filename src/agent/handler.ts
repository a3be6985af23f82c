/** What a person who writes an agent gives and gets. */
import type { Logger } from '../logger.ts'
import type { ExternalUsage, WorkRequested } from '../messaging/messages.ts'

/** What a handler has at hand while it carries out one attempt. */
export type TaskContext = {
  /** Values of the capability's parameters, as approved. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** Outputs of the tasks that this one depends on directly, by task id. */
  readonly inputs: Readonly<Record<string, unknown>>
  /** The same for all attempts of a task: hand it to whatever must not happen twice. */
  readonly idempotencyKey: string
  /** Number of this attempt, from 1. */
  readonly attempt: number
  /**
   * Aborts when the attempt is cancelled, runs out of time, or the agent stops. End soon after, by throwing
   * (`signal.throwIfAborted()`); returning instead says that the work was finished all the same.
   */
  readonly signal: AbortSignal
  /** W3C trace context of the work message, where it has one. */
  readonly traceparent: string | undefined
  /** Id of the request that caused it, as in the log of the service; where the message has one. */
  readonly requestId: string | undefined
  /** Writes lines that name the task, the attempt and the request that caused it. */
  readonly logger: Logger
  /** Says how far the work is, 0..1, with a word to people. May be called often; at most one a second is sent. */
  progress(fraction: number, message?: string): void
  /** Adds external AI that was used; it travels with the result. */
  reportUsage(usage: ExternalUsage): void
}

/** How one intent is carried out. */
export type TaskHandler = {
  /** Kind of work, as the catalog names it. */
  readonly workType: string
  /** Digest of the catalog entry this was written for; work with another is refused with CAPABILITY_CHANGED. */
  readonly capabilityDigest?: string
  /** True: what this does cannot be undone or repeated; work that is not marked irreversible is refused. */
  readonly irreversible?: boolean
  /** Returns the output (JSON), or throws; a TaskFailure says with which code and whether to try again. */
  run(task: WorkRequested, context: TaskContext): unknown
}

/** Handlers by intent. */
export type TaskHandlers = Readonly<Record<string, TaskHandler>>
