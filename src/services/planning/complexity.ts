/** How much a plan asks of the people and agents that deal with it. */
import type { Risk } from '../../catalog/capability.ts'
import type { Complexity } from '../../lifecycle/states.ts'

export type ComplexityFactors = {
  readonly tasks: number
  /** Tasks in the longest chain of dependencies. */
  readonly depth: number
  readonly risk: Risk
  /** Lowest confidence among the tasks, 0..1. */
  readonly confidence: number
}

/**
 * Points: up to 2 tasks 0, up to 5 one, up to 8 two, more three; a chain of up to 2 tasks 0, up to 4 one, longer two;
 * a task of high risk one; a confidence below 0.6 one. 0 points are SIMPLE, 1 or 2 MEDIUM, more COMPLEX.
 */
export function complexityOf({ tasks, depth, risk, confidence }: ComplexityFactors): Complexity {
  const points =
    (tasks <= 2 ? 0 : tasks <= 5 ? 1 : tasks <= 8 ? 2 : 3) +
    (depth <= 2 ? 0 : depth <= 4 ? 1 : 2) +
    (risk === 'high' ? 1 : 0) +
    (confidence < 0.6 ? 1 : 0)
  return points === 0 ? 'SIMPLE' : points <= 2 ? 'MEDIUM' : 'COMPLEX'
}
