/** One seed from beginning to end: a world with faults, then one without, then the checks. */
import { createWorld } from './world.ts'
import type { Backends } from './database/backends.ts'
import { planDisasters } from './disasters.ts'
import { createFaults } from './faults.ts'
import { createInstallation } from './installation.ts'
import { checkInvariants } from './invariants/check.ts'
import { startCaretaker } from './people/caretaker.ts'
import { playStory } from './people/story.ts'
import { createWitness } from './people/witness.ts'

export type Verdict = {
  readonly seed: number
  /** Broken invariants in words; empty: the seed holds. */
  readonly violations: readonly string[]
  /** Everything that happened, in order, with its virtual time; the same for the same seed. */
  readonly trace: readonly string[]
  readonly virtualMs: number
}

/** Longest virtual time that everything may take to come to its end once nothing goes wrong any more. */
const longestMs = 1_800_000

/** Plays a seed on an empty database. */
export async function simulate(seed: number, backends: Backends): Promise<Verdict> {
  await backends.clear()
  const world = createWorld(seed)
  const begun = world.now
  const faults = createFaults(world)
  const installation = createInstallation(world, faults, backends)
  const witness = createWitness()
  const violations: string[] = []
  // In the service it would end the process.
  const unhandled = (error: unknown) => {
    violations.push(`an error that nobody handles: ${String(error)}`)
    world.note('process', `unhandled: ${String(error)}`)
  }
  process.on('unhandledRejection', unhandled)
  planDisasters(installation)
  const caretaker = startCaretaker(installation, backends)
  let playing = 0
  let lastEnd = 0
  const stories = 1 + world.random('stories').below(4)
  for (let index = 1; index <= stories; index++) {
    playing++
    playStory({ installation, witness, name: `story-${index}` })
      .catch((error: unknown) => violations.push(`a caller was told what it cannot act on: ${String(error)}`))
      .finally(() => {
        playing--
        lastEnd = world.now
      })
  }

  const isOver = () => faults.ended && playing === 0 && caretaker.quietAt !== null && caretaker.quietAt > lastEnd && installation.broker.isIdle()
  const ended = await world.run(isOver, faults.lastMs + longestMs)
  if (!ended) violations.push('stuck: not everything came to an end')
  for (const { process } of [...installation.replicas(), ...installation.agents()]) process.freezeUntil(Infinity)
  await installation.database.end()
  process.off('unhandledRejection', unhandled)
  violations.push(...(await checkInvariants({ installation, witness, backends, complete: ended })))
  world.note('end', violations.length === 0 ? 'all invariants hold' : violations.join('; '))
  return { seed, violations, trace: world.trace, virtualMs: world.now - begun }
}
