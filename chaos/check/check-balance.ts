/** Whether every drawn step came to an end of the kind that was drawn for it. */
import type { Evidence } from './evidence.ts'
import type { Draft } from './records.ts'
import type { TaskRow } from './tables.ts'
import type { Violation } from './violation.ts'

export const ends = ['applied', 'failed as drawn', 'skipped after a failure', 'cancelled', 'not approved', 'settled by a person'] as const
export type End = (typeof ends)[number]

export type Balance = {
  readonly expected: number
  readonly counted: Readonly<Record<End, number>>
  readonly violations: readonly Violation[]
}

export function checkBalance({ records, tables, tasksOf, settled, executionsOf }: Evidence): Balance {
  const counted: Record<End, number> = { applied: 0, 'failed as drawn': 0, 'skipped after a failure': 0, cancelled: 0, 'not approved': 0, 'settled by a person': 0 }
  const violations: Violation[] = []
  const approved = new Set(tables.approvals.filter(({ decision }) => decision === 'APPROVED').map(({ plan_id }) => plan_id))
  const cancelled = new Set(records.said.filter(({ what }) => what === 'cancel').map(({ input }) => input.planId))
  const planOf = new Map(records.proposals.map((proposal) => [proposal.number, proposal.planId]))

  function endOf(draft: Draft, task: TaskRow, siblings: readonly TaskRow[]): End | null {
    const ending = draft.steps[task.position - 1]?.parameters.ending
    if (!approved.has(task.plan_id)) return task.status === 'PENDING' || task.status === 'CANCELLED' ? 'not approved' : null
    if (settled.has(task.id)) return task.status === settled.get(task.id) || task.status === 'CANCELLED' ? 'settled by a person' : null
    switch (task.status) {
      case 'SUCCEEDED': return ending !== 'fail' && executionsOf.get(task.id)?.some(({ how }) => how === 'succeeded') ? 'applied' : null
      case 'FAILED': return ending === 'fail' && task.failure_reason?.startsWith('DRAWN:') ? 'failed as drawn' : null
      case 'SKIPPED': return task.depends_on.some((order) => ['FAILED', 'SKIPPED'].includes(siblings[order - 1]?.status ?? '')) ? 'skipped after a failure' : null
      case 'CANCELLED': return cancelled.has(task.plan_id) ? 'cancelled' : null
      default: return null
    }
  }

  for (const draft of records.drafts) {
    const planId = planOf.get(draft.number) ?? ''
    const tasks = tasksOf.get(planId) ?? []
    if (tasks.length !== draft.steps.length) violations.push({ category: 'unbalanced', kind: 'tasks_missing', message: `plan ${draft.number} has ${tasks.length} of ${draft.steps.length} tasks` })
    for (const task of tasks) {
      const end = endOf(draft, task, tasks)
      if (end) counted[end]++
      else violations.push({ category: 'unbalanced', kind: 'ended_otherwise', message: `task ${task.id} (drawn to ${draft.steps[task.position - 1]?.parameters.ending}) is ${task.status}: ${task.failure_reason ?? 'no reason'}` })
    }
  }
  return { expected: records.drafts.reduce((sum, { steps }) => sum + steps.length, 0), counted, violations }
}
