/**
 * Plans between database and rules. A plan's definition never changes and every change of its state moves the
 * number of its log stream, so a state kept in memory is exact as long as the locked stream still has the number
 * it was kept with: the hot path reads no tasks at all.
 */
import { LRUCache } from 'lru-cache'
import { dependentsOf, type PlanDefinition, type PlanState, type TaskDefinition, type TaskState } from '../../lifecycle/plan-state.ts'
import type { StreamHead } from '../recording/execution-log.ts'
import type { Queryable } from '../recording/rows.ts'

export type PlanStore = {
  /** The states of locked plans; unknown ids are absent. */
  load(client: Queryable, heads: ReadonlyMap<string, StreamHead>): Promise<Map<string, PlanState>>
  /** Keeps a committed state with the number of its stream. */
  keep(state: PlanState, sequence: number): void
  /** The state kept last, with its number; another replica may have changed it since. */
  present(planId: string): { readonly state: PlanState; readonly sequence: number } | null
  /** Where each task stands; unknown ones are absent. */
  placesOf(client: Queryable, taskIds: readonly string[]): Promise<Map<string, TaskPlace>>
}

/** A task's plan and its order in it. */
export type TaskPlace = { readonly planId: string; readonly order: number }

/** Roughly the number of tasks kept in memory; an output counts by its size. */
const maxKept = 200_000
const outputBytesPerUnit = 1_024

const iso = (value: Date | null): string | null => value && value.toISOString()

type PlanRow = {
  id: string; request_id: string; revision: number; content_hash: string; submitted_by: string; will_use_external_ai: boolean
  status: PlanState['status']; approval_id: string | null; failure_reason: string | null
  expires_at: Date | null; approved_at: Date | null; started_at: Date | null; finished_at: Date | null
}
type TaskRow = {
  id: string; plan_id: string; position: number; name: string; intent: string; work_type: string; agent_type: string
  parameters: Record<string, unknown>; depends_on: number[]; effect: TaskDefinition['effect']; requires: TaskDefinition['requires']
  same_agent: boolean; timeout_seconds: number; max_attempts: number; use_external_ai: boolean; capability_digest: string
  status: TaskState['status']; attempt: number; attempts_allowed: number; agent_id: string | null; progress: number | null
  output: unknown; failure_reason: string | null; next_attempt_at: Date | null; dispatched_at: Date | null
  started_at: Date | null; finished_at: Date | null
  a_agent_id: string | null; a_agent_name: string; a_instance: string | null; a_status: NonNullable<TaskState['current']>['status']
  a_reason: string | null; a_lease_until: Date; a_deadline_at: Date | null; a_dispatched_at: Date; a_started_at: Date | null
  a_finished_at: Date | null; a_progress_entries: number
}

const toDefinition = (row: TaskRow): TaskDefinition => ({
  id: row.id, order: row.position, name: row.name, intent: row.intent, workType: row.work_type, agentType: row.agent_type,
  parameters: row.parameters, dependsOn: row.depends_on, effect: row.effect, requires: row.requires, sameAgent: row.same_agent,
  timeoutSeconds: row.timeout_seconds, maxAttempts: row.max_attempts, useExternalAi: row.use_external_ai,
  capabilityDigest: row.capability_digest,
})

const toState = (row: TaskRow): TaskState => ({
  status: row.status, attempt: row.attempt, attemptsAllowed: row.attempts_allowed, agentId: row.agent_id, progress: row.progress,
  output: row.output, failureReason: row.failure_reason, nextAttemptAt: iso(row.next_attempt_at), dispatchedAt: iso(row.dispatched_at),
  startedAt: iso(row.started_at), finishedAt: iso(row.finished_at),
  current: row.a_agent_id === null ? null : {
    number: row.attempt, agentId: row.a_agent_id, agentName: row.a_agent_name, instance: row.a_instance, status: row.a_status,
    reason: row.a_reason, leaseUntil: row.a_lease_until.toISOString(), deadlineAt: iso(row.a_deadline_at),
    dispatchedAt: row.a_dispatched_at.toISOString(), startedAt: iso(row.a_started_at), finishedAt: iso(row.a_finished_at),
    progressEntries: row.a_progress_entries, progressAt: null,
  },
})

function toPlan(row: PlanRow, tasks: readonly TaskRow[]): PlanState {
  const definitions = tasks.map(toDefinition)
  const definition: PlanDefinition = {
    id: row.id, requestId: row.request_id, revision: row.revision, contentHash: row.content_hash, submittedBy: row.submitted_by,
    willUseExternalAi: row.will_use_external_ai, expiresAt: iso(row.expires_at), tasks: definitions, dependents: dependentsOf(definitions),
  }
  return {
    definition, status: row.status, approvalId: row.approval_id, failureReason: row.failure_reason,
    approvedAt: iso(row.approved_at), startedAt: iso(row.started_at), finishedAt: iso(row.finished_at), tasks: tasks.map(toState),
  }
}

const taskSql = `select t.*, a.agent_id as a_agent_id, g.name as a_agent_name, a.instance as a_instance, a.status as a_status, a.reason as a_reason,
    a.lease_until as a_lease_until, a.deadline_at as a_deadline_at, a.dispatched_at as a_dispatched_at, a.started_at as a_started_at,
    a.finished_at as a_finished_at, a.progress_entries as a_progress_entries
  from task t left join attempt a on a.task_id = t.id and a.number = t.attempt left join agent g on g.id = a.agent_id
  where t.plan_id = any($1::uuid[]) order by t.plan_id, t.position`

/** Reads plans with all their tasks and present attempts: two statements for any number of plans. */
export async function readPlans(client: Queryable, ids: readonly string[]): Promise<Map<string, PlanState>> {
  const [plans, tasks] = await Promise.all([
    client.query({ name: 'read_plans', text: 'select * from plan where id = any($1::uuid[])', values: [ids] }),
    client.query({ name: 'read_plan_tasks', text: taskSql, values: [ids] }),
  ])
  const byPlan = Map.groupBy(tasks.rows as TaskRow[], (row) => row.plan_id)
  return new Map((plans.rows as PlanRow[]).map((row) => [row.id, toPlan(row, byPlan.get(row.id) ?? [])]))
}

export function createPlanStore(): PlanStore {
  const kept = new LRUCache<string, { state: PlanState; sequence: number }>({
    maxSize: maxKept,
    sizeCalculation: ({ state }) => state.tasks.reduce((sum, { output }) => sum + 1 + (output ? JSON.stringify(output).length / outputBytesPerUnit : 0), 1) | 0,
  })
  const places = new LRUCache<string, TaskPlace>({ max: maxKept })
  const remember = ({ definition }: PlanState) => {
    for (const { id, order } of definition.tasks) places.set(id, { planId: definition.id, order })
  }

  return {
    async load(client, heads) {
      const found = new Map<string, PlanState>()
      const missing: string[] = []
      for (const { id, sequence } of heads.values()) {
        const entry = kept.get(id)
        if (entry?.sequence === sequence) found.set(id, entry.state)
        else missing.push(id)
      }
      if (missing.length > 0) {
        for (const [id, state] of await readPlans(client, missing)) found.set(id, state)
      }
      return found
    },
    keep(state, sequence) {
      if (!kept.has(state.definition.id)) remember(state)
      kept.set(state.definition.id, { state, sequence })
    },
    present: (planId) => kept.get(planId) ?? null,
    async placesOf(client, taskIds) {
      const found = new Map<string, TaskPlace>()
      const missing = taskIds.filter((id) => {
        const place = places.get(id)
        if (place) found.set(id, place)
        return !place
      })
      if (missing.length > 0) {
        const { rows } = await client.query({ name: 'places_of_tasks', text: 'select id, plan_id, position from task where id = any($1::uuid[])', values: [missing] })
        for (const { id, plan_id: planId, position: order } of rows as { id: string; plan_id: string; position: number }[]) {
          found.set(id, { planId, order })
          places.set(id, { planId, order })
        }
      }
      return found
    },
  }
}
