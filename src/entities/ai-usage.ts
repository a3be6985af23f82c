import { defineEntity, p } from '@mikro-orm/postgresql'

const AiUsageSchema = defineEntity({
  name: 'AiUsage',
  indexes: [{ properties: ['at'] }, { properties: ['planId'] }, { properties: ['requestId'] }],
  properties: {
    /** What it was for: `task:<id>:<attempt>` or `request:<id>:<n>`; booked once. */
    key: p.text().primary(),
    requestId: p.uuid(),
    planId: p.uuid().nullable(),
    taskId: p.uuid().nullable(),
    attempt: p.integer().nullable(),
    intent: p.text().nullable(),
    userId: p.text(),
    model: p.text(),
    inputTokens: p.bigint('number'),
    outputTokens: p.bigint('number'),
    costMicroUsd: p.bigint('number'),
    at: p.datetime().columnType('timestamptz(3)'),
  },
})

/** What external AI really cost, booked once per attempt or decomposition. */
export class AiUsage extends AiUsageSchema.class {}
AiUsageSchema.setClass(AiUsage)
