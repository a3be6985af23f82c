/** What one transaction of the engine changes: collects the steps of many events on many plans until it is written. */
import { decide } from '../../lifecycle/decide.ts'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import type { PlanEvent, Refusal } from '../../lifecycle/plan-event.ts'
import type { AttemptState, PlanState } from '../../lifecycle/plan-state.ts'
import { isTerminalPlan } from '../../lifecycle/states.ts'
import type { AgentMessage, Step } from '../../lifecycle/transition.ts'
import type { InsertableTable, Row } from '../recording/rows.ts'
import type { ReportedUsage } from './reported-usage.ts'

/** How an agent's counters move. */
export type AgentChange = { opened: number; unanswered: number; answered: boolean }
/** How an agent's record with one intent moves. */
export type PerformanceChange = { agent_id: string; intent: string; succeeded: number; failed: number; lost: number; total_seconds: number }
/** A message that changed nothing, as evidence. */
export type EvidenceDraft = { planId: string; taskId: string; attempt: number; agentName: string; reason: string; sample: unknown }

type AttemptChange = { readonly planId: string; readonly order: number; readonly opened: boolean; readonly attempt: AttemptState }

export type PlanBatch = ReturnType<typeof createPlanBatch>

/** @param states locked plans by id; replaced by their next states as events are applied */
export function createPlanBatch(states: Map<string, PlanState>, now: Date) {
  const nowIso = now.toISOString()
  const tasks = new Map<string, Set<number>>()
  const attempts = new Map<string, AttemptChange>()
  const agents = new Map<string, AgentChange>()
  const performance = new Map<string, PerformanceChange>()
  const batch = {
    states,
    now,
    nowIso,
    tasks,
    attempts,
    agents,
    performance,
    log: [] as LogDraft[],
    messages: [] as { planId: string; message: AgentMessage }[],
    withdrawn: [] as { task_id: string; attempt: number }[],
    inserts: new Map<InsertableTable, Row[]>(),
    /** Plans that have more ready tasks than one batch sends out. */
    unfinished: new Set<string>(),
    evidence: [] as EvidenceDraft[],
    usages: [] as ReportedUsage[],
    /** Plans that ended in this batch. */
    ended: [] as string[],
    /** Open attempts less those closed, by agent, in this batch so far. */
    openedAt: (agentId: string): number => agents.get(agentId)?.opened ?? 0,
    insert(table: InsertableTable, row: Row) {
      const rows = batch.inserts.get(table)
      if (rows) rows.push(row)
      else batch.inserts.set(table, [row])
    },
    /** Applies one event by the lifecycle rules; a refusal changes nothing. */
    apply(planId: string, event: PlanEvent): Step | Refusal {
      const before = states.get(planId)!
      const outcome = decide(before, event, nowIso)
      if ('refused' in outcome) return outcome
      states.set(planId, outcome.plan)
      take(planId, before, outcome)
      return outcome
    },
  }

  function take(planId: string, before: PlanState, step: Step): void {
    const touched = tasks.get(planId) ?? new Set()
    for (const order of step.tasks) touched.add(order)
    tasks.set(planId, touched)
    for (const entry of step.log) batch.log.push(entry)
    for (const message of step.messages) batch.messages.push({ planId, message })
    for (const { order, attempt } of step.withdrawn) batch.withdrawn.push({ task_id: before.definition.tasks[order - 1]!.id, attempt })
    for (const { order, opened, attempt } of step.attempts) {
      const key = `${planId}:${order}:${attempt.number}`
      const already = attempts.get(key)?.opened ?? false
      attempts.set(key, { planId, order, opened: opened || already, attempt })
      count(before, order, opened, attempt)
    }
    if (!isTerminalPlan(before.status) && isTerminalPlan(step.plan.status)) batch.ended.push(planId)
  }

  function count(before: PlanState, order: number, opened: boolean, attempt: AttemptState): void {
    const change = agents.get(attempt.agentId) ?? { opened: 0, unanswered: 0, answered: false }
    const previous = before.tasks[order - 1]!.current
    if (opened) change.opened++
    if (attempt.finishedAt !== null) {
      change.opened--
      addPerformance(before, order, attempt)
      if (attempt.status === 'LOST' && previous?.status === 'DISPATCHED') change.unanswered++
    }
    if (attempt.instance !== null) change.answered = true
    agents.set(attempt.agentId, change)
  }

  function addPerformance({ definition }: PlanState, order: number, attempt: AttemptState): void {
    const { intent } = definition.tasks[order - 1]!
    const key = `${attempt.agentId}:${intent}`
    const sum = performance.get(key) ?? { agent_id: attempt.agentId, intent, succeeded: 0, failed: 0, lost: 0, total_seconds: 0 }
    if (attempt.status === 'SUCCEEDED') {
      sum.succeeded++
      sum.total_seconds += (Date.parse(attempt.finishedAt!) - Date.parse(attempt.startedAt ?? attempt.finishedAt!)) / 1_000
    } else if (attempt.status === 'FAILED') sum.failed++
    else if (attempt.status === 'LOST') sum.lost++
    performance.set(key, sum)
  }

  return batch
}
