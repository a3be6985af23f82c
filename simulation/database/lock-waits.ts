/** Who holds a transaction open, and who waits for one to end. */
import type { Random } from '../random.ts'
import type { World } from '../world.ts'
import type { Session } from './session.ts'

export type LockWaits = {
  begun(session: Session): void
  /** Wakes everybody who waits. */
  ended(session: Session): void
  /** Transactions of others. */
  others(session: Session): number
  /** The session waits until a transaction ends, but no longer than so many milliseconds. */
  add(session: Session, limitMs: number): void
  remove(session: Session): void
}

const deadlock = '40P01'
const statementTimeout = '57014'

export function createLockWaits(world: World, random: Random): LockWaits {
  const open = new Set<Session>()
  const waiting = new Map<Session, () => void>()

  function remove(session: Session): boolean {
    waiting.get(session)?.()
    return waiting.delete(session)
  }

  return {
    begun: (session) => void open.add(session),
    ended(session) {
      open.delete(session)
      const woken = random.shuffle([...waiting.keys()])
      for (const other of woken) {
        remove(other)
        other.retry()
      }
    },
    others: (session) => open.size - (open.has(session) ? 1 : 0),
    add(session, limitMs) {
      const cancel = world.at(null, limitMs, async () => {
        if (remove(session)) await session.giveUp(statementTimeout)
      })
      waiting.set(session, cancel)
      if (!session.inTransaction || ![...open].every((other) => waiting.has(other))) return
      world.at(null, 0, async () => {
        if (remove(session)) await session.giveUp(deadlock)
      })
    },
    remove: (session) => void remove(session),
  }
}
