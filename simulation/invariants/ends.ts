/** Nothing stuck, nothing left behind: once the faults are over everything comes to its end. */
import type { Tables } from './tables.ts'

const terminal = ['PLANNING_FAILED', 'SUPERSEDED', 'REJECTED', 'EXPIRED', 'COMPLETED', 'FAILED', 'CANCELLED']
const closed = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED']

export function checkEnds({ plans, tasks, attempts, outbox, agents }: Tables): string[] {
  return [
    ...plans.filter(({ status }) => !terminal.includes(status)).map(({ id, status }) => `stuck: plan ${id} is ${status}`),
    ...tasks.filter(({ status }) => !closed.includes(status)).map(({ id, status }) => `stuck: task ${id} is ${status}`),
    ...attempts.filter(({ finished_at }) => finished_at === null).map(({ task_id, number }) => `stuck: attempt ${number} of ${task_id} is open`),
    ...agents.filter(({ open_attempts }) => open_attempts !== 0).map(({ name, open_attempts }) => `left behind: ${name} counts ${open_attempts} open attempts`),
    ...(outbox.length > 0 ? [`left behind: ${outbox.length} messages in the outbox`] : []),
    ...plans.flatMap((plan) => {
      const states = tasks.filter(({ plan_id }) => plan_id === plan.id).map(({ status }) => status)
      if (plan.status === 'COMPLETED' && states.some((status) => status === 'FAILED' || status === 'CANCELLED')) return [`wrong end: plan ${plan.id} is COMPLETED`]
      if (plan.status === 'FAILED' && !states.includes('FAILED')) return [`wrong end: plan ${plan.id} is FAILED without a failed task`]
      return []
    }),
  ]
}
