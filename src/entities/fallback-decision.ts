import { defineEntity, p } from '@mikro-orm/postgresql'
import { complexities } from '../lifecycle/states.ts'
import { Plan } from './plan.ts'

const FallbackDecisionSchema = defineEntity({
  name: 'FallbackDecision',
  properties: {
    id: p.uuid().primary(),
    plan: () => p.manyToOne(Plan).mapToPk().unique(),
    useExternalAi: p.boolean(),
    complexity: p.enum(complexities).$type<(typeof complexities)[number]>(),
    /** Lowest confidence among the subtasks, 0..1. */
    confidence: p.double().$type<number>(),
    estimatedTokens: p.integer(),
    estimatedCostMicroUsd: p.bigint('number'),
    /** What was left of the quota when it was decided; null means unlimited. */
    tokensLeft: p.bigint('number').nullable(),
    costLeftMicroUsd: p.bigint('number').nullable(),
    reason: p.text(),
    decidedAt: p.datetime().columnType('timestamptz(3)'),
  },
})

/** Whether external AI is used for a plan, and why. */
export class FallbackDecision extends FallbackDecisionSchema.class {}
FallbackDecisionSchema.setClass(FallbackDecision)
