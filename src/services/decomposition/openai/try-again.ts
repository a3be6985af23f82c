/** Repeats a call that failed for a passing reason, within narrow bounds: the catalog decomposer is ready to stand in. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ModelCallError } from '../model-call-error.ts'
import type { ModelFailure } from '../model-call-error.ts'

/** A failed call, and how long the endpoint asks to wait; null where it says nothing. */
export type FailedCall = { readonly error: ModelCallError; readonly retryAfterMs: number | null }

/** A refusal or a truncated answer would only be paid for again; a call without an answer took all its time already. */
const passing: ReadonlySet<ModelFailure> = new Set(['rate limit', 'server error', 'connection refused', 'connection lost'])

/** An endpoint that asks for more than this is not waited for. */
const longestWaitMs = 5_000

/**
 * @param call answers a result, or why it failed; rejects only when `signal` ended it
 * @throws ModelCallError, that of the last call
 */
export async function tryAgain<Result extends object>(
  call: () => Promise<Result | FailedCall>,
  { tries, signal }: { tries: number; signal: AbortSignal },
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await call()
    if (!isFailedCall(outcome)) return outcome
    const { error, retryAfterMs } = outcome
    const backoffMs = Math.min(longestWaitMs, 250 * 2 ** attempt) * (0.5 + Math.random() / 2)
    const waitMs = retryAfterMs ?? backoffMs
    if (attempt >= tries || !passing.has(error.reason) || waitMs > longestWaitMs) throw error
    await sleep(waitMs, undefined, { signal })
  }
}

const isFailedCall = (outcome: object): outcome is FailedCall => 'error' in outcome && outcome.error instanceof ModelCallError
