/**
 * Which request caused what is done now: within a process it follows the calls, between processes it travels in the
 * messages, so that log lines and traces of service and agents can be put together.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

export type Cause = {
  /** Id of the request that began it, as in the answer's `x-request-id`. */
  readonly requestId?: string | undefined
  /** W3C trace context of the latest span. */
  readonly traceparent?: string | undefined
}

// The runtime's own: it holds nothing but what a call in progress carries along.
const storage = new AsyncLocalStorage<Cause | undefined>()

export const presentCause = (): Cause | undefined => storage.getStore()

/** Runs `work`, and all that it starts, as caused by this; undefined: by nothing in particular, as work for many is. */
export const causedBy = <Result>(cause: Cause | undefined, work: () => Result): Result => storage.run(cause, work)

/** The trace id inside a traceparent. */
export const traceIdOf = (traceparent: string | undefined): string | undefined => /^00-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1]
