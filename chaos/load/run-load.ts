/** Lives many plans side by side. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlanDraft } from '../draws/draw-plans.ts'
import { livePlan, type LivePlanDeps } from './live-plan.ts'

/** How far a run is: shares of the load and of the faults, 0..1, and what became of plans that could not be lived. */
export type Progress = { lived: number; load: number; faults: number; over: boolean; readonly failed: string[] }

export type LoadOptions = {
  /** Plans at once. */
  readonly inFlight: number
  /** No plan is begun after so many milliseconds. */
  readonly forMs: number
}

/** The load goes no further ahead of the faults than this share, or than the plans in flight, so that all faults strike while there is load. */
const mostAheadShare = 0.03

/** Lives all drafts, or as many as are begun in time. */
export async function runLoad(deps: LivePlanDeps, drafts: readonly PlanDraft[], { inFlight, forMs }: LoadOptions, progress: Progress): Promise<void> {
  const end = performance.now() + forMs
  const queue = drafts.values()
  const isLate = () => performance.now() > end
  const mostAhead = Math.max(mostAheadShare, inFlight / drafts.length)

  async function work(): Promise<void> {
    for (const draft of queue) {
      while (draft.number / drafts.length > progress.faults + mostAhead && !isLate()) await sleep(100)
      if (isLate()) return
      await livePlan(deps, draft).catch((error: unknown) => progress.failed.push(`plan ${draft.number}: ${error instanceof Error ? error.message : String(error)}`))
      progress.lived++
      progress.load = progress.lived / drafts.length
    }
  }

  await Promise.all(Array.from({ length: inFlight }, work))
  progress.over = true
}
