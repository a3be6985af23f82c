/** Keeps a batch from failing as a whole because of one of its items. */
import { isTransient } from '../../database/database-errors.ts'
import { PlanwrightError, UnavailableError } from '../../errors.ts'

type Flush<Item, Result> = (items: readonly Item[]) => Promise<readonly (Result | Error)[]>

/**
 * The same flush, except that a batch which fails for a reason of its own is tried again item by item, so that only
 * the faulty ones fail. When the database is away or overloaded, the whole batch is an UnavailableError.
 */
export function isolateFaults<Item, Result>(flush: Flush<Item, Result>): Flush<Item, Result> {
  const typed = (error: unknown): Error => {
    if (error instanceof PlanwrightError) return error
    if (isTransient(error)) return new UnavailableError(undefined, 2)
    return error instanceof Error ? error : new Error(String(error))
  }
  return async (items) => {
    try {
      return await flush(items)
    } catch (error) {
      if (items.length === 1 || isTransient(error)) return items.map(() => typed(error))
    }
    const results: (Result | Error)[] = []
    for (const item of items) {
      results.push(...(await flush([item]).catch((error: unknown) => [typed(error)])))
    }
    return results
  }
}
