/** A process's pool of connections, as far as the engine uses one. */
import type pg from 'pg'
import type { Process, World } from '../world.ts'
import type { Faults } from '../faults.ts'
import type { Backends, Statement } from './backends.ts'
import { createLockWaits } from './lock-waits.ts'
import { createResultOrder } from './result-order.ts'
import { createSession, type Session } from './session.ts'

/** The server as many processes see it. */
export type SimulatedDatabase = {
  pool(process: Process): pg.Pool
  /** Ends every connection; what is open is undone. */
  end(): Promise<void>
}

const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

export function createSimulatedDatabase(world: World, backends: Backends, faults: Faults): SimulatedDatabase {
  const random = world.random('database')
  const waits = createLockWaits(world, random)
  const order = createResultOrder(world.random('rows'))

  const transactions = new Set<Session>()

  function open(process: Process): Session {
    return createSession({ world, backends, faults, waits, random, order }, process)
  }

  async function close(session: Session): Promise<void> {
    transactions.delete(session)
    await session.close()
  }

  const asStatement = (query: string | Statement, values?: unknown[]): Statement => (typeof query === 'string' ? { text: query, values } : query)

  function connect(process: Process, sessions: Set<Session>): Promise<object> {
    return new Promise((resolve, reject) => {
      world.at(process, faults.latency(process), () => {
        if (faults.databaseIsAway(process)) {
          reject(refused())
          return
        }
        const session = open(process)
        sessions.add(session)
        transactions.add(session)
        resolve({
          pipeline: true,
          query: (query: string | Statement, values?: unknown[]) => session.query(asStatement(query, values)),
          release() {
            sessions.delete(session)
            world.at(null, faults.latency(process), () => close(session))
          },
        })
      })
    })
  }

  return {
    async end() {
      for (const session of [...transactions]) await close(session)
    },
    pool(process) {
      const sessions = new Set<Session>()
      process.onKill(() => {
        // The server notices sooner or later; until then the locks of the dead are held.
        for (const session of sessions) world.at(null, random.between(0, 1_500), () => close(session))
      })
      const pool = {
        connect: () => connect(process, sessions),
        query: (query: string | Statement, values?: unknown[]) => (
          faults.databaseIsAway(process) ? Promise.reject(refused()) : open(process).query(asStatement(query, values))
        ),
      }
      // The engine uses no more of a pool than these two, and of a client no more than query and release.
      return pool as unknown as pg.Pool
    },
  }
}
