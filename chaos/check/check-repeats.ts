/** Whether everything that ran more than once, or ended unknown, did so because of a fault at that time. */
import { attemptKey, type Evidence } from './evidence.ts'
import { faultOf } from './fault-of.ts'
import type { Violation } from './violation.ts'

/** How often each reason explains a repeated execution, and what has none. */
export type Repeats = { readonly explained: Readonly<Record<string, number>>; readonly violations: readonly Violation[] }

export function checkRepeats({ records, tables, attempts, executionsOf }: Evidence): Repeats {
  const explained: Record<string, number> = {}
  const violations: Violation[] = []
  const note = (reason: string | null, kind: string, message: string) => {
    if (reason) explained[reason] = (explained[reason] ?? 0) + 1
    else violations.push({ category: 'unexplained', kind, message })
  }
  for (const [taskId, executions] of executionsOf) {
    // An agent that comes back late runs an older attempt after a newer one.
    const inTurn = executions.toSorted((a, b) => a.attempt - b.attempt || a.startedAt - b.startedAt)
    for (const [index, next] of inTurn.entries()) {
      const before = inTurn[index - 1]
      if (!before) continue
      const dispatched = attempts.get(attemptKey(taskId, before.attempt))?.dispatched_at.getTime() ?? before.startedAt
      const until = Math.max(before.startedAt, next.startedAt)
      const reason = before.how === 'failed once' ? 'drawn to fail once' : faultOf(records.faults, before.agent, dispatched, until)
      note(reason, 'ran_again', `task ${taskId}: attempt ${next.attempt} ran on ${next.agent} after attempt ${before.attempt} on ${before.agent} (${before.how ?? 'not ended'}), and no fault explains it`)
    }
  }
  for (const { task_id, attempt, at } of tables.log.filter(({ kind }) => kind === 'OUTCOME_UNKNOWN')) {
    const holder = attempts.get(attemptKey(task_id!, attempt!))
    const reason = holder && faultOf(records.faults, holder.agent, holder.dispatched_at.getTime(), at.getTime())
    note(reason ? `outcome unknown: ${reason}` : null, 'outcome_unknown', `task ${task_id}, attempt ${attempt} ended unknown, and no fault explains it`)
  }
  return { explained, violations }
}
