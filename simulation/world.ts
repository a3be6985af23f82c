/**
 * Virtual time: a queue of events, each of which happens alone. What the engine does in answer to one has ended before
 * the next begins, so that the order of everything follows from the seed.
 */
import type { Scheduler } from '../src/scheduler.ts'
import { createEventQueue } from './event-queue.ts'
import { createRandom, type Random } from './random.ts'

/** Something that can be killed or frozen: a replica, an agent. */
export type Process = {
  readonly name: string
  /** Drawn afresh for each process. */
  readonly random: Random
  /** False: nothing of it ever happens again. */
  readonly alive: boolean
  kill(): void
  /** Nothing of it happens before this time. */
  readonly frozenUntil: number
  freezeUntil(time: number): void
  /** What ends with the process; each is called once, when it is killed. */
  onKill(work: () => void): void
  readonly scheduler: Scheduler
}

export type World = {
  readonly seed: number
  /** Virtual milliseconds since 1970. */
  readonly now: number
  random(label: string): Random
  process(name: string): Process
  /** Has `work` done after so many milliseconds; it is dropped if its process is dead by then. */
  at(process: Process | null, delayMs: number, work: () => void | Promise<void>): () => void
  /** Adds a line to the trace. */
  note(who: string, what: string): void
  readonly trace: readonly string[]
  /** Goes on until the condition holds; false: the time limit came first, or nothing is left to happen. */
  run(until: () => boolean, limitMs: number): Promise<boolean>
}

/** Every world begins here. */
const beginning = Date.UTC(2026, 0, 5, 12)

/**
 * Turns of the event loop in which everything that follows from what has happened has run: no timers or sockets are
 * involved, but messages and statements wait a turn or two for others that may share their batch.
 */
const turns = 6

async function settle(): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}

export function createWorld(seed: number): World {
  const events = createEventQueue()
  const trace: string[] = []
  const uses = new Map<string, number>()
  let now = beginning

  function at(process: Process | null, delayMs: number, work: () => void | Promise<void>): () => void {
    // A tenth of a millisecond: the clock of the database gets the very same number.
    const time = Math.round((now + Math.max(0, delayMs)) * 10) / 10
    return events.add({ time, process, work })
  }

  function createProcess(name: string): Process {
    const count = (uses.get(name) ?? 0) + 1
    uses.set(name, count)
    const random = createRandom(seed, `${name}#${count}`)
    const begun = now
    // Timers of a busy machine come late.
    const lateness = random.chance(0.3) ? 1 : random.between(1.5, 3)
    const endings: (() => void)[] = []
    let alive = true
    let frozenUntil = 0
    const self: Process = {
      name: count === 1 ? name : `${name}#${count}`,
      random,
      get alive() {
        return alive
      },
      get frozenUntil() {
        return frozenUntil
      },
      kill() {
        if (!alive) return
        alive = false
        world.note(self.name, 'is killed')
        for (const end of endings) end()
      },
      freezeUntil(time) {
        frozenUntil = Math.max(frozenUntil, time)
      },
      onKill: (work) => void endings.push(work),
      scheduler: {
        after: (ms, work) => at(self, ms * lateness, work),
        elapsed: () => now - begun,
        random: () => random.next(),
      },
    }
    return self
  }

  const world: World = {
    seed,
    get now() {
      return now
    },
    random: (label) => createRandom(seed, label),
    process: createProcess,
    at,
    note: (who, what) => void trace.push(`${((now - beginning) / 1_000).toFixed(4)} ${who} ${what}`),
    trace,
    async run(until, limitMs) {
      const end = now + limitMs
      for (;;) {
        await settle()
        if (until()) return true
        const event = events.take()
        if (!event || event.time > end) return false
        const { process } = event
        if (process && !process.alive) continue
        if (process && process.frozenUntil > event.time) {
          events.add({ ...event, time: process.frozenUntil })
          continue
        }
        now = Math.max(now, event.time)
        await event.work()
      }
    },
  }
  return world
}
