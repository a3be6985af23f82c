import { LRUCache } from 'lru-cache'
import { RateLimitedError } from '../errors.ts'

export type RateLimiter = {
  /** Counts one operation of a caller; throws RateLimitedError where it is one too many. */
  take(caller: string): void
}

/** Callers that are remembered; the least recently seen one starts afresh. */
const rememberedCallers = 10_000

/** A bucket a caller: `perSecond` operations a second, and twice as many at once. 0: unlimited. */
export function createRateLimiter(perSecond: number, now: () => number = () => performance.now()): RateLimiter {
  const buckets = new LRUCache<string, { left: number; at: number }>({ max: rememberedCallers })
  const capacity = perSecond * 2
  return {
    take(caller) {
      if (perSecond === 0) return
      const time = now()
      const bucket = buckets.get(caller) ?? { left: capacity, at: time }
      const left = Math.min(capacity, bucket.left + ((time - bucket.at) / 1_000) * perSecond)
      buckets.set(caller, { left: Math.max(0, left - 1), at: time })
      if (left < 1) throw new RateLimitedError(Math.max(1, Math.ceil((1 - left) / perSecond)))
    },
  }
}
