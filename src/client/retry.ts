import { isTemporary, PlanwrightApiError } from './api-error.ts'

const firstWaitMs = 250
const longestWaitMs = 10_000

/** Milliseconds before try `failures` + 1: doubling, capped, each up to half shorter so that many clients do not return at once. */
export function waitBefore(failures: number, error: unknown): number {
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)
  const asked = error instanceof PlanwrightApiError ? (error.retryAfterSeconds ?? 0) * 1_000 : 0
  return Math.max(wait, asked)
}

/** Resolves after the time, or at once when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}

/** Runs a call that may be repeated without harm until it ends otherwise than by a temporary failure, for at most `limitMs`. */
export async function retried<Result>(call: () => Promise<Result>, limitMs: number, signal?: AbortSignal): Promise<Result> {
  const end = Date.now() + limitMs
  for (let failures = 0; ; failures++) {
    try {
      return await call()
    } catch (error) {
      const wait = waitBefore(failures, error)
      if (!isTemporary(error) || signal?.aborted || Date.now() + wait > end) throw error
      await pause(wait, signal)
    }
  }
}
