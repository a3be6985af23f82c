/** Lets the drawn faults happen while the load goes on, and writes down what was struck, from when until when. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultDraft } from '../draws/draw-faults.ts'
import type { Journal } from '../journal.ts'
import type { Progress } from '../load/run-load.ts'
import type { Stack } from '../stack/stack.ts'
import type { Supervised } from '../stack/supervised.ts'
import type { Sighting, Sightings } from './sightings.ts'
import { createStriker, type Struck } from './strike.ts'

export type DirectorDeps = {
  readonly stack: Stack
  readonly journal: Journal
  readonly sightings: Sightings
  readonly progress: Progress
}

/** Faults are spread over the load; this far apart at least, milliseconds. */
const leastGapMs = 700
/** A load that stands still does not hold the faults up for longer than this, milliseconds. */
const stillMs = 8_000
const sightingWithinMs = 3_000

/**
 * Runs all faults while there is load; resolves once everything that was struck works again. What is not possible yet
 * lets others go first.
 */
export async function direct(deps: DirectorDeps, faults: readonly FaultDraft[]): Promise<void> {
  const striker = createStriker(deps.stack)
  const left = [...faults]
  const under: Promise<void>[] = []
  const { progress } = deps
  for (; left.length > 0 && !progress.over; progress.faults = 1 - left.length / faults.length) {
    await untilDue(deps)
    const fault = left.find((candidate) => striker.isPossible(candidate))
    if (!fault) continue
    const sighting = fault.trigger === 'nothing' ? null : await deps.sightings.next(fault.trigger, sightingWithinMs)
    const struck = striker.strike(fault, (among) => chooseTarget(fault, sighting, among))
    if (!struck) continue
    left.splice(left.indexOf(fault), 1)
    under.push(follow(deps, fault, struck))
  }
  progress.faults = 1
  await Promise.all(under)
}

async function untilDue({ progress }: DirectorDeps): Promise<void> {
  await sleep(leastGapMs)
  for (const end = performance.now() + stillMs; progress.load < progress.faults && performance.now() < end; ) await sleep(50)
}

/** Whom the sighting names, else whom the draw chooses among those that are up; null where none is. */
function chooseTarget<Target extends Supervised>(fault: FaultDraft, sighting: Sighting | null, among: readonly Target[]): Target | null {
  const up = among.filter(({ isUp }) => isUp)
  const named = up.find(({ name }) => name === sighting?.agent || name === sighting?.replica)
  return named ?? up[Math.floor(fault.choice * up.length)] ?? null
}

async function follow({ journal }: DirectorDeps, { kind, trigger, lastsMs }: FaultDraft, { targets, killed, over }: Struck): Promise<void> {
  const from = Date.now()
  const record = { event: 'fault', kind, trigger, targets, killed, lastsMs: Math.round(lastsMs), from }
  journal.write({ ...record, until: null })
  await over
  journal.write({ ...record, until: Date.now() })
}
