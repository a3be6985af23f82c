/**
 * Plans of which this process wrote everything, as its last commit left them: their events need no reads. What another
 * replica changed is not known here; the number of the log entry says up to where a plan is.
 */
import { LRUCache } from 'lru-cache'
import type { Plan } from '../../entities/plan.ts'
import type { Task } from '../../entities/task.ts'
import type { PlanStore } from '../execution/plan-store.ts'
import { planIn, stateOfProposed, taskIn } from '../execution/state-of-rows.ts'
import type { ReadPlan } from './read-plans.ts'

/** A plan after the log entry `plan.sequence`. */
export type PresentPlan = {
  readonly plan: ReadPlan
  /** One of its tasks; null for others. */
  task(id: string): Task | null
}

export type PresentPlans = {
  /** Takes a plan that was just proposed and committed, with the number of its latest entry. */
  add(plan: Plan, tasks: readonly Task[], sequence: number): void
  /** The plan, where it is known at least up to an entry; else null. */
  upTo(planId: string, sequence: number): PresentPlan | null
}

/** Roughly the number of tasks kept. */
const mostKept = 50_000

export function createPresentPlans({ store }: { readonly store: Pick<PlanStore, 'keep' | 'present'> }): PresentPlans {
  const proposed = new LRUCache<string, { readonly plan: Plan; readonly tasks: ReadonlyMap<string, Task> }>({
    maxSize: mostKept,
    sizeCalculation: ({ tasks }) => tasks.size + 1,
  })
  return {
    add(plan, tasks, sequence) {
      store.keep(stateOfProposed(plan, tasks), sequence)
      proposed.set(plan.id, { plan, tasks: new Map(tasks.map((task) => [task.id, task])) })
    },
    upTo(planId, wanted) {
      const rows = proposed.get(planId)
      const kept = rows && store.present(planId)
      if (!kept || kept.sequence < wanted) return null
      const { state, sequence } = kept
      return {
        plan: { ...planIn(rows.plan, state), sequence },
        task(id) {
          const task = rows.tasks.get(id)
          return task ? taskIn(task, state.tasks[task.order - 1]!) : null
        },
      }
    },
  }
}
