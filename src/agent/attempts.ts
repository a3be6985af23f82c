import { LRUCache } from 'lru-cache'
import type { Cause } from '../cause.ts'
import type { Logger } from '../logger.ts'
import type { WorkRequested } from '../messaging/messages.ts'
import type { Delivery, OutgoingMessage } from '../messaging/port.ts'
import type { StartSpan } from '../span.ts'
import type { AgentLimits } from './agent-limits.ts'
import type { TaskHandlers } from './handler.ts'
import { createHeldAttempt } from './held-attempt.ts'
import type { HeldAttempt } from './held-attempt.ts'
import type { Outbox } from './outbox.ts'
import { refusalOf } from './refusal.ts'
import { formatReport } from './report.ts'
import type { AttemptRef, Reporter } from './report.ts'

/** All attempts of one agent: at most `slots` begun at once, a few more waiting, the finished ones remembered. */
export type Attempts = {
  receive(work: WorkRequested, cause: Cause, delivery: Delivery): void
  /** A grant to another run of the agent starts nothing: that one may have begun before it died. */
  grant(ref: AttemptRef & { readonly instance: string }): void
  cancel(ref: AttemptRef, reason: string): void
  /** What heartbeats list: every attempt whose end is not certainly known to the service. */
  held(): readonly WorkRequested[]
  /** Slots taken by handlers whose attempt is over for the service. */
  readonly overdue: number
  /** Begins nothing any more, aborts what runs, and returns once all of it ended or was given up. */
  shutDown(): Promise<void>
}

type Parts = {
  readonly reporter: Reporter
  readonly slots: number
  readonly handlers: TaskHandlers
  readonly outbox: Outbox
  readonly limits: AgentLimits
  readonly logger: Logger
  readonly startSpan?: StartSpan | undefined
}
type Finished = { readonly messages: readonly OutgoingMessage[]; readonly cancelAnswered: boolean }

/** How long work may wait in the room kept for control messages, milliseconds. */
const crowdedWaitMs = 250
const rememberedLength = 16 * 1_048_576
const keyOf = ({ taskId, attempt }: AttemptRef) => `${taskId}/${attempt}`
const lengthOf = (messages: readonly OutgoingMessage[]) =>
  messages.reduce((sum, message) => sum + message.body.length + 500, 0)

export function createAttempts({ reporter, slots, handlers, outbox, limits, logger, startSpan }: Parts): Attempts {
  const held = new Map<string, HeldAttempt>()
  /** Begun, with a slot; outlives `held` where a handler does not end. */
  const inSlots = new Set<HeldAttempt>()
  /** Not accepted for want of a slot, oldest first, with the timer of its wait. */
  const surplus = new Map<HeldAttempt, NodeJS.Timeout>()
  const finished = new LRUCache<string, Finished>({
    max: limits.maxRemembered,
    maxSize: rememberedLength,
    sizeCalculation: ({ messages }) => lengthOf(messages),
  })
  const earlyCancels = new LRUCache<string, string>({ max: limits.maxRemembered })
  const earlyGrants = new LRUCache<string, true>({ max: limits.maxRemembered })
  let unconfirmed = 0
  let stopping = false
  let whenEmpty: (() => void) | null = null

  const parts = {
    reporter,
    outbox,
    limits,
    logger,
    startSpan,
    freed(attempt: HeldAttempt) {
      inSlots.delete(attempt)
      if (inSlots.size === 0) whenEmpty?.()
      beginSurplus()
    },
    reported(attempt: HeldAttempt, messages: readonly OutgoingMessage[]) {
      stopWaiting(attempt)
      unconfirmed += lengthOf(messages)
    },
    settled(attempt: HeldAttempt, messages: readonly OutgoingMessage[], cancelAnswered: boolean) {
      const key = keyOf(attempt.work)
      held.delete(key)
      finished.set(key, { messages, cancelAnswered })
      unconfirmed -= lengthOf(messages)
      beginSurplus()
    },
  }

  const hasRoom = () => !stopping && inSlots.size < slots && unconfirmed < limits.maxUnconfirmed

  function begin(attempt: HeldAttempt): void {
    stopWaiting(attempt)
    const handler = handlers[attempt.work.intent]
    if (!handler) return
    inSlots.add(attempt)
    const key = keyOf(attempt.work)
    attempt.begin(handler, earlyGrants.delete(key))
  }

  function beginSurplus(): void {
    for (const attempt of surplus.keys()) {
      if (!hasRoom()) return
      begin(attempt)
    }
  }

  function stopWaiting(attempt: HeldAttempt): void {
    clearTimeout(surplus.get(attempt))
    surplus.delete(attempt)
  }

  const busy = {
    code: 'AGENT_BUSY',
    message: 'The agent had no free slot in time; nothing was started.',
    retryable: true,
  }

  function wait(attempt: HeldAttempt): void {
    // Beyond its bound surplus work fills the room kept for control messages, so it may stay there only briefly.
    const waitMs = surplus.size < limits.surplus ? limits.surplusWaitMs : Math.min(crowdedWaitMs, limits.surplusWaitMs)
    surplus.set(
      attempt,
      setTimeout(() => attempt.refuse(busy), waitMs),
    )
  }

  function repeatEnd(ref: AttemptRef, { messages, cancelAnswered }: Finished, delivery: Delivery | null): void {
    let left = messages.length
    for (const message of messages) {
      outbox.add({
        format: () => message,
        confirmed: () => {
          left -= 1
          if (left === 0) delivery?.ack()
        },
      })
    }
    if (delivery === null && !cancelAnswered) report(ref, 'finished')
  }

  function report(ref: AttemptRef, outcome: 'stopped' | 'finished'): void {
    outbox.add({ format: () => formatReport(reporter, ref, 'stopped', { outcome }) })
  }

  return {
    receive(work, cause, delivery) {
      const key = keyOf(work)
      const known = held.get(key)
      if (known) return known.redeliver(delivery)
      const past = finished.get(key)
      if (past) return repeatEnd(work, past, delivery)
      // Left unsettled, it goes back to the queue when the consumer ends.
      if (stopping) return
      const attempt = createHeldAttempt(parts, work, cause, delivery)
      held.set(key, attempt)
      const cancelled = earlyCancels.get(key)
      const refusal = refusalOf(work, handlers)
      if (cancelled !== undefined) attempt.cancel(cancelled)
      else if (refusal) attempt.refuse(refusal)
      else if (hasRoom()) begin(attempt)
      else wait(attempt)
    },
    grant(ref) {
      if (ref.instance !== reporter.instance) return
      const key = keyOf(ref)
      const attempt = held.get(key)
      if (attempt && attempt.phase !== 'waiting') attempt.grant()
      else if (!finished.has(key)) earlyGrants.set(key, true)
    },
    cancel(ref, reason) {
      const key = keyOf(ref)
      const attempt = held.get(key)
      const past = finished.get(key)
      if (attempt) return attempt.cancel(reason)
      if (past) return repeatEnd(ref, past, null)
      earlyCancels.set(key, reason)
      report(ref, 'stopped')
    },
    held: () => [...held.values()].filter(({ phase }) => phase !== 'abandoned').map(({ work }) => work),
    get overdue() {
      return [...inSlots].filter((attempt) => attempt.overdue).length
    },
    async shutDown() {
      stopping = true
      for (const attempt of surplus.keys()) {
        stopWaiting(attempt)
        held.delete(keyOf(attempt.work))
      }
      for (const attempt of inSlots) attempt.shutDown()
      if (inSlots.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, limits.drainMs)
          whenEmpty = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      for (const attempt of inSlots) attempt.giveUp()
    },
  }
}
