/** Everything the checks look at, with the indexes they share. */
import { readRecords, type Execution, type Proposal, type Records } from './records.ts'
import { readTables, type AttemptRow, type PlanRow, type Tables, type TaskRow } from './tables.ts'

export type Evidence = {
  readonly records: Records
  readonly tables: Tables
  readonly plans: ReadonlyMap<string, PlanRow>
  readonly tasks: ReadonlyMap<string, TaskRow>
  readonly tasksOf: ReadonlyMap<string, readonly TaskRow[]>
  /** By `attemptKey`. */
  readonly attempts: ReadonlyMap<string, AttemptRow>
  /** By task, oldest first. */
  readonly executionsOf: ReadonlyMap<string, readonly Execution[]>
  readonly proposals: ReadonlyMap<string, Proposal>
  /** Outcomes that people settled, by task. */
  readonly settled: ReadonlyMap<string, string>
}

export const attemptKey = (taskId: string, attempt: number): string => `${taskId}/${attempt}`

export async function gatherEvidence(directory: string, databaseUrl: string): Promise<Evidence> {
  return indexEvidence(readRecords(directory), await readTables(databaseUrl))
}

export function indexEvidence(records: Records, tables: Tables): Evidence {
  const resolved = records.said.filter(({ what, answer }) => what === 'resolve' && answer === null)
  const unknown = new Set(tables.log.filter(({ kind }) => kind === 'OUTCOME_RESOLVED').map((entry) => entry.task_id))
  return {
    records,
    tables,
    plans: new Map(tables.plans.map((plan) => [plan.id, plan])),
    tasks: new Map(tables.tasks.map((task) => [task.id, task])),
    tasksOf: Map.groupBy(tables.tasks, (task) => task.plan_id),
    attempts: new Map(tables.attempts.map((attempt) => [attemptKey(attempt.task_id, attempt.number), attempt])),
    executionsOf: Map.groupBy(records.executions, (execution) => execution.taskId),
    proposals: new Map(records.proposals.map((proposal) => [proposal.planId, proposal])),
    settled: new Map(resolved.filter(({ input }) => unknown.has(input.taskId ?? null)).map(({ input }) => [input.taskId!, input.outcome!])),
  }
}
