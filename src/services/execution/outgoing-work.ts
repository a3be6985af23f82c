/** The rules' messages to agents: as rows of the outbox, and as CloudEvents made from a row and its plan. */
import type { Cause } from '../../cause.ts'
import { toGlobalId } from '../../global-id.ts'
import type { PlanState, TaskDefinition } from '../../lifecycle/plan-state.ts'
import type { AgentMessage } from '../../lifecycle/transition.ts'
import { formatMessage } from '../../messaging/cloud-event.ts'
import { maxOutputBytes, type MessageData, type MessageType, type WorkRequested } from '../../messaging/messages.ts'
import type { OutgoingMessage } from '../../messaging/port.ts'
import type { StartSpan } from '../../span.ts'
import type { PlanBatch } from './plan-batch.ts'

/** A row of `outbox_message`. */
export type OutboxRow = {
  readonly id: string
  readonly type: AgentMessage['type']
  readonly agent_name: string
  readonly plan_id: string
  readonly task_id: string
  readonly attempt: number
  readonly detail: string | null
  readonly request_id: string | null
  readonly traceparent: string | null
  readonly claimed_by: string
  readonly claimed_until: string
  /** ISO time as written, a Date as read. */
  readonly created_at: string | Date
}

/** A row of the outbox with what leaves for it. */
export type OutgoingWork = { readonly row: OutboxRow; readonly message: OutgoingMessage }

export type OutgoingDeps = {
  readonly newId: () => string
  readonly replicaId: string
  readonly leaseSeconds: number
  /** Begins the span of a dispatch; absent: no traces. */
  readonly startSpan?: StartSpan | undefined
  /** The signature of a message to an agent; absent: unsigned. */
  readonly sign?: ((message: { readonly type: MessageType; readonly agentName: string; readonly data: unknown }) => string) | undefined
}

export type FormatDeps = Pick<OutgoingDeps, 'leaseSeconds' | 'startSpan' | 'sign'>

/** How long the writing replica has to get a message confirmed before another takes it over. */
const claimSeconds = 10
const longestReason = 2_000

/** @param causes what caused the batch's messages, by plan; travels with them */
export function outboxRows({ newId, replicaId }: OutgoingDeps, batch: PlanBatch, causes: Pick<ReadonlyMap<string, Cause>, 'get'>): OutboxRow[] {
  const claimedUntil = new Date(batch.now.getTime() + claimSeconds * 1_000).toISOString()
  return batch.messages.map(({ planId, message }) => {
    const cause = causes.get(planId)
    return {
      id: newId(),
      type: message.type,
      agent_name: message.agentName,
      plan_id: planId,
      task_id: batch.states.get(planId)!.definition.tasks[message.order - 1]!.id,
      attempt: message.attempt,
      detail: message.type === 'granted' ? message.instance : message.type === 'cancelled' ? message.reason.slice(0, longestReason) : null,
      request_id: cause?.requestId ?? null,
      traceparent: cause?.traceparent ?? null,
      claimed_by: replicaId,
      claimed_until: claimedUntil,
      created_at: batch.nowIso,
    }
  })
}

/**
 * What leaves for a row. Everything in it but the outputs of finished dependencies was fixed before the row was
 * written, so whichever replica makes it, it says the same.
 */
export function formatOutgoing(deps: FormatDeps, row: OutboxRow, plan: PlanState, task: TaskDefinition): OutgoingWork {
  const subject = toGlobalId('Plan', row.plan_id)
  const attributes = {
    id: row.id, source: '/planwright/service', time: row.created_at, subject,
    requestid: row.request_id ?? undefined, traceparent: traceDispatch(deps, row, task),
  }
  const ref = { taskId: toGlobalId('Task', task.id), attempt: row.attempt }
  const signed = <Type extends MessageType>(type: Type, data: MessageData<Type>): OutgoingWork => {
    const body = formatMessage(type, data, { ...attributes, signature: deps.sign?.({ type, agentName: row.agent_name, data }) })
    const expiry = row.type === 'requested' ? { expiresAfterMs: deps.leaseSeconds * 1_000 } : {}
    return { row, message: { exchange: 'work', routingKey: `agent.${row.agent_name}`, messageId: row.id, body, ...expiry } }
  }
  switch (row.type) {
    case 'granted':
      return signed('planwright.work.granted', { ...ref, instance: row.detail! })
    case 'cancelled':
      return signed('planwright.work.cancelled', { ...ref, reason: row.detail! })
    case 'requested':
      return signed('planwright.work.requested', requestOf(plan, task, { ...ref, planId: subject, agent: row.agent_name }))
  }
}

const requestOf = (plan: PlanState, task: TaskDefinition, ref: Pick<WorkRequested, 'planId' | 'taskId' | 'attempt' | 'agent'>): WorkRequested => ({
  planId: ref.planId,
  taskId: ref.taskId,
  attempt: ref.attempt,
  revision: plan.definition.revision,
  contentHash: plan.definition.contentHash,
  approvalId: toGlobalId('Approval', plan.approvalId!),
  capabilityDigest: task.capabilityDigest,
  agent: ref.agent,
  intent: task.intent,
  workType: task.workType,
  parameters: task.parameters,
  inputs: inputsOf(plan, task),
  effect: task.effect,
  requires: task.requires,
  timeoutSeconds: task.timeoutSeconds,
  idempotencyKey: ref.taskId,
  useExternalAi: task.useExternalAi,
})

/** The trace context to send along: that of a span of its own for work, that of the cause otherwise. */
function traceDispatch({ startSpan }: FormatDeps, row: OutboxRow, task: TaskDefinition): string | undefined {
  const parent = row.traceparent ?? undefined
  if (!startSpan || row.type !== 'requested') return parent
  const span = startSpan(`dispatch ${task.intent}`, {
    kind: 'producer',
    parent,
    attributes: {
      'planwright.plan.id': toGlobalId('Plan', row.plan_id), 'planwright.task.id': toGlobalId('Task', task.id),
      'planwright.attempt': row.attempt, 'planwright.agent': row.agent_name,
    },
  })
  span.end()
  return span.traceparent
}

/** Outputs of the direct dependencies by task id; what no longer fits is named with its size instead. */
function inputsOf(plan: PlanState, task: TaskDefinition): Record<string, unknown> {
  let room = maxOutputBytes
  return Object.fromEntries(
    task.dependsOn.map((order) => {
      const { output } = plan.tasks[order - 1]!
      const bytes = output === null || output === undefined ? 0 : Buffer.byteLength(JSON.stringify(output))
      const fits = bytes <= room
      if (fits) room -= bytes
      return [toGlobalId('Task', plan.definition.tasks[order - 1]!.id), fits ? (output ?? null) : { omitted: true, bytes }]
    }),
  )
}
