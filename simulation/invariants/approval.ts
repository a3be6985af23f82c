/** Approved is what runs: every piece of work that left, and everything that was done, is what somebody approved. */
import type { WorkRequested } from '../../src/messaging/messages.ts'
import type { Ledger } from '../agents/ledger.ts'
import type { Stored } from '../bus/broker.ts'
import { canonicalJson, sha256 } from './canonical-json.ts'
import { globalId, type TaskRow, type Tables } from './tables.ts'

export function checkApproval(tables: Tables, stored: readonly Stored[], ledger: Ledger): string[] {
  const requests = stored.flatMap(({ exchange, body, at }) => {
    const event = JSON.parse(body) as { type: string; data: WorkRequested }
    return exchange === 'work' && event.type === 'planwright.work.requested' ? [{ work: event.data, at }] : []
  })
  const sent = new Set(requests.map(({ work }) => canonicalJson(work)))
  return [
    ...requests.flatMap(({ work, at }) => faultsOf(tables, work, at).map((fault) => `unapproved: ${fault} (${work.taskId} attempt ${work.attempt})`)),
    ...ledger.executions.filter(({ work }) => !sent.has(canonicalJson(work))).map(({ work }) => `unapproved: ${work.taskId} ran as nobody sent it`),
    ...tables.plans.filter((plan) => plan.content_hash !== hashOf(tables, plan.id)).map(({ id }) => `unapproved: plan ${id} is not what its hash says`),
  ]
}

function faultsOf({ plans, tasks, approvals, attempts }: Tables, work: WorkRequested, at: number): string[] {
  const plan = plans.find(({ id }) => globalId('Plan', id) === work.planId)
  const task = tasks.find(({ id }) => globalId('Task', id) === work.taskId)
  const approval = approvals.find(({ id }) => globalId('Approval', id) === work.approvalId)
  if (!plan || !task || task.plan_id !== plan.id) return ['work of no plan']
  const attempt = attempts.find(({ task_id, number }) => task_id === task.id && number === work.attempt)
  const asStored = { intent: task.intent, workType: task.work_type, parameters: task.parameters, effect: task.effect, timeoutSeconds: task.timeout_seconds, useExternalAi: task.use_external_ai, capabilityDigest: task.capability_digest }
  const asSent = Object.fromEntries(Object.keys(asStored).map((key) => [key, work[key as keyof WorkRequested]]))
  return [
    ...(attempt ? [] : ['no attempt is on record']),
    ...(attempt && at < attempt.dispatched_at.getTime() ? ['it left before its attempt was on record'] : []),
    ...(attempt && attempt.agent_name !== work.agent ? ['it went to another agent'] : []),
    ...(approval?.decision === 'APPROVED' && approval.plan_id === plan.id && plan.approval_id === approval.id ? [] : ['no approval is on record']),
    ...(approval && approval.content_hash !== plan.content_hash ? ['the approval is of another content'] : []),
    ...(work.contentHash === plan.content_hash ? [] : ['it carries another hash']),
    ...(work.revision === plan.revision ? [] : ['it carries another revision']),
    ...(approval?.skipped_tasks.includes(work.taskId) ? ['the approval left it out'] : []),
    ...(canonicalJson(asSent) === canonicalJson(asStored) ? [] : ['it differs from the task']),
    ...(work.idempotencyKey === work.taskId ? [] : ['it has another idempotency key']),
  ]
}

function hashOf({ tasks }: Tables, planId: string): string {
  const content = tasks.filter((task) => task.plan_id === planId).map((task: TaskRow) => ({
    order: task.position, name: task.name, intent: task.intent, workType: task.work_type, agentType: task.agent_type, parameters: task.parameters,
    dependsOn: task.depends_on.toSorted((a, b) => a - b), effect: task.effect, limits: { timeoutSeconds: task.timeout_seconds, maxAttempts: task.max_attempts },
    requires: task.requires, sameAgent: task.same_agent, useExternalAi: task.use_external_ai, capabilityDigest: task.capability_digest, carriedFrom: task.carried_from,
  }))
  return sha256(canonicalJson(content)).toString('hex')
}
