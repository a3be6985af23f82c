/** Whether nothing ran but what a person approved, as it was approved. */
import { canonicalJson, contentHashOf } from './canonical-json.ts'
import { attemptKey, type Evidence } from './evidence.ts'
import { bareId, type ReadTask, type WireMessage } from './records.ts'
import type { TaskRow } from './tables.ts'
import type { Violation } from './violation.ts'

const unapproved = (kind: string, message: string): Violation => ({ category: 'unapproved', kind, message })

export function checkApprovals(evidence: Evidence): Violation[] {
  return [...checkHashes(evidence), ...checkAnswers(evidence), ...checkWire(evidence), ...checkSentOnce(evidence), ...checkExecutions(evidence)]
}

const storedTask = (task: TaskRow) => ({
  order: task.position, name: task.name, intent: task.intent, workType: task.work_type, agentType: task.agent_type,
  parameters: task.parameters, dependsOn: task.depends_on, effect: task.effect, timeoutSeconds: task.timeout_seconds,
  maxAttempts: task.max_attempts, requires: task.requires, sameAgent: task.same_agent, useExternalAi: task.use_external_ai,
  capabilityDigest: task.capability_digest,
})

const readTask = (task: ReadTask) => ({
  order: task.order, name: task.name, intent: task.intent, workType: task.workType, agentType: task.agentType,
  parameters: task.parameters, dependsOn: task.dependsOn.map(({ order }) => order), effect: task.effect.toLowerCase(),
  timeoutSeconds: task.timeoutSeconds, maxAttempts: task.maxAttempts, sameAgent: task.sameAgent, useExternalAi: task.useExternalAi,
  requires: Object.fromEntries(Object.entries(task.requires).filter(([, amount]) => amount !== null)),
  capabilityDigest: task.capabilityDigest,
})

/** The hash of what is stored and of what was read must both be the one that was shown. */
function checkHashes({ tables, tasksOf, proposals }: Evidence): Violation[] {
  return tables.plans.flatMap((plan) => {
    const stored = contentHashOf((tasksOf.get(plan.id) ?? []).map(storedTask))
    const proposal = proposals.get(plan.id)
    const read = proposal ? contentHashOf(proposal.tasks.map(readTask)) : stored
    const shown = proposal?.contentHash ?? plan.content_hash
    if (stored === plan.content_hash && read === stored && shown === stored) return []
    return [unapproved('hash_differs', `plan ${plan.id}: stored ${plan.content_hash}, shown ${shown}, recomputed ${stored} and, as read, ${read}`)]
  })
}

/** A positive answer to an approval is about the hash that was sent, and is in the tables. */
function checkAnswers({ records, tables, plans }: Evidence): Violation[] {
  return records.said.flatMap(({ what, input, answer }) => {
    if (what !== 'decide' || answer?.type !== 'Plan') return []
    const planId = input.planId!
    const violations: Violation[] = []
    if (plans.get(planId)?.content_hash !== input.contentHash) {
      violations.push(unapproved('other_hash_accepted', `plan ${planId}: a decision about ${input.contentHash} was accepted`))
    }
    const decision = input.approved ? 'APPROVED' : 'REJECTED'
    if (!tables.approvals.some((row) => row.plan_id === planId && row.decision === decision)) {
      violations.push({ category: 'lost', kind: 'decision_lost', message: `plan ${planId}: the answered decision is not in the tables` })
    }
    return violations
  })
}

/** Hashes for which a person asked to approve a plan, by plan. */
function askedHashes({ records }: Evidence): Map<string, Set<string>> {
  const asked = new Map<string, Set<string>>()
  for (const { what, input } of records.said) {
    if (what !== 'decide' || !input.approved) continue
    asked.set(input.planId!, (asked.get(input.planId!) ?? new Set()).add(input.contentHash!))
  }
  return asked
}

function checkWire(evidence: Evidence): Violation[] {
  const approvals = new Map(evidence.tables.approvals.map((row) => [row.id, row]))
  const asked = askedHashes(evidence)
  return evidence.records.wire.filter(({ type }) => type === 'planwright.work.requested').flatMap(({ agent, data }) => {
    const [planId, taskId, approvalId] = [bareId(data.planId), bareId(data.taskId), bareId(data.approvalId)]
    const hash = String(data.contentHash)
    const named = `task ${taskId}, attempt ${data.attempt} for ${agent}`
    const approval = approvals.get(approvalId)
    const task = evidence.tasks.get(taskId)
    const violations: Violation[] = []
    if (approval?.plan_id !== planId || approval.decision !== 'APPROVED' || approval.content_hash !== hash) {
      violations.push(unapproved('sent_without_approval', `${named}: no approval ${approvalId} of ${hash} is recorded`))
    }
    if (!asked.get(planId)?.has(hash)) violations.push(unapproved('sent_unasked', `${named}: nobody asked to approve ${hash}`))
    if (evidence.attempts.get(attemptKey(taskId, Number(data.attempt)))?.agent !== agent) {
      violations.push(unapproved('sent_without_record', `${named} was sent, and no such attempt is recorded`))
    }
    if (!task || task.plan_id !== planId || differs(task, data)) violations.push(unapproved('sent_differs', `${named} differs from the approved task`))
    return violations
  })
}

/** What is sent again because nobody knows whether it left is the same message; another one about the same attempt was never on record. */
function checkSentOnce({ records }: Evidence): Violation[] {
  const requests = records.wire.filter(({ type }) => type === 'planwright.work.requested')
  const byAttempt = Map.groupBy(requests, ({ data }) => attemptKey(bareId(data.taskId), Number(data.attempt)))
  return [...byAttempt].flatMap(([attempt, messages]) => {
    const ids = new Set(messages.map(({ messageId }) => messageId)).size
    return ids > 1 ? [unapproved('sent_off_record', `attempt ${attempt} was sent as ${ids} messages, of which one can be on record`)] : []
  })
}

function differs(task: TaskRow, data: WireMessage['data']): boolean {
  const sent = [data.intent, data.workType, data.parameters, data.effect, data.requires, data.timeoutSeconds, data.useExternalAi, data.capabilityDigest]
  const approved = [task.intent, task.work_type, task.parameters, task.effect, task.requires, task.timeout_seconds, task.use_external_ai, task.capability_digest]
  return canonicalJson(sent) !== canonicalJson(approved)
}

function checkExecutions({ records, tasks }: Evidence): Violation[] {
  const key = (agent: string, taskId: string, attempt: unknown, word: string) => `${agent} ${taskId} ${attempt} ${word}`
  const sent = new Set(records.wire.filter(({ exchange }) => exchange === 'work').map(({ agent, type, data }) =>
    key(agent, bareId(data.taskId), data.attempt, type.split('.').at(-1)!)))
  return records.executions.flatMap(({ agent, taskId, attempt }) => {
    const named = `${agent} ran task ${taskId}, attempt ${attempt}`
    if (!sent.has(key(agent, taskId, attempt, 'requested'))) return [unapproved('ran_unsent', `${named}, which was not sent to it`)]
    const needsGrant = tasks.get(taskId)?.effect === 'irreversible'
    return needsGrant && !sent.has(key(agent, taskId, attempt, 'granted')) ? [unapproved('ran_ungranted', `${named} without a grant`)] : []
  })
}
