import { setImmediate as nextTurn } from 'node:timers/promises'

/** Runs work that holds the process, so that whatever else it serves comes in between. */
export type TurnTaking = <Result>(work: () => Result) => Promise<Result>

/** Work is done at once until it has taken `longestMs` within one turn of the event loop; what comes after waits for the next. */
export function createTurnTaking(longestMs: number): TurnTaking {
  let spentMs = 0
  let turn: Promise<void> | null = null

  async function startTurn(): Promise<void> {
    await nextTurn()
    spentMs = 0
    turn = null
  }

  return async (work) => {
    // Of all who wait for a turn only the first finds it free, where its work is long.
    while (spentMs >= longestMs) await (turn ??= startTurn())
    const began = performance.now()
    try {
      return work()
    } finally {
      spentMs += performance.now() - began
      turn ??= startTurn()
    }
  }
}
