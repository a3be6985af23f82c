/** People's calls: to any replica, again after a while without an answer, as a client with patience does. */
import { isTransient } from '../../src/database/database-errors.ts'
import { PlanwrightError, UnavailableError } from '../../src/errors.ts'
import type { Installation } from '../installation.ts'
import type { Random } from '../random.ts'
import type { Operations } from '../replica.ts'

export type Caller = {
  pause(ms: number): Promise<void>
  /** The result, or the typed error that is the answer; what passes by itself is tried again. */
  call<Result>(what: string, work: (operations: Operations) => Promise<Result>): Promise<Result | PlanwrightError>
}

const patienceMs = 10_000

export function createCaller({ world, replicas }: Installation, random: Random, name: string): Caller {
  const pause = (ms: number) => new Promise<void>((resolve) => void world.at(null, ms, resolve))

  async function once<Result>(work: (operations: Operations) => Promise<Result>): Promise<Result | Error> {
    const present = replicas()
    if (present.length === 0) return new UnavailableError()
    const { operations } = random.pick(present)
    const answer = work(operations).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    const silence = pause(patienceMs).then(() => new UnavailableError())
    return Promise.race([answer, silence])
  }

  return {
    pause,
    async call(what, work) {
      for (;;) {
        const answer = await once(work)
        const passes = answer instanceof UnavailableError || isTransient(answer)
        if (!passes) {
          world.note(name, `${what}: ${answer instanceof Error ? answer.name : 'done'}`)
          // What no caller could act on is a fault of the service.
          if (answer instanceof Error && !(answer instanceof PlanwrightError)) throw new Error(`${what}: ${answer.message}`, { cause: answer })
          return answer
        }
        await pause(random.between(200, 3_000))
      }
    },
  }
}

export const isRefused = (answer: unknown): answer is PlanwrightError => answer instanceof PlanwrightError

/** A person who may decide. */
export const principal = (userId: string) => ({ userId, roles: ['requester', 'approver', 'operator'], authenticated: false, credential: null }) as const
