/** The rules' messages as rows of the outbox: CloudEvents, ready to leave. */
import type { Cause } from '../../cause.ts'
import { toGlobalId } from '../../global-id.ts'
import type { PlanState, TaskDefinition } from '../../lifecycle/plan-state.ts'
import type { AgentMessage } from '../../lifecycle/transition.ts'
import { formatMessage } from '../../messaging/cloud-event.ts'
import { maxOutputBytes, type MessageData, type MessageType, type WorkRequested } from '../../messaging/messages.ts'
import type { StartSpan } from '../../span.ts'
import type { PlanBatch } from './plan-batch.ts'

/** A row of `outbox_message`. */
export type OutboxRow = {
  readonly id: string
  readonly exchange: 'work' | 'events'
  readonly routing_key: string
  readonly body: string
  readonly expires_after_ms: number | null
  readonly task_id: string | null
  readonly attempt: number | null
  readonly claimed_by: string
  readonly claimed_until: string
  readonly created_at: string
}

export type OutgoingDeps = {
  readonly newId: () => string
  readonly replicaId: string
  readonly leaseSeconds: number
  /** Begins the span of a dispatch; absent: no traces. */
  readonly startSpan?: StartSpan | undefined
  /** The signature of a message to an agent; absent: unsigned. */
  readonly sign?: (message: { readonly type: MessageType; readonly agentName: string; readonly data: unknown }) => string
}

/** How long the writing replica has to get a message confirmed before another takes it over. */
const claimSeconds = 10

/** @param causes what caused the batch's messages, by plan; travels with them */
export function outboxRows(deps: OutgoingDeps, batch: PlanBatch, causes: Pick<ReadonlyMap<string, Cause>, 'get'>): OutboxRow[] {
  const claimedUntil = new Date(batch.now.getTime() + claimSeconds * 1_000).toISOString()
  return batch.messages.map(({ planId, message }) => {
    const plan = batch.states.get(planId)!
    const task = plan.definition.tasks[message.order - 1]!
    const id = deps.newId()
    return {
      id,
      exchange: 'work',
      routing_key: `agent.${message.agentName}`,
      body: format(deps, batch, plan, task, message, id, causes.get(planId)),
      expires_after_ms: message.type === 'requested' ? deps.leaseSeconds * 1_000 : null,
      task_id: task.id,
      attempt: message.attempt,
      claimed_by: deps.replicaId,
      claimed_until: claimedUntil,
      created_at: batch.nowIso,
    }
  })
}

function format(deps: OutgoingDeps, batch: PlanBatch, plan: PlanState, task: TaskDefinition, message: AgentMessage, id: string, cause: Cause | undefined): string {
  const attributes = {
    id, source: '/planwright/service', time: batch.nowIso, subject: toGlobalId('Plan', plan.definition.id),
    requestid: cause?.requestId, traceparent: traceDispatch(deps, plan, task, message, cause),
  }
  const ref = { taskId: toGlobalId('Task', task.id), attempt: message.attempt }
  const signed = <Type extends MessageType>(type: Type, data: MessageData<Type>): string =>
    formatMessage(type, data, { ...attributes, signature: deps.sign?.({ type, agentName: message.agentName, data }) })
  switch (message.type) {
    case 'granted':
      return signed('planwright.work.granted', { ...ref, instance: message.instance })
    case 'cancelled':
      return signed('planwright.work.cancelled', { ...ref, reason: message.reason.slice(0, 2_000) })
    case 'requested': {
      const data: WorkRequested = {
        planId: attributes.subject,
        ...ref,
        revision: plan.definition.revision,
        contentHash: plan.definition.contentHash,
        approvalId: toGlobalId('Approval', plan.approvalId!),
        capabilityDigest: task.capabilityDigest,
        agent: message.agentName,
        intent: task.intent,
        workType: task.workType,
        parameters: task.parameters,
        inputs: inputsOf(plan, task),
        effect: task.effect,
        requires: task.requires,
        timeoutSeconds: task.timeoutSeconds,
        idempotencyKey: ref.taskId,
        useExternalAi: task.useExternalAi,
      }
      return signed('planwright.work.requested', data)
    }
  }
}

/** The trace context to send along: that of a span of its own for work, that of the cause otherwise. */
function traceDispatch({ startSpan }: OutgoingDeps, plan: PlanState, task: TaskDefinition, message: AgentMessage, cause: Cause | undefined): string | undefined {
  if (!startSpan || message.type !== 'requested') return cause?.traceparent
  const span = startSpan(`dispatch ${task.intent}`, {
    kind: 'producer',
    parent: cause?.traceparent,
    attributes: {
      'planwright.plan.id': toGlobalId('Plan', plan.definition.id), 'planwright.task.id': toGlobalId('Task', task.id),
      'planwright.attempt': message.attempt, 'planwright.agent': message.agentName,
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
