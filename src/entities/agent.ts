import { defineEntity, p } from '@mikro-orm/postgresql'

/** Free capacity as the agent reported it. */
export type AgentResources = { cpuFree: number; memoryFreeMb: number; gpus: number }

const AgentSchema = defineEntity({
  name: 'Agent',
  properties: {
    id: p.uuid().primary(),
    name: p.text().unique(),
    agentType: p.text().index(),
    /** The present run of the agent. */
    instance: p.text(),
    intents: p.json<readonly string[]>(),
    workTypes: p.json<readonly string[]>(),
    slots: p.integer(),
    /** Open attempts, kept in the transaction that opens or ends one. */
    openAttempts: p.integer(),
    resources: p.json<AgentResources>(),
    /** Dispatches in a row that were never accepted; too many take the agent out of routing until `suspendedUntil`. */
    unanswered: p.integer(),
    suspendedUntil: p.datetime().columnType('timestamptz(3)').nullable(),
    /** False once the loss of the agent was logged. */
    online: p.boolean(),
    lastSeenAt: p.datetime().columnType('timestamptz(3)'),
    registeredAt: p.datetime().columnType('timestamptz(3)'),
  },
})

/** A process anywhere that takes work messages and returns results. */
export class Agent extends AgentSchema.class {}
AgentSchema.setClass(Agent)
