/** What agents say they spent on models: booked once for each attempt, and only on the word of the agent that was sent it. */
import { toGlobalId } from '../../global-id.ts'
import type { PlanState, TaskDefinition } from '../../lifecycle/plan-state.ts'
import type { ExternalUsage } from '../../messaging/messages.ts'
import { planReservation } from '../planning/external-ai-fallback.ts'
import type { UsageBooking } from '../planning/quota-ledger.ts'
import type { Queryable } from '../recording/rows.ts'

export type ReportedUsage = UsageBooking & { readonly taskId: string; readonly attempt: number; readonly agentName: string }

/** Also when the result itself is refused: the money is spent. */
export function reportedUsage({ definition }: PlanState, task: TaskDefinition, from: { readonly attempt: number; readonly agentName: string }, usage: ExternalUsage): ReportedUsage {
  return {
    key: `task:${toGlobalId('Task', task.id)}:${from.attempt}`,
    reservation: planReservation(definition.id),
    requestId: definition.requestId,
    planId: definition.id,
    taskId: task.id,
    intent: task.intent,
    userId: definition.submittedBy,
    ...from,
    ...usage,
  }
}

/** Without what others than its holder said about an attempt, or anybody about one that never was. */
export async function ofHolders(client: Queryable, usages: readonly ReportedUsage[]): Promise<ReportedUsage[]> {
  const { rows } = await client.query({
    name: 'attempt_holders',
    text: 'select a.task_id, a.number, g.name as agent_name from attempt a join agent g on g.id = a.agent_id where a.task_id = any($1::uuid[])',
    values: [usages.map(({ taskId }) => taskId)],
  })
  const held = new Set((rows as { task_id: string; number: number; agent_name: string }[]).map((row) => `${row.task_id}/${row.number}/${row.agent_name}`))
  return usages.filter(({ taskId, attempt, agentName }) => held.has(`${taskId}/${attempt}/${agentName}`))
}
