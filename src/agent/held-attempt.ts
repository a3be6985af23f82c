import type { Cause } from '../cause.ts'
import type { Logger } from '../logger.ts'
import type { WorkRequested } from '../messaging/messages.ts'
import type { Delivery, OutgoingMessage } from '../messaging/port.ts'
import type { StartSpan } from '../span.ts'
import type { AgentLimits } from './agent-limits.ts'
import type { TaskHandler } from './handler.ts'
import { startHandler } from './handler-run.ts'
import type { HandlerEnd, HandlerRun } from './handler-run.ts'
import type { Outbox } from './outbox.ts'
import type { Progress } from './progress-reporter.ts'
import { formatReport } from './report.ts'
import type { Reporter } from './report.ts'
import type { FailureReport } from './task-failure.ts'

/** One attempt, from its delivery until the service has certainly been told its end. */
export type HeldAttempt = {
  readonly work: WorkRequested
  /**
   * waiting: not accepted; ungranted: accepted, must not start yet; reported: its end is on the way to the service;
   * abandoned: nobody knows whether it took effect, and silence lets its lease say so.
   */
  readonly phase: 'waiting' | 'ungranted' | 'running' | 'reported' | 'abandoned'
  /** The handler runs although the attempt is over for the service. */
  readonly overdue: boolean
  /** The same work came again. */
  redeliver(delivery: Delivery): void
  /** Accepts the work in a slot, and starts it unless a grant is still needed. */
  begin(handler: TaskHandler, granted: boolean): void
  grant(): void
  cancel(reason: string): void
  /** Ends what is not started. */
  refuse(failure: FailureReport): void
  /** The agent stops: aborts the handler; what was accepted and not started is given back. */
  shutDown(): void
  /** The agent waits no longer for the handler: reports what is known. */
  giveUp(): void
}

export type AttemptParts = {
  readonly reporter: Reporter
  readonly outbox: Outbox
  readonly limits: AgentLimits
  readonly logger: Logger
  /** Begins the span of an attempt; absent: no traces. */
  readonly startSpan?: StartSpan | undefined
  /** Its slot is free again. */
  readonly freed: (attempt: HeldAttempt) => void
  /** Its end is queued as messages. */
  readonly reported: (attempt: HeldAttempt, messages: readonly OutgoingMessage[]) => void
  /** The broker has stored those messages. `cancelAnswered`: they answer a cancel. */
  readonly settled: (attempt: HeldAttempt, messages: readonly OutgoingMessage[], cancelAnswered: boolean) => void
}

type StoppedOutcome = 'stopped' | 'ignored' | 'finished'

export function createHeldAttempt(
  parts: AttemptParts,
  work: WorkRequested,
  received: Cause,
  delivery: Delivery,
): HeldAttempt {
  const { reporter, outbox, limits } = parts
  const mayBeRepeated = work.effect !== 'irreversible'
  let cause = received
  let phase: HeldAttempt['phase'] = 'waiting'
  let handler: TaskHandler | null = null
  let run: HandlerRun | null = null
  let running = false
  let outOfTime = false
  let grantTimer: NodeJS.Timeout | undefined
  let newestProgress: Progress | null = null
  let unacknowledged: Delivery[] | null = [delivery]
  let cancelAnswered = false

  function acknowledge(): void {
    for (const held of unacknowledged ?? []) held.ack()
    unacknowledged = null
  }

  const stopped = (outcome: StoppedOutcome) => {
    cancelAnswered = true
    return formatReport(reporter, work, 'stopped', { outcome, ...(run?.usage && { usage: run.usage }) }, cause)
  }
  const failed = (error: FailureReport) =>
    formatReport(reporter, work, 'failed', { error, ...(run?.usage && { usage: run.usage }) }, cause)
  const succeeded = (output: unknown) =>
    formatReport(reporter, work, 'succeeded', { output, ...(run?.usage && { usage: run.usage }) }, cause)

  function finish(...messages: OutgoingMessage[]): void {
    const hadSlotOnly = phase === 'ungranted'
    phase = 'reported'
    clearTimeout(grantTimer)
    let unconfirmed = messages.length
    for (const message of messages) {
      outbox.add({
        format: () => message,
        confirmed: () => {
          acknowledge()
          unconfirmed -= 1
          if (unconfirmed === 0) parts.settled(attempt, messages, cancelAnswered)
        },
      })
    }
    parts.reported(attempt, messages)
    if (hadSlotOnly) parts.freed(attempt)
  }

  function start(): void {
    if (handler === null) return
    clearTimeout(grantTimer)
    phase = 'running'
    running = true
    const span = parts.startSpan?.(`carry out ${work.intent}`, {
      kind: 'consumer',
      parent: cause.traceparent,
      attributes: { 'planwright.task.id': work.taskId, 'planwright.attempt': work.attempt, 'planwright.agent': reporter.name },
    })
    if (span) cause = { ...cause, traceparent: span.traceparent }
    const { intent, taskId, attempt } = work
    parts.logger.info({ requestId: cause.requestId, intent, taskId, attempt }, 'an attempt begins')
    run = startHandler(
      { handler, work, cause, limits, logger: parts.logger },
      {
        progressed,
        overran,
        ended(end) {
          const fault = 'failure' in end ? end.failure.code : undefined
          span?.end(fault)
          parts.logger.info({ requestId: cause.requestId, intent, taskId, attempt, ...(fault && { code: fault }) }, 'an attempt ends')
          ended(end)
        },
      },
    )
  }

  function progressed(progress: Progress): void {
    newestProgress = progress
    outbox.add({
      format: () => formatReport(reporter, work, 'progressed', progress, cause),
      superseded: () => phase !== 'running' || newestProgress !== progress,
    })
  }

  function overran(): void {
    if (phase === 'reported') return
    if (run?.stopReason === 'timeout') {
      outOfTime = true
      // Work that cannot be undone and may still take effect has not failed: the service finds its outcome unknown.
      if (mayBeRepeated) finish(failed(timedOut('it did not stop when told to')))
    }
    if (run?.stopReason === 'cancel') {
      const message = stopped('ignored')
      outbox.add({ format: () => message })
    }
  }

  function ended(end: HandlerEnd): void {
    running = false
    if (phase === 'running') reportEnd(end)
    parts.freed(attempt)
  }

  function reportEnd(end: HandlerEnd): void {
    const reason = run?.stopReason ?? null
    if (reason === 'timeout' && (mayBeRepeated || 'failure' in end))
      return finish(failed(timedOut('output' in end ? 'it finished only after that' : 'it was stopped')))
    if ('output' in end) {
      return reason === 'cancel' ? finish(succeeded(end.output), stopped('finished')) : finish(succeeded(end.output))
    }
    if (reason === 'cancel') return finish(stopped('stopped'))
    finish(failed(reason === 'shutdown' ? agentStopped('The agent was stopped and stopped this work.') : end.failure))
  }

  const timedOut = (what: string): FailureReport => ({
    code: 'TIMEOUT',
    message: `The work took longer than its limit of ${work.timeoutSeconds} s; ${what}.`,
    retryable: mayBeRepeated,
  })
  const agentStopped = (message: string): FailureReport => ({
    code: 'AGENT_STOPPED',
    message,
    retryable: mayBeRepeated,
  })

  const attempt: HeldAttempt = {
    work,
    get phase() {
      return phase
    },
    get overdue() {
      return running && (phase === 'reported' || outOfTime)
    },
    redeliver(again) {
      if (unacknowledged === null) again.ack()
      else unacknowledged.push(again)
    },
    begin(withHandler, granted) {
      handler = withHandler
      outbox.add({
        format: () => formatReport(reporter, work, 'accepted', {}, cause),
        superseded: () => phase === 'reported',
        confirmed: acknowledge,
      })
      if (mayBeRepeated || granted) return start()
      phase = 'ungranted'
      grantTimer = setTimeout(() => {
        finish(
          failed({
            code: 'NOT_GRANTED',
            message: 'No permission to start came in time; nothing was started.',
            retryable: true,
          }),
        )
      }, limits.grantWaitMs)
    },
    grant() {
      if (phase === 'ungranted') start()
    },
    cancel(reason) {
      if (phase === 'waiting' || phase === 'ungranted') return finish(stopped('stopped'))
      if (phase === 'running' && !cancelAnswered) return run?.stop('cancel', reason || 'The attempt was cancelled.')
      if (cancelAnswered && phase === 'reported') return
      const message = stopped(running ? 'ignored' : 'finished')
      outbox.add({ format: () => message })
    },
    refuse(failure) {
      if (phase === 'waiting') finish(failed(failure))
    },
    shutDown() {
      if (phase === 'running') run?.stop('shutdown', 'The agent stops.')
      if (phase === 'ungranted')
        finish(
          failed({ code: 'AGENT_STOPPED', message: 'The agent was stopped before this started.', retryable: true }),
        )
    },
    giveUp() {
      if (phase !== 'running') return
      if (run?.stopReason === 'cancel') finish(stopped('ignored'))
      else if (mayBeRepeated) finish(failed(agentStopped('The agent was stopped while this was still running.')))
      else phase = 'abandoned'
    },
  }
  return attempt
}
