import { RateLimitedError } from '../errors.ts'

/** The place of one open connection. */
export type Place = {
  /** Counts it for somebody else from now on; throws RateLimitedError where that caller has no room. */
  moveTo(caller: string): void
  /** May be called again. */
  leave(): void
}

export type Places = {
  /** Counts a connection of a caller; throws RateLimitedError where it is one too many. */
  take(caller: string): Place
}

/** Seconds after which somebody who was refused may find room. */
const retrySeconds = 5

/** Connections that stay open, counted by caller: at most so many for each. 0: unlimited. */
export function createPlaces(most: number): Places {
  const taken = new Map<string, number>()

  function add(caller: string): void {
    const count = (taken.get(caller) ?? 0) + 1
    if (most > 0 && count > most) throw new RateLimitedError(retrySeconds, `You have ${most} subscriptions or sockets open. Close some, then try again.`)
    taken.set(caller, count)
  }

  function remove(caller: string): void {
    const count = taken.get(caller)! - 1
    if (count === 0) taken.delete(caller)
    else taken.set(caller, count)
  }

  return {
    take(first) {
      let caller: string | null = first
      add(first)
      return {
        moveTo(next) {
          if (caller === null || caller === next) return
          add(next)
          remove(caller)
          caller = next
        },
        leave() {
          if (caller !== null) remove(caller)
          caller = null
        },
      }
    },
  }
}
