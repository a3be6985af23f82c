import type { Cause } from '../cause.ts'
import type { Logger } from '../logger.ts'
import type { ExternalUsage, WorkRequested } from '../messaging/messages.ts'
import type { AgentLimits } from './agent-limits.ts'
import { addUsage } from './external-usage.ts'
import type { TaskContext, TaskHandler } from './handler.ts'
import { createProgressReporter } from './progress-reporter.ts'
import type { Progress } from './progress-reporter.ts'
import { failureReport, TaskFailure } from './task-failure.ts'
import type { FailureReport } from './task-failure.ts'
import { checkOutput } from './task-output.ts'

export type StopReason = 'cancel' | 'timeout' | 'shutdown'
/** How a handler ended: by returning or by throwing. */
export type HandlerEnd = { readonly output: unknown } | { readonly failure: FailureReport }

/** A handler at work on one attempt. */
export type HandlerRun = {
  /** Why its signal aborted; a cancel replaces the other reasons. */
  readonly stopReason: StopReason | null
  readonly usage: ExternalUsage | undefined
  stop(reason: StopReason, message: string): void
}

export type HandlerRunEvents = {
  progressed(progress: Progress): void
  /** It was stopped and still runs after the grace period. */
  overran(): void
  /** Called once, never before `startHandler` returned. */
  ended(end: HandlerEnd): void
}

type Parts = {
  readonly handler: TaskHandler
  readonly work: WorkRequested
  readonly cause: Cause
  readonly limits: AgentLimits
  readonly logger: Logger
}

/** setTimeout takes 31 bits. */
const longestTimerMs = 2 ** 31 - 1

/** Starts the handler under its time limit. */
export function startHandler(
  { handler, work, cause, limits, logger }: Parts,
  events: HandlerRunEvents,
): HandlerRun {
  const controller = new AbortController()
  const progress = createProgressReporter((value) => events.progressed(value), limits.progressMs)
  let stopReason: StopReason | null = null
  let usage: ExternalUsage | undefined
  let graceTimer: NodeJS.Timeout | undefined
  const timeLimit = setTimeout(
    () => stop('timeout', `The time limit of ${work.timeoutSeconds} s is over.`),
    Math.min(work.timeoutSeconds * 1_000, longestTimerMs),
  )

  function stop(reason: StopReason, message: string): void {
    if (stopReason !== null && (reason !== 'cancel' || stopReason === 'cancel')) return
    stopReason = reason
    controller.abort(new TaskFailure(stopCodes[reason], message, reason !== 'cancel'))
    clearTimeout(graceTimer)
    graceTimer = setTimeout(() => events.overran(), limits.graceMs)
  }

  async function execute(): Promise<HandlerEnd> {
    const context: TaskContext = {
      parameters: work.parameters,
      inputs: work.inputs,
      idempotencyKey: work.idempotencyKey,
      attempt: work.attempt,
      signal: controller.signal,
      traceparent: cause.traceparent,
      requestId: cause.requestId,
      logger: loggerOf(logger, work, cause),
      progress: (fraction, message) => progress.report(fraction, message),
      reportUsage: (more) => {
        usage = addUsage(usage, more)
      },
    }
    try {
      return { output: checkOutput(await handler.run(work, context), limits.maxOutputBytes) }
    } catch (thrown) {
      return { failure: failureReport(thrown) }
    } finally {
      clearTimeout(timeLimit)
      clearTimeout(graceTimer)
      progress.stop()
    }
  }

  execute()
    .catch((): HandlerEnd => ({ failure: failureReport(null) }))
    .then((end) => events.ended(end))
    .catch((error: unknown) =>
      logger.error({ err: error, taskId: work.taskId }, 'the end of an attempt could not be reported'),
    )
  return {
    get stopReason() {
      return stopReason
    },
    get usage() {
      return usage
    },
    stop,
  }
}

const stopCodes: Record<StopReason, string> = { cancel: 'CANCELLED', timeout: 'TIMEOUT', shutdown: 'AGENT_STOPPED' }

function loggerOf(logger: Logger, { taskId, attempt }: WorkRequested, { requestId }: Cause): Logger {
  const about = { taskId, attempt, ...(requestId && { requestId }) }
  return {
    debug: (details, message) => logger.debug({ ...about, ...details }, message),
    info: (details, message) => logger.info({ ...about, ...details }, message),
    warn: (details, message) => logger.warn({ ...about, ...details }, message),
    error: (details, message) => logger.error({ ...about, ...details }, message),
  }
}
