/** Time and chance of one process. All waiting of the engine goes through here, so that a simulation can play it from a seed. */

/** Stored times are not of this clock: they are the database's. */
export type Scheduler = {
  /** Calls `work` once after so many milliseconds (0: on the next turn); the answer takes the call back. */
  after(ms: number, work: () => void): () => void
  /** Milliseconds of a clock that only goes forward. */
  elapsed(): number
  /** A number from 0 up to 1. */
  random(): number
}

/** The process's own timers, clock and random numbers. */
export const systemScheduler: Scheduler = {
  after(ms, work) {
    if (ms > 0) {
      const timer = setTimeout(work, ms)
      return () => clearTimeout(timer)
    }
    const turn = setImmediate(work)
    return () => clearImmediate(turn)
  },
  elapsed: () => performance.now(),
  random: () => Math.random(),
}

/** Resolves after so many milliseconds, or as soon as the signal is aborted. */
export function pause({ after }: Pick<Scheduler, 'after'>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const end = () => {
      cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const cancel = after(ms, end)
    signal?.addEventListener('abort', end)
  })
}
