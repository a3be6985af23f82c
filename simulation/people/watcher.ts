/** Follows one plan to its end, on one replica after the other, from its own cursor. */
import type { Installation } from '../installation.ts'
import type { Replica } from '../replica.ts'
import { principal } from './calls.ts'
import type { Watched, Witness } from './witness.ts'

export type WatcherParts = { readonly installation: Installation; readonly witness: Witness; readonly planId: string; readonly name: string }

export async function watch({ installation, witness, planId, name }: WatcherParts): Promise<void> {
  const { world, replicas } = installation
  const random = world.random(name)
  const watched: Watched = { planId, name, first: random.below(2), sequences: [], ended: false }
  witness.watched.push(watched)
  while (!watched.ended) {
    const present = replicas()
    if (present.length > 0) await follow(random.pick(present), watched, random.chance(0.5) ? random.between(100, 8_000) : Infinity)
    await new Promise<void>((resolve) => void world.at(null, random.between(100, 1_000), resolve))
  }

  /** Until the plan's end, the replica's, or the watcher goes elsewhere; what goes wrong on the way is a reason to come again. */
  async function follow(replica: Replica, to: Watched, lastsMs: number): Promise<void> {
    const gone = new AbortController()
    const left = new Promise<'left'>((resolve) => {
      const leave = () => {
        gone.abort()
        resolve('left')
      }
      replica.process.onKill(leave)
      if (lastsMs < Infinity) world.at(null, lastsMs, leave)
    })
    const read = readEvents(replica, to, gone.signal).catch(() => 'failed' as const)
    const how = await Promise.race([read, left])
    if (how === 'ended') to.ended = true
    world.note(name, `${how} at ${to.sequences.at(-1) ?? 0}`)
  }

  async function readEvents(replica: Replica, to: Watched, signal: AbortSignal): Promise<'ended' | 'left'> {
    const afterSequence = to.sequences.at(-1) ?? (to.first === 0 ? 0 : null)
    for await (const event of await replica.operations.watchPlan(principal(name), { planId, afterSequence }, signal)) {
      if (signal.aborted) return 'left'
      to.sequences.push(event.sequence)
    }
    return signal.aborted ? 'left' : 'ended'
  }
}
