/** Plans as the rules see them, for tests that play everything that can happen to them. */
import fc from 'fast-check'
import type { Effect } from '../../src/catalog/capability.ts'
import { decide } from '../../src/lifecycle/decide.ts'
import type { AgentEvent, PlanEvent, Refusal } from '../../src/lifecycle/plan-event.ts'
import { dependentsOf, type PlanState, type TaskDefinition, type TaskState } from '../../src/lifecycle/plan-state.ts'
import type { Step } from '../../src/lifecycle/transition.ts'

export type TaskDraft = { readonly dependsOn: readonly number[]; readonly effect: Effect; readonly maxAttempts: number }

/** Time of the n-th second of a test. */
export const second = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString()

const define = (draft: TaskDraft, index: number): TaskDefinition => ({
  id: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
  order: index + 1,
  name: `Task ${index + 1}`,
  intent: 'work',
  workType: 'work',
  agentType: 'infra',
  parameters: {},
  requires: {},
  sameAgent: false,
  timeoutSeconds: 60,
  useExternalAi: false,
  capabilityDigest: 'd'.repeat(64),
  ...draft,
})

const untouched = (maxAttempts: number): TaskState => ({
  status: 'PENDING', attempt: 0, attemptsAllowed: maxAttempts, agentId: null, progress: null, output: null, failureReason: null,
  nextAttemptAt: null, dispatchedAt: null, startedAt: null, finishedAt: null, current: null,
})

/** A plan that waits for its approval. */
export function pendingPlan(drafts: readonly TaskDraft[]): PlanState {
  const tasks = drafts.map(define)
  return {
    definition: {
      id: '00000000-0000-4000-9000-000000000001', requestId: '00000000-0000-4000-9000-000000000002', revision: 1,
      contentHash: 'c'.repeat(64), submittedBy: 'ann', willUseExternalAi: false, expiresAt: null, tasks, dependents: dependentsOf(tasks),
    },
    status: 'PENDING_APPROVAL', approvalId: null, failureReason: null, approvedAt: null, startedAt: null, finishedAt: null,
    tasks: drafts.map(({ maxAttempts }) => untouched(maxAttempts)),
  }
}

const approval: PlanEvent = { type: 'approve', actor: 'user:bob', approvalId: 'approval', notes: null, skip: [] }

/** The step that an event makes; fails the test where it is refused. */
export function take(plan: PlanState, event: PlanEvent, now = second(0)): Step {
  const outcome = decide(freeze(plan), event, now)
  if ('refused' in outcome) throw new Error(`${event.type} was refused: ${outcome.refused}`)
  return outcome
}

/** The state after events that are all taken. */
export const after = (plan: PlanState, ...events: readonly PlanEvent[]): PlanState =>
  events.reduce((state, event, index) => take(state, event, second(index)).plan, plan)

/** Why an event is refused; fails the test where it is taken. */
export function refusal(plan: PlanState, event: PlanEvent, now = second(0)): Refusal {
  const outcome = decide(freeze(plan), event, now)
  if ('refused' in outcome) return outcome
  throw new Error(`${event.type} was taken`)
}

export const approvedPlan = (drafts: readonly TaskDraft[]): PlanState => after(pendingPlan(drafts), approval)

export const task = (fields: Partial<TaskDraft> = {}): TaskDraft => ({ dependsOn: [], effect: 'retry_safe', maxAttempts: 3, ...fields })

/** The agent that takes an attempt in these tests. */
export const agentFor = (order: number): string => `agent-${order % 2}`

export const assign = (order: number): PlanEvent => ({
  type: 'assign', order, agentId: agentFor(order), agentName: agentFor(order), routingDecisionId: 'decision', leaseSeconds: 15,
})

type Report = AgentEvent extends infer E ? (E extends AgentEvent ? Omit<E, 'order' | 'attempt' | 'agentName' | 'instance'> : never) : never

/** What the right agent says about an attempt. */
export const report = (order: number, attempt: number, what: Report): AgentEvent => ({
  order, attempt, agentName: agentFor(order), instance: 'one', ...what,
})

export const accepted = (order: number, attempt = 1) => report(order, attempt, { type: 'accepted', leaseSeconds: 15 })
export const succeeded = (order: number, attempt = 1) =>
  report(order, attempt, { type: 'succeeded', output: { order, attempt } })
export const failed = (order: number, attempt = 1, fields: { code?: string; retryable?: boolean } = {}) =>
  report(order, attempt, { type: 'failed', code: 'BROKEN', message: 'it broke', retryable: false, ...fields })
export const lost = (order: number, attempt = 1): PlanEvent => ({ type: 'lost', order, attempt, reason: 'lease_expired' })
export const cancel: PlanEvent = { type: 'cancel', actor: 'user:bob', reason: null }

export const statuses = (plan: PlanState): string[] => plan.tasks.map(({ status }) => status)

/** Freezes a value all the way down, so that whoever writes into it throws. */
export function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) freeze(part)
  return value
}

/** Small graphs whose edges lead from later tasks to earlier ones. */
export const graphs = (effects: readonly Effect[]): fc.Arbitrary<TaskDraft[]> =>
  fc.integer({ min: 1, max: 6 }).chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, index) =>
        fc.record({
          dependsOn: index === 0 ? fc.constant([]) : fc.uniqueArray(fc.integer({ min: 1, max: index }), { maxLength: 3 }),
          effect: fc.constantFrom(...effects),
          maxAttempts: fc.integer({ min: 1, max: 3 }),
        }),
      ),
    ),
  )

/** Orders of all tasks that depend on one, directly or not. */
export function downstream(plan: PlanState, order: number, found = new Set<number>()): Set<number> {
  for (const dependent of plan.definition.dependents[order - 1]!) {
    if (found.has(dependent)) continue
    found.add(dependent)
    downstream(plan, dependent, found)
  }
  return found
}
