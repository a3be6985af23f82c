/** What is seen of a run while it goes on: people's answers, messages on the wire, entries of the agents' ledgers. */
import type { Trigger } from '../draws/draw-faults.ts'

export type Sighting = { readonly what: Trigger; readonly replica?: string; readonly agent?: string }

export type Sightings = {
  tell(sighting: Sighting): void
  /** The next sighting of the kind, null when none comes in time. */
  next(what: Trigger, withinMs: number): Promise<Sighting | null>
}

export function createSightings(): Sightings {
  const waiting = new Set<{ what: Trigger; resolve: (sighting: Sighting | null) => void }>()
  return {
    tell(sighting) {
      for (const entry of waiting) if (entry.what === sighting.what) entry.resolve(sighting)
    },
    async next(what, withinMs) {
      const { promise, resolve } = Promise.withResolvers<Sighting | null>()
      const entry = { what, resolve }
      waiting.add(entry)
      const timer = setTimeout(() => resolve(null), withinMs)
      const found = await promise
      clearTimeout(timer)
      waiting.delete(entry)
      return found
    },
  }
}
