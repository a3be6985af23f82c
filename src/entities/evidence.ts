import { defineEntity, p } from '@mikro-orm/postgresql'
import { Plan } from './plan.ts'

const EvidenceSchema = defineEntity({
  name: 'Evidence',
  uniques: [{ properties: ['taskId', 'attempt', 'reason', 'agentName'] }],
  properties: {
    id: p.uuid().primary(),
    plan: () => p.manyToOne(Plan).mapToPk().index(),
    taskId: p.uuid(),
    attempt: p.integer(),
    /** Who sent it, as the routing key said. */
    agentName: p.text(),
    /** duplicate, stale_attempt, wrong_agent, after_cancel, plan_closed … */
    reason: p.text(),
    /** How often, and when first and last. */
    count: p.integer(),
    firstAt: p.datetime().columnType('timestamptz(3)'),
    lastAt: p.datetime().columnType('timestamptz(3)'),
    /** The first such message's type and data, bounded. */
    sample: p.json<unknown>(),
  },
})

/** Messages that changed nothing: one row per attempt and reason, shown in the audit trail. */
export class Evidence extends EvidenceSchema.class {}
EvidenceSchema.setClass(Evidence)
