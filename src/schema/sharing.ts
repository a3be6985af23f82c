/** Which subscriptions are the same for everybody who asks for the same with the same rights. */
import type { PlanStatusEvent } from '../services/watching/watch-plan.ts'

/** How far events of a stream have come, the argument that lets a stream begin elsewhere, and what they were read together with. */
export type Positions = { readonly resumeArgument: string; positionOf(event: unknown): number; pageOf(event: unknown): object | undefined }

/** By field. Events with positions are shared from wherever two streams meet; without (null), from the moment one joins. */
export const sharedSubscriptions: Readonly<Record<string, { readonly positions: Positions | null }>> = {
  planStatus: {
    positions: {
      resumeArgument: 'afterSequence',
      positionOf: (event) => (event as PlanStatusEvent).sequence,
      pageOf: (event) => (event as PlanStatusEvent).page,
    },
  },
  plansChanged: { positions: null },
}
