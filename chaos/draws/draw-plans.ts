/** What the load of a run will be: plans, their steps and what people decide about them, all from the seed. */
import { createRandom, type Random } from './random.ts'

export type StepDraft = {
  readonly intent: 'plain_step' | 'keyed_step' | 'final_step'
  readonly dependsOn: readonly number[]
  readonly parameters: {
    readonly token: string
    readonly ending: 'succeed' | 'fail' | 'fail_once'
    readonly milliseconds: number
    readonly stubborn: boolean
  }
}

/** approve with the hash that was read, reject, approve with a hash of something else, or leave it. */
export type Decision = 'approve' | 'reject' | 'approve_other_hash' | 'none'

export type PlanDraft = {
  /** From 1. */
  readonly number: number
  /** Also the idempotency key of the request. */
  readonly key: string
  readonly userId: string
  readonly steps: readonly StepDraft[]
  readonly decision: Decision
  /** Milliseconds after the decision (or the proposal, where there is none) when it is cancelled; null: never. */
  readonly cancelAfterMs: number | null
}

export type LoadShape = {
  readonly plans: number
  readonly seed: number
  /** How many in a hundred steps are slow ones. */
  readonly slowPercent: number
  /** Shortest and longest slow step, milliseconds. */
  readonly slowMs: readonly [number, number]
}

/** The plans of a run, the same for the same shape. */
export function drawPlans(shape: LoadShape): PlanDraft[] {
  const random = createRandom(shape.seed)
  return Array.from({ length: shape.plans }, (_, index) => drawPlan(random, shape, index + 1))
}

function drawPlan(random: Random, shape: LoadShape, number: number): PlanDraft {
  const steps = Array.from({ length: random.between(1, 6) }, (_, index) => drawStep(random, shape, number, index + 1))
  const decision = random.weighted<Decision>({ approve: 84, reject: 6, approve_other_hash: 6, none: 4 })
  const cancelled = decision === 'approve' ? random.chance(0.12) : decision === 'none' && random.chance(0.5)
  return {
    number,
    key: `chaos-${shape.seed}-${number}`,
    userId: `person-${random.between(1, 20)}`,
    steps,
    decision,
    cancelAfterMs: cancelled ? random.between(0, 3_000) : null,
  }
}

function drawStep(random: Random, shape: LoadShape, plan: number, order: number): StepDraft {
  const intent = random.weighted({ plain_step: 55, keyed_step: 30, final_step: 15 })
  const slow = random.next() * 100 < shape.slowPercent
  const earlier = Array.from({ length: order - 1 }, (_, index) => index + 1)
  return {
    intent,
    dependsOn: earlier.filter(() => random.chance(0.4)).slice(-3),
    parameters: {
      token: `p${plan}s${order}`,
      // What cannot be undone is never tried again by itself.
      ending: random.weighted({ succeed: 90, fail: 4, fail_once: intent === 'final_step' ? 0 : 6 }),
      milliseconds: slow ? random.between(...shape.slowMs) : random.between(0, 250),
      stubborn: slow && random.chance(0.5),
    },
  }
}
