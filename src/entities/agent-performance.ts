import { defineEntity, p } from '@mikro-orm/postgresql'
import { Agent } from './agent.ts'

const AgentPerformanceSchema = defineEntity({
  name: 'AgentPerformance',
  properties: {
    agent: () => p.manyToOne(Agent).mapToPk().primary(),
    intent: p.text().primary(),
    succeeded: p.integer(),
    failed: p.integer(),
    lost: p.integer(),
    /** Sum over succeeded attempts. */
    totalSeconds: p.double().$type<number>(),
  },
})

/** What an agent achieved with one intent, counted once per attempt. */
export class AgentPerformance extends AgentPerformanceSchema.class {}
AgentPerformanceSchema.setClass(AgentPerformance)
