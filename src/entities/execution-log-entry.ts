import { defineEntity, p } from '@mikro-orm/postgresql'
import { executionLogKinds, planStatuses, streamKinds, taskStatuses } from '../lifecycle/states.ts'

const ExecutionLogEntrySchema = defineEntity({
  name: 'ExecutionLogEntry',
  indexes: [
    { properties: ['at', 'stream', 'sequence'] },
    { properties: ['actor', 'at'] },
  ],
  properties: {
    /** Id of the request, plan, agent or installation the entry belongs to. */
    stream: p.uuid().primary(),
    /** 1, 2, 3 … without gaps in each stream. */
    sequence: p.integer().primary(),
    streamKind: p.enum(streamKinds).$type<(typeof streamKinds)[number]>(),
    at: p.datetime().columnType('timestamptz(3)'),
    kind: p.enum(executionLogKinds).$type<(typeof executionLogKinds)[number]>(),
    /** `user:<id>`, `agent:<name>`, `service` or `rule:<name>`. */
    actor: p.text(),
    message: p.text(),
    detail: p.json<Readonly<Record<string, unknown>>>().nullable(),
    taskId: p.uuid().nullable(),
    attempt: p.integer().nullable(),
    /** The statuses after the change, where it changed them. */
    planStatus: p.enum(planStatuses).$type<(typeof planStatuses)[number]>().nullable(),
    taskStatus: p.enum(taskStatuses).$type<(typeof taskStatuses)[number]>().nullable(),
    approvalId: p.uuid().nullable(),
    routingDecisionId: p.uuid().nullable(),
    fallbackDecisionId: p.uuid().nullable(),
    /** SHA-256 over the previous entry's hash and this entry's canonical JSON; see execution-log/hash-chain. */
    hash: p.blob(),
  },
})

/** One row of the append-only log that the audit trail and the subscriptions read. */
export class ExecutionLogEntry extends ExecutionLogEntrySchema.class {}
ExecutionLogEntrySchema.setClass(ExecutionLogEntry)
