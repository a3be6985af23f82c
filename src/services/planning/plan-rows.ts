/** Plans and tasks between table rows and what the services return. */
import type { Plan } from '../../entities/plan.ts'
import type { Task } from '../../entities/task.ts'
import type { Queryable, Row } from '../recording/rows.ts'

type PlanRow = {
  id: string
  request_id: string
  submitted_by: string
  revision: number
  content_hash: string
  status: Plan['status']
  complexity: Plan['complexity']
  will_use_external_ai: boolean
  summary: string
  estimated_minutes: number
  failure_reason: string | null
  supersedes_id: string | null
  changes: Plan['changes']
  risk: Plan['risk']
  approval_id: string | null
  expires_at: Date | null
  created_at: Date
  approved_at: Date | null
  started_at: Date | null
  finished_at: Date | null
  waiting_tasks: number
  next_retry_at: Date | null
}

/** The row to write, keyed by column. */
export const planRow = (plan: Plan): Row => ({
  id: plan.id,
  request_id: plan.request,
  submitted_by: plan.submittedBy,
  revision: plan.revision,
  content_hash: plan.contentHash,
  status: plan.status,
  complexity: plan.complexity,
  will_use_external_ai: plan.willUseExternalAi,
  summary: plan.summary,
  estimated_minutes: plan.estimatedMinutes,
  failure_reason: plan.failureReason,
  supersedes_id: plan.supersedes,
  changes: plan.changes,
  risk: plan.risk,
  approval_id: plan.approvalId,
  expires_at: plan.expiresAt,
  created_at: plan.createdAt,
  approved_at: plan.approvedAt,
  started_at: plan.startedAt,
  finished_at: plan.finishedAt,
  waiting_tasks: plan.waitingTasks,
  next_retry_at: plan.nextRetryAt,
} satisfies Record<keyof PlanRow, unknown>)

export const toPlan = (row: PlanRow): Plan => ({
  id: row.id,
  request: row.request_id,
  submittedBy: row.submitted_by,
  revision: row.revision,
  contentHash: row.content_hash,
  status: row.status,
  complexity: row.complexity,
  willUseExternalAi: row.will_use_external_ai,
  summary: row.summary,
  estimatedMinutes: row.estimated_minutes,
  failureReason: row.failure_reason,
  supersedes: row.supersedes_id,
  changes: row.changes,
  risk: row.risk,
  approvalId: row.approval_id,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  approvedAt: row.approved_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  waitingTasks: row.waiting_tasks,
  nextRetryAt: row.next_retry_at,
})

type TaskRow = {
  id: string
  plan_id: string
  position: number
  name: string
  intent: string
  work_type: string
  agent_type: string
  parameters: Task['parameters']
  depends_on: Task['dependsOn']
  effect: Task['effect']
  requires: Task['requires']
  same_agent: boolean
  timeout_seconds: number
  max_attempts: number
  use_external_ai: boolean
  capability_digest: string
  estimated_minutes: number
  estimate: Task['estimate']
  feasibility: Task['feasibility']
  status: Task['status']
  attempt: number
  attempts_allowed: number
  agent_id: string | null
  progress: number | null
  output: unknown
  failure_reason: string | null
  carried_from: string | null
  next_attempt_at: Date | null
  dispatched_at: Date | null
  started_at: Date | null
  finished_at: Date | null
}

/** The row to write, keyed by column. */
export const taskRow = (task: Task): Row => ({
  id: task.id,
  plan_id: task.plan,
  position: task.order,
  name: task.name,
  intent: task.intent,
  work_type: task.workType,
  agent_type: task.agentType,
  parameters: task.parameters,
  depends_on: task.dependsOn,
  effect: task.effect,
  requires: task.requires,
  same_agent: task.sameAgent,
  timeout_seconds: task.timeoutSeconds,
  max_attempts: task.maxAttempts,
  use_external_ai: task.useExternalAi,
  capability_digest: task.capabilityDigest,
  estimated_minutes: task.estimatedMinutes,
  estimate: task.estimate,
  feasibility: task.feasibility,
  status: task.status,
  attempt: task.attempt,
  attempts_allowed: task.attemptsAllowed,
  agent_id: task.agentId,
  progress: task.progress,
  output: task.output,
  failure_reason: task.failureReason,
  carried_from: task.carriedFrom,
  next_attempt_at: task.nextAttemptAt,
  dispatched_at: task.dispatchedAt,
  started_at: task.startedAt,
  finished_at: task.finishedAt,
} satisfies Record<keyof TaskRow, unknown>)

const toTask = (row: TaskRow): Task => ({
  id: row.id,
  plan: row.plan_id,
  order: row.position,
  name: row.name,
  intent: row.intent,
  workType: row.work_type,
  agentType: row.agent_type,
  parameters: row.parameters,
  dependsOn: row.depends_on,
  effect: row.effect,
  requires: row.requires,
  sameAgent: row.same_agent,
  timeoutSeconds: row.timeout_seconds,
  maxAttempts: row.max_attempts,
  useExternalAi: row.use_external_ai,
  capabilityDigest: row.capability_digest,
  estimatedMinutes: row.estimated_minutes,
  estimate: row.estimate,
  feasibility: row.feasibility,
  status: row.status,
  attempt: row.attempt,
  attemptsAllowed: row.attempts_allowed,
  agentId: row.agent_id,
  progress: row.progress,
  output: row.output,
  failureReason: row.failure_reason,
  carriedFrom: row.carried_from,
  nextAttemptAt: row.next_attempt_at,
  dispatchedAt: row.dispatched_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
})

/** The plan with the highest revision of each request that has one, by request. */
export async function readLatestPlans(client: Queryable, requestIds: readonly string[]): Promise<Map<string, Plan>> {
  const { rows } = await client.query({
    name: 'read_latest_plans',
    text: `select p.* from unnest($1::uuid[]) r(id) cross join lateral (
      select * from plan where request_id = r.id order by revision desc limit 1) p`,
    values: [requestIds],
  })
  return new Map((rows as PlanRow[]).map((row) => [row.request_id, toPlan(row)]))
}

/** One plan, or null. */
export async function readPlan(client: Queryable, id: string): Promise<Plan | null> {
  const { rows } = await client.query({ name: 'read_plan', text: 'select * from plan where id = $1', values: [id] })
  const row = (rows as PlanRow[])[0]
  return row ? toPlan(row) : null
}

/** The tasks of a plan in order. */
export async function readTasks(client: Queryable, planId: string): Promise<Task[]> {
  const { rows } = await client.query({ name: 'read_tasks_of_plan', text: 'select * from task where plan_id = $1 order by position', values: [planId] })
  return (rows as TaskRow[]).map(toTask)
}
