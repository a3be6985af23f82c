import { defineEntity, p } from '@mikro-orm/postgresql'

const OutboxMessageSchema = defineEntity({
  name: 'OutboxMessage',
  properties: {
    /** Also the CloudEvents id of the message. */
    id: p.uuid().primary(),
    exchange: p.enum(['work', 'events']).$type<'work' | 'events'>(),
    routingKey: p.text(),
    body: p.text(),
    expiresAfterMs: p.integer().nullable(),
    /** The attempt a work message belongs to: once that is over, an unsent message is withdrawn. */
    taskId: p.uuid().nullable().index(),
    attempt: p.integer().nullable(),
    /** The replica that is publishing it, until its claim ends. */
    claimedBy: p.uuid().nullable(),
    claimedUntil: p.datetime().columnType('timestamptz(3)').index(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
})

/** A message that was committed together with its cause and is not yet confirmed by the broker. */
export class OutboxMessage extends OutboxMessageSchema.class {}
OutboxMessageSchema.setClass(OutboxMessage)
