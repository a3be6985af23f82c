/** Open work is found by its plan: what a plan says of its tasks is true. */
import type { Tables } from './tables.ts'

export function checkOpenWork({ plans, tasks }: Tables): string[] {
  const byPlan = Map.groupBy(tasks, ({ plan_id }) => plan_id)
  return plans.flatMap(({ id, waiting_tasks, next_retry_at }) => {
    const own = byPlan.get(id) ?? []
    const waiting = own.filter(({ status }) => status === 'WAITING_FOR_AGENT').length
    const retries = own.flatMap(({ status, next_attempt_at: at }) => (status === 'PENDING' && at !== null ? [at.getTime()] : []))
    const next = retries.length > 0 ? Math.min(...retries) : null
    return [
      ...(waiting === waiting_tasks ? [] : [`open work: plan ${id} says that ${waiting_tasks} tasks wait, ${waiting} do`]),
      ...(next === (next_retry_at?.getTime() ?? null) ? [] : [`open work: plan ${id} has another next retry than its tasks`]),
    ]
  })
}
