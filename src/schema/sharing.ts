/**
 * Which subscriptions are the same for everybody who asks for the same with the same roles. Whatever their events lead to
 * is seen by whoever may see the plan they are about.
 */
import type { ReadPlan } from '../services/watching/read-plans.ts'
import type { PlanStatusEvent } from '../services/watching/watch-plan.ts'

/** How far events of a stream have come, the argument that lets a stream begin elsewhere, and what they were read together with. */
export type Positions = { readonly resumeArgument: string; positionOf(event: unknown): number; pageOf(event: unknown): object | undefined }

export type SharedSubscription = {
  /** Events with positions are shared from wherever two streams meet; without (null), from the moment one joins. */
  readonly positions: Positions | null
  /** The plan that an event is about. */
  planIdOf(event: unknown): string
}

/** By field. */
export const sharedSubscriptions: Readonly<Record<string, SharedSubscription>> = {
  planStatus: {
    planIdOf: (event) => (event as PlanStatusEvent).planId,
    positions: {
      resumeArgument: 'afterSequence',
      positionOf: (event) => (event as PlanStatusEvent).sequence,
      pageOf: (event) => (event as PlanStatusEvent).page,
    },
  },
  plansChanged: { positions: null, planIdOf: (event) => (event as ReadPlan).id },
}
