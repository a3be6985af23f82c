import { defineEntity, p } from '@mikro-orm/postgresql'
import { Task } from './task.ts'

/** One agent that was considered, with the factors (0..1) that made its score. */
export type RoutingCandidate = {
  agentId: string
  name: string
  score: number
  factors: { specialization: number; success: number; speed: number; load: number; affinity: number }
}

const RoutingDecisionSchema = defineEntity({
  name: 'RoutingDecision',
  properties: {
    id: p.uuid().primary(),
    /** No constraint: the engine writes it with its task locked, and checking it again is a fifth of the row's cost. */
    task: () => p.manyToOne(Task).mapToPk().createForeignKeyConstraint(false).index(),
    attempt: p.integer(),
    /** Null where nobody fitted and the task waits. */
    agentId: p.uuid().nullable(),
    /** The ten best, best first. */
    candidates: p.json<readonly RoutingCandidate[]>(),
    /** Reason → number of agents left out for it. */
    excluded: p.json<Readonly<Record<string, number>>>(),
    reason: p.text(),
    decidedAt: p.datetime().columnType('timestamptz(3)'),
  },
})

/** Why an attempt went to this agent; the choice can be recomputed from the row. */
export class RoutingDecision extends RoutingDecisionSchema.class {}
RoutingDecisionSchema.setClass(RoutingDecision)
