/** Longest time in milliseconds that stopping a bus or one of its consumers may take in good order. */
export const stopLimitMs = 3_000

/** Waits for the promise, but no longer than `ms`; true: it was in time. A rejection passes through. */
export async function withinTime(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), ms)
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
