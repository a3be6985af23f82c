/** Messages of the outbox that another replica wrote, or this one before it lost its broker: made again from their plans. */
import type { Queryable } from '../recording/rows.ts'
import { formatOutgoing, type FormatDeps, type OutboxRow, type OutgoingWork } from './outgoing-work.ts'
import { readPlans } from './plan-store.ts'

export async function formatStored(deps: FormatDeps, database: Queryable, rows: readonly OutboxRow[]): Promise<OutgoingWork[]> {
  const plans = await readPlans(database, [...new Set(rows.map((row) => row.plan_id))])
  return rows.map((row) => {
    const plan = plans.get(row.plan_id)!
    return formatOutgoing(deps, row, plan, plan.definition.tasks.find(({ id }) => id === row.task_id)!)
  })
}
