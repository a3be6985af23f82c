import { defineEntity, p } from '@mikro-orm/postgresql'

const OutboxMessageSchema = defineEntity({
  name: 'OutboxMessage',
  properties: {
    /** Also the CloudEvents id of the message. */
    id: p.uuid().primary(),
    type: p.enum(['requested', 'granted', 'cancelled']).$type<'requested' | 'granted' | 'cancelled'>(),
    agentName: p.text(),
    planId: p.uuid(),
    /** The attempt it belongs to: once that is over, a request that has not left yet is withdrawn. */
    taskId: p.uuid().index(),
    attempt: p.integer(),
    /** The run of the agent that is granted its start, or why it is told to stop. */
    detail: p.text().nullable(),
    /** What caused it; travels with the message. */
    requestId: p.text().nullable(),
    traceparent: p.text().nullable(),
    /** The replica that is publishing it, until its claim ends. */
    claimedBy: p.uuid().nullable(),
    claimedUntil: p.datetime().columnType('timestamptz(3)').index(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
})

/**
 * A message to an agent that was committed together with its cause and is not yet confirmed by the broker. What it says
 * follows from the plan, so it is not stored a second time.
 */
export class OutboxMessage extends OutboxMessageSchema.class {}
OutboxMessageSchema.setClass(OutboxMessage)
