import { defineEntity, p } from '@mikro-orm/postgresql'
import { decisions } from '../lifecycle/states.ts'
import { Plan } from './plan.ts'

const ApprovalSchema = defineEntity({
  name: 'Approval',
  indexes: [{ properties: ['decidedBy', 'decidedAt'] }],
  properties: {
    id: p.uuid().primary(),
    plan: () => p.manyToOne(Plan).mapToPk().index(),
    /** The content hash that was decided about. */
    contentHash: p.text(),
    decision: p.enum(decisions).$type<(typeof decisions)[number]>(),
    decidedBy: p.text(),
    notes: p.text().nullable(),
    acceptInfeasible: p.boolean(),
    /** Ids of tasks left out by this approval. */
    skippedTasks: p.json<readonly string[]>(),
    /** True where a rule of the catalog decided, no person. */
    byRule: p.boolean(),
    decidedAt: p.datetime().columnType('timestamptz(3)'),
  },
})

/** Who decided what about which content hash. */
export class Approval extends ApprovalSchema.class {}
ApprovalSchema.setClass(Approval)
