/** Whether every result arrived, and none counted twice. */
import { attemptKey, type Evidence } from './evidence.ts'
import { faultOf } from './fault-of.ts'
import type { Violation } from './violation.ts'

const lost = (kind: string, message: string): Violation => ({ category: 'lost', kind, message })
const twice = (kind: string, message: string): Violation => ({ category: 'applied twice', kind, message })

export function checkResults(evidence: Evidence): Violation[] {
  return [...checkRequests(evidence), ...checkConfirmed(evidence), ...checkLate(evidence), ...checkOutputs(evidence), ...checkEndings(evidence), ...checkRepeatedWork(evidence)]
}

/** One request for each idempotency key, and everything that was answered is there. */
function checkRequests({ records, tables, plans }: Evidence): Violation[] {
  const byKey = Map.groupBy(tables.requests, (request) => request.idempotency_key)
  const stored = records.drafts.flatMap(({ key }) => {
    const count = byKey.get(key)?.length ?? 0
    if (count > 1) return [twice('request_twice', `${count} requests have the key ${key}`)]
    return count === 0 ? [lost('request_lost', `no request has the key ${key}`)] : []
  })
  const proposed = records.proposals.filter(({ planId }) => !plans.has(planId))
  return [...stored, ...proposed.map(({ planId }) => lost('plan_lost', `plan ${planId} was answered and is not stored`))]
}

/** A result that the broker confirmed was applied or kept as evidence, each message for itself. */
function checkConfirmed({ records, tables, attempts }: Evidence): Violation[] {
  const results = records.confirmed.filter(({ word }) => word === 'succeeded' || word === 'failed')
  const kept = new Map<string, number>()
  for (const row of tables.evidence) {
    const key = `${attemptKey(row.task_id, row.attempt)} ${row.agent_name}`
    kept.set(key, (kept.get(key) ?? 0) + row.count)
  }
  const byAttempt = Map.groupBy(results, ({ taskId, attempt, agent }) => `${attemptKey(taskId, attempt)} ${agent}`)
  return [...byAttempt].flatMap(([key, group]) => {
    const { taskId, attempt, agent } = group[0]!
    const messages = new Set(group.map(({ messageId }) => messageId)).size
    const row = attempts.get(attemptKey(taskId, attempt))
    const applied = row?.agent === agent && (row.status === 'SUCCEEDED' || row.status === 'FAILED') ? 1 : 0
    if (applied + (kept.get(key) ?? 0) >= messages) return []
    return [lost('result_lost', `${messages} confirmed results of task ${taskId}, attempt ${attempt} by ${agent}: ${applied} applied, ${kept.get(key) ?? 0} kept (attempt is ${row?.status ?? 'unknown'})`)]
  })
}

/** An attempt whose result the broker had confirmed is not lost, unless a fault held the result up or ended its agent. */
function checkLate({ records, attempts }: Evidence): Violation[] {
  return records.confirmed.flatMap(({ t, word, agent, taskId, attempt }) => {
    const row = attempts.get(attemptKey(taskId, attempt))
    const ended = row?.finished_at?.getTime() ?? 0
    if (word === 'stopped' || row?.status !== 'LOST' || row.agent !== agent || t >= ended) return []
    if (faultOf(records.faults, agent, row.dispatched_at.getTime(), ended)) return []
    return [lost('result_not_applied', `task ${taskId}, attempt ${attempt} of ${agent} was lost ${ended - t} ms after its result was confirmed, and no fault explains it`)]
  })
}

/** What counts is the result of the task's last attempt, by the agent and instance that hold it. */
function checkOutputs({ tables, attempts, executionsOf, settled }: Evidence): Violation[] {
  return tables.tasks.flatMap((task) => {
    if (task.status !== 'SUCCEEDED' || settled.has(task.id)) return []
    const execution = executionsOf.get(task.id)?.find((candidate) => candidate.execution === task.output?.execution)
    if (execution?.how !== 'succeeded') return [lost('result_of_nobody', `task ${task.id} succeeded, and no agent finished such an execution`)]
    const holder = attempts.get(attemptKey(task.id, task.attempt))
    const fits = execution.attempt === task.attempt && execution.agent === holder?.agent && execution.instance === holder.instance && holder.status === 'SUCCEEDED'
    return fits ? [] : [twice('stale_result_applied', `task ${task.id}: attempt ${task.attempt} of ${holder?.agent} has the result of attempt ${execution.attempt} by ${execution.agent}`)]
  })
}

const attemptEnds = ['TASK_SUCCEEDED', 'TASK_FAILED', 'ATTEMPT_FAILED', 'ATTEMPT_LOST']
const planEnds = ['PLAN_COMPLETED', 'PLAN_FAILED', 'PLAN_CANCELLED', 'PLAN_REJECTED', 'PLAN_EXPIRED', 'PLAN_SUPERSEDED']

/** An attempt, a task and a plan end once; nothing happens to a plan after its end. */
function checkEndings({ tables }: Evidence): Violation[] {
  const violations: Violation[] = []
  const counts = new Map<string, number>()
  const planEnded = new Set<string>()
  const note = (key: string, kind: string) => {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count === 2) violations.push(twice(kind, `${key} is in the log more than once`))
  }
  for (const { stream, stream_kind, kind, task_id, attempt } of tables.log) {
    if (stream_kind !== 'PLAN') continue
    if (planEnded.has(stream) && kind !== 'TASK_CANCELLED') violations.push(twice('closed_plan_changed', `plan ${stream}: ${kind} after its end`))
    if (attemptEnds.includes(kind) && attempt !== null) note(`the end of task ${task_id}, attempt ${attempt}`, 'attempt_ended_twice')
    if (kind === 'TASK_SUCCEEDED') note(`the success of task ${task_id}`, 'task_succeeded_twice')
    if (planEnds.includes(kind)) planEnded.add(stream)
  }
  return violations
}

/** One run of an agent does an attempt once; what cannot be undone is done once in all. */
function checkRepeatedWork({ executionsOf, tasks }: Evidence): Violation[] {
  return [...executionsOf].flatMap(([taskId, executions]) => {
    const violations: Violation[] = []
    const byInstance = Map.groupBy(executions, ({ attempt, instance }) => `${attempt} ${instance}`)
    for (const [{ agent, attempt }, ...again] of byInstance.values() as Iterable<[(typeof executions)[0], ...typeof executions]>) {
      if (again.length > 0) violations.push(twice('attempt_run_twice', `${agent} ran task ${taskId}, attempt ${attempt} ${again.length + 1} times in one life`))
    }
    if (tasks.get(taskId)?.effect === 'irreversible' && executions.length > 1) {
      const runs = executions.map(({ agent, attempt }) => `attempt ${attempt} by ${agent}`).join(', ')
      violations.push(twice('irreversible_run_twice', `task ${taskId} cannot be undone and ran ${executions.length} times: ${runs}`))
    }
    return violations
  })
}
