/**
 * The wire protocol between service and agents: CloudEvents 1.0 in structured JSON mode. These schemas are the
 * single source: messages are checked by them, and JSON Schemas and the AsyncAPI document are printed from them.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
import { z } from 'zod'

/** Protocol version carried in `dataschema`; a receiver refuses a version it does not know. */
export const protocolVersion = 1

/** Largest message body accepted, in bytes. */
export const maxMessageBytes = 1_048_576
/** Largest `output` of a task and largest `inputs` of a work message, in bytes of JSON. */
export const maxOutputBytes = 262_144

const globalId = (type: string) =>
  z.string().regex(new RegExp(`^${type}_[0-9a-f-]{36}$`)).describe(`Global id, ${type}_<uuid>.`)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const attemptNumber = z.int().min(1).max(1_000_000).describe('Number of the attempt; fences results of older ones.')
const agentName = z.string().regex(/^[a-z0-9-]{1,64}$/)
const text = (max: number) => z.string().max(max)
const jsonObject = z.record(z.string().max(200), z.unknown())

const resourceRequirements = z
  .object({
    cpu: z.number().min(0).optional(),
    memoryMb: z.number().min(0).optional(),
    gpus: z.number().min(0).optional(),
  })
  .describe('Free capacity the task needs: CPU cores, MiB of memory, GPUs.')

/** What an agent needs to carry out one attempt of one task. */
const workRequestedData = z.object({
  planId: globalId('Plan'),
  taskId: globalId('Task'),
  attempt: attemptNumber,
  revision: z.int().min(1),
  contentHash: sha256.describe('Content hash of the approved plan revision.'),
  approvalId: globalId('Approval'),
  capabilityDigest: sha256.describe(
    'Digest of the catalog entry; an agent whose own entry differs refuses with CAPABILITY_CHANGED.',
  ),
  agent: agentName,
  intent: text(200),
  workType: text(200),
  parameters: jsonObject,
  inputs: jsonObject.describe('Outputs of the direct dependencies, by task id.'),
  effect: z.enum(['retry_safe', 'idempotent', 'irreversible']),
  requires: resourceRequirements,
  timeoutSeconds: z.number().positive(),
  idempotencyKey: text(200).describe('The same for all attempts of a task.'),
  useExternalAi: z.boolean(),
})
/** Permission to start an irreversible task whose attempt was accepted. */
const workGrantedData = z.object({
  taskId: globalId('Task'),
  attempt: attemptNumber,
  instance: text(100).min(1).describe('The run of the agent that may start; a later one that finds the grant must not.'),
})
/** Request to stop an attempt; answered by `stopped`. */
const workCancelledData = z.object({ taskId: globalId('Task'), attempt: attemptNumber, reason: text(2_000) })

const attemptRef = { taskId: globalId('Task'), attempt: attemptNumber, instance: text(100).min(1) }
const usage = z
  .object({
    model: text(200),
    inputTokens: z.int().min(0).max(1e12),
    outputTokens: z.int().min(0).max(1e12),
    costMicroUsd: z.int().min(0).max(1e15).describe('Millionths of a US dollar.'),
  })
  .describe('External AI used for this attempt.')

const workAcceptedData = z.object(attemptRef)
const workProgressedData = z.object({
  ...attemptRef,
  progress: z.number().min(0).max(1),
  message: text(2_000).optional(),
})
const workSucceededData = z.object({ ...attemptRef, output: z.unknown().optional(), usage: usage.optional() })
const workFailedData = z.object({
  ...attemptRef,
  error: z.object({ code: text(100), message: text(8_000), retryable: z.boolean() }),
  usage: usage.optional(),
})
const workStoppedData = z.object({
  ...attemptRef,
  outcome: z
    .enum(['stopped', 'ignored', 'finished'])
    .describe('Whether the cancel took effect, could not, or came too late.'),
  usage: usage.optional(),
})
const agentHeartbeatData = z.object({
  instance: text(100).min(1).describe('One run of the agent; a new one ends the attempts of the old one.'),
  agentType: text(100).min(1),
  slots: z.int().min(0).max(10_000),
  intents: z.array(text(200)).max(1_000),
  workTypes: z.array(text(200)).max(1_000),
  resources: z.object({
    cpuFree: z.number().min(0).describe('Free CPU cores.'),
    memoryFreeMb: z.number().min(0),
    gpus: z.number().min(0),
  }),
  attempts: z
    .array(z.object({ taskId: globalId('Task'), attempt: attemptNumber }))
    .max(10_000)
    .describe('Attempts this instance holds; the heartbeat renews only their leases.'),
})

/** Message type → schema of its data. */
export const messageData = {
  'planwright.work.requested': workRequestedData,
  'planwright.work.granted': workGrantedData,
  'planwright.work.cancelled': workCancelledData,
  'planwright.work.accepted': workAcceptedData,
  'planwright.work.progressed': workProgressedData,
  'planwright.work.succeeded': workSucceededData,
  'planwright.work.failed': workFailedData,
  'planwright.work.stopped': workStoppedData,
  'planwright.agent.heartbeat': agentHeartbeatData,
} as const

export type MessageType = keyof typeof messageData
export type MessageData<T extends MessageType> = z.infer<(typeof messageData)[T]>
export type WorkRequested = MessageData<'planwright.work.requested'>
export type AgentHeartbeat = MessageData<'planwright.agent.heartbeat'>
export type ExternalUsage = z.infer<typeof usage>

/** Last word of the routing key `agent.<name>.<word>` → message type an agent may send under it. */
export const agentMessageTypes = {
  accepted: 'planwright.work.accepted',
  progressed: 'planwright.work.progressed',
  succeeded: 'planwright.work.succeeded',
  failed: 'planwright.work.failed',
  stopped: 'planwright.work.stopped',
  heartbeat: 'planwright.agent.heartbeat',
} as const satisfies Record<string, MessageType>

/** The CloudEvents envelope around the data of one message type. */
export type CloudEvent<T extends MessageType = MessageType> = {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: T
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly dataschema: string
  readonly subject?: string
  /** W3C trace context. */
  readonly traceparent?: string
  /** Id of the request that caused it. */
  readonly requestid?: string
  /** Detached EdDSA JWS (RFC 7797) over the data, by the service. */
  readonly signature?: string
  readonly data: MessageData<T>
}
