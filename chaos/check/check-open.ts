/** Whether anything is left that nobody will ever finish. */
import type { Evidence } from './evidence.ts'
import type { PlanRow } from './tables.ts'
import type { Violation } from './violation.ts'

const stuck = (kind: string, message: string): Violation => ({ category: 'stuck', kind, message })

const overPlan = ['COMPLETED', 'FAILED', 'CANCELLED', 'REJECTED']
const overTask = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED']
const openAttempt = ['DISPATCHED', 'ACCEPTED', 'GRANTED']

export function checkOpen({ records, tables, proposals }: Evidence): Violation[] {
  const drafts = new Map(records.drafts.map((draft) => [draft.number, draft]))
  const plans = tables.plans.flatMap((plan) => {
    const { id, status } = plan
    const draft = drafts.get(proposals.get(id)?.number ?? 0)
    const leftOpen = draft?.cancelAfterMs === null && (draft.decision === 'none' || draft.decision === 'approve_other_hash')
    if (overPlan.includes(status) || (leftOpen && status === 'PENDING_APPROVAL')) return []
    if (!proposals.has(id) && isPlannedAgain(plan, tables.plans)) return []
    return [stuck('plan_open', `plan ${id} is ${status}`)]
  })
  const closed = new Set(tables.plans.filter(({ status }) => overPlan.includes(status)).map(({ id }) => id))
  const tasks = tables.tasks.filter(({ plan_id, status }) => closed.has(plan_id) && !overTask.includes(status))
  const attempts = tables.attempts.filter(({ status }) => openAttempt.includes(status))
  const agents = tables.agents.filter(({ open_attempts }) => open_attempts !== 0)
  const people = records.drafts.filter(({ number }) => !records.left.has(number))
  return [
    ...plans,
    ...tasks.map(({ id, status }) => stuck('task_open', `task ${id} is ${status} in a plan that is over`)),
    ...attempts.map((row) => stuck('attempt_open', `task ${row.task_id}, attempt ${row.number} is ${row.status}`)),
    ...agents.map(({ name, open_attempts }) => stuck('slots_taken', `${name} is said to hold ${open_attempts} attempts`)),
    ...people.map(({ number }) => stuck('people_waiting', `the people around plan ${number} still wait`)),
    ...(records.over?.failed ?? ['the run did not come to its end']).map((message) => stuck('load_failed', message)),
    ...(tables.unsent > 0 ? [stuck('outbox_not_empty', `${tables.unsent} messages are still to be sent`)] : []),
    ...(records.over?.deadLetters ? [stuck('dead_letters', `${records.over.deadLetters} messages are among the dead letters`)] : []),
    ...(records.over?.exits ?? []).filter((code) => code !== 0).map((code) => stuck('no_clean_exit', `a process asked to stop ended with ${code ?? 'SIGKILL'}`)),
  ]
}

/**
 * A call to plan that a frozen replica took up after its client had asked another one, and after that plan was over:
 * it makes a new plan, as for anybody who asks then. Nobody read it, and it waits for an approval.
 */
const isPlannedAgain = ({ request_id, revision, status }: PlanRow, plans: readonly PlanRow[]): boolean =>
  status === 'PENDING_APPROVAL' && plans.some((plan) => plan.request_id === request_id && plan.revision < revision && overPlan.includes(plan.status))
