/** Bounds of the limits that a person may set for a task. */
import { effects } from '../../catalog/capability.ts'
import type { PlanEdit } from './revise-plan.ts'
import type { PlannedTask } from './work-planner.ts'

type Limits = Omit<NonNullable<PlanEdit['setLimits']>, 'task'>

const bounds = { timeoutSeconds: [1, 7 * 86_400], maxAttempts: [1, 20], cpu: [0, 1_024], memoryMb: [0, 16_777_216], gpus: [0, 1_024] } as const

/** What the limits change in a task; reports those out of bounds. */
export function checkLimits(task: PlannedTask, limits: Limits, report: (field: string, rule: string, message: string) => void): Partial<PlannedTask> {
  const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null && value !== undefined)) as { [Key in keyof Limits]?: NonNullable<Limits[Key]> }
  if (Object.keys(given).length === 0) report('task', 'not_empty', 'Set at least one limit, or leave the edit out.')
  const bounded = (field: string, value: number, [low, high]: readonly [number, number], whole: boolean): void => {
    if (Number.isFinite(value) && value >= low && value <= high && (!whole || Number.isInteger(value))) return
    report(field, 'range', `Use a ${whole ? 'whole ' : ''}number from ${low} to ${high.toLocaleString('en-US')}.`)
  }
  if (given.timeoutSeconds !== undefined) bounded('timeoutSeconds', given.timeoutSeconds, bounds.timeoutSeconds, false)
  if (given.maxAttempts !== undefined) bounded('maxAttempts', given.maxAttempts, bounds.maxAttempts, true)
  for (const resource of ['cpu', 'memoryMb', 'gpus'] as const) {
    const value = given.requires?.[resource]
    if (value !== undefined && value !== null) bounded(`requires.${resource}`, value, bounds[resource], resource === 'gpus')
  }
  // A task that must not run twice does not become one that may because somebody edits a plan.
  if (given.effect !== undefined && effects.indexOf(given.effect) < effects.indexOf(task.effect)) {
    report('effect', 'not_weaker', `The effect is ${task.effect} and can only be made stricter.`)
  }
  return {
    ...given,
    requires: given.requires ? Object.fromEntries(Object.entries(given.requires).filter(([, value]) => value !== null && value !== undefined)) : task.requires,
  }
}
