/** A database that is away, for whoever called: an error to act on instead of one that nobody expects. */
import { isTransient } from '../database/database-errors.ts'
import { PlanwrightError, UnavailableError } from '../errors.ts'

/** The same result; a failure that only waiting can mend is an UnavailableError. */
export async function typedOutage<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (error instanceof PlanwrightError || !isTransient(error)) throw error
    throw new UnavailableError(undefined, 2)
  }
}

type Operation = (...given: never[]) => unknown

/** The same operations, each with typed outages where it answers a promise. */
export function withTypedOutages<Operations extends Readonly<Record<keyof Operations, Operation>>>(operations: Operations): Operations {
  const wrapped = Object.entries<Operation>(operations).map(([name, operation]) => [name, (...given: never[]) => {
    const answer = operation(...given)
    return answer instanceof Promise ? typedOutage(answer) : answer
  }])
  return Object.fromEntries(wrapped) as Operations
}
