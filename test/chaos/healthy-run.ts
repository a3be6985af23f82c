/** The evidence of a small run in which every promise was kept: a plan of two tasks, approved and carried out. */
import { canonicalJson, contentHashOf, sha256 } from '../../chaos/check/canonical-json.ts'
import type { Records } from '../../chaos/check/records.ts'
import type { LogRow, Tables } from '../../chaos/check/tables.ts'

const at = new Date(1_000)
const tasks: readonly ReturnType<typeof taskRow>[] = [taskRow(1, []), taskRow(2, [1])]

function taskRow(position: number, depends_on: number[]) {
  return {
    id: `t${position}`, plan_id: 'p', position, name: `Step ${position}`, intent: 'step', work_type: 'work', agent_type: 'chaos',
    parameters: { token: `s${position}` }, depends_on, effect: position === 2 ? 'irreversible' : 'retry_safe', requires: {}, same_agent: false,
    timeout_seconds: 60, max_attempts: 3, use_external_ai: false, capability_digest: 'd', status: 'SUCCEEDED', attempt: 1,
    output: { execution: `e${position}` }, failure_reason: null,
  }
}

const read = tasks.map((task) => ({
  order: task.position, name: task.name, intent: task.intent, workType: task.work_type, agentType: task.agent_type, parameters: task.parameters,
  dependsOn: task.depends_on.map((order) => ({ order })), effect: task.effect.toUpperCase(), timeoutSeconds: 60, maxAttempts: 3,
  requires: { cpu: null }, sameAgent: false, useExternalAi: false, capabilityDigest: 'd',
}))
const contentHash = contentHashOf(read.map((task) => ({ ...task, dependsOn: task.dependsOn.map(({ order }) => order), effect: task.effect.toLowerCase(), requires: {} })))

const chain = (entries: readonly Partial<LogRow>[]): LogRow[] => {
  let previous: Buffer = Buffer.alloc(32)
  return entries.map((entry, index) => {
    const row = {
      stream: 'p', sequence: index + 1, stream_kind: 'PLAN', kind: '', actor: 'service', message: '', detail: null, task_id: null, attempt: null,
      plan_status: null, task_status: null, approval_id: null, routing_decision_id: null, fallback_decision_id: null, ...entry,
    }
    previous = sha256(previous, canonicalJson({ ...row, at: at.toISOString() }))
    return { ...row, at, hash: previous }
  })
}

const log = chain([
  { kind: 'PLAN_PROPOSED', plan_status: 'PENDING_APPROVAL' },
  { kind: 'PLAN_APPROVED', plan_status: 'APPROVED' },
  { kind: 'TASK_DISPATCHED', task_id: 't1', attempt: 1, task_status: 'DISPATCHED' },
  { kind: 'TASK_SUCCEEDED', task_id: 't1', attempt: 1, task_status: 'SUCCEEDED' },
  { kind: 'TASK_DISPATCHED', task_id: 't2', attempt: 1, task_status: 'DISPATCHED' },
  { kind: 'TASK_SUCCEEDED', task_id: 't2', attempt: 1, task_status: 'SUCCEEDED' },
  { kind: 'PLAN_COMPLETED', plan_status: 'COMPLETED' },
])

export const tables: Tables = {
  requests: [{ id: 'r', idempotency_key: 'key', status: 'PARSING_COMPLETE' }],
  plans: [{ id: 'p', request_id: 'r', revision: 1, content_hash: contentHash, status: 'COMPLETED', approval_id: 'a' }],
  tasks,
  attempts: tasks.map(({ id }) => ({ task_id: id, number: 1, agent: 'agent-1', instance: 'one', status: 'SUCCEEDED', reason: null, dispatched_at: at, finished_at: at })),
  approvals: [{ id: 'a', plan_id: 'p', content_hash: contentHash, decision: 'APPROVED', decided_by: 'ann' }],
  evidence: [],
  agents: [{ name: 'agent-1', open_attempts: 0 }],
  log,
  streams: [{ id: 'p', sequence: log.length, head: log.at(-1)!.hash }],
  unsent: 0,
}

const decision = { number: 1, what: 'decide' as const, input: { planId: 'p', approved: true, contentHash } }
const work = (word: string, task: (typeof tasks)[number]) => ({
  exchange: 'work', agent: 'agent-1', messageId: `${word} ${task.id}`, type: `planwright.work.${word}`,
  data: {
    planId: 'Plan_p', taskId: `Task_${task.id}`, attempt: 1, approvalId: 'Approval_a', contentHash, intent: task.intent, workType: task.work_type,
    parameters: task.parameters, effect: task.effect, requires: {}, timeoutSeconds: 60, useExternalAi: false, capabilityDigest: 'd',
  },
})

export const records: Records = {
  drafts: [{ number: 1, key: 'key', userId: 'ann', steps: tasks.map(({ parameters }) => ({ parameters: { ...parameters, ending: 'succeed' } })), decision: 'approve', cancelAfterMs: null }],
  proposals: [{ number: 1, requestId: 'r', planId: 'p', contentHash, tasks: read }],
  said: [{ ...decision, answer: null }, { ...decision, answer: { type: 'Plan', id: 'p' } }],
  faults: [],
  left: new Set([1]),
  over: { failed: [], deadLetters: 0, exits: [0] },
  wire: [work('requested', tasks[0]!), work('requested', tasks[1]!), work('granted', tasks[1]!)],
  executions: tasks.map(({ id, position }) => ({
    execution: `e${position}`, agent: 'agent-1', instance: 'one', planId: 'p', taskId: id, attempt: 1, contentHash, approvalId: 'a',
    inputs: Object.fromEntries(position === 2 ? [['t1', { execution: 'e1' }]] : []), startedAt: position * 10, endedAt: position * 10 + 5, how: 'succeeded',
  })),
  confirmed: tasks.map(({ id, position }) => ({ t: position * 10 + 6, agent: 'agent-1', messageId: `m ${id}`, word: 'succeeded', taskId: id, attempt: 1 })),
}
