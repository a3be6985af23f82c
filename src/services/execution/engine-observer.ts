import type { PlanBatch } from './plan-batch.ts'

/** Who counts what the engine does; called after the fact, so that counting can neither fail nor delay a commit. */
export type EngineObserver = {
  /** A batch was committed: how many events it took in, and how long it took from its begin. */
  committed(batch: PlanBatch, about: { readonly events: number; readonly seconds: number }): void
  /** The broker has confirmed a message this long after it was handed over for sending. */
  dispatched(seconds: number): void
}
