/** Lives many plans side by side. */
import type { PlanDraft } from '../draws/draw-plans.ts'
import { livePlan, type LivePlanDeps } from './live-plan.ts'

export type LoadProgress = { done: number; readonly failed: string[] }

/** So many plans at once until all drafts are lived; `progress` says how far it is. A plan that fails is told in `failed`. */
export async function runLoad(deps: LivePlanDeps, drafts: readonly PlanDraft[], inFlight: number, progress: LoadProgress): Promise<void> {
  const queue = drafts.values()
  async function work(): Promise<void> {
    for (const draft of queue) {
      await livePlan(deps, draft).catch((error: unknown) => progress.failed.push(`plan ${draft.number}: ${error instanceof Error ? error.message : String(error)}`))
      progress.done++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, work))
}
