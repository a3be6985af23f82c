import { defineEntity, p } from '@mikro-orm/postgresql'
import { attemptStatuses } from '../lifecycle/states.ts'
import { Task } from './task.ts'

const AttemptSchema = defineEntity({
  name: 'Attempt',
  uniques: [{ properties: ['task', 'number'] }],
  indexes: [
    /** For estimates: the latest attempts of a work type. */
    { properties: ['workType', 'finishedAt'] },
    /** For plans by agent. */
    { properties: ['agentId', 'planId'] },
  ],
  properties: {
    id: p.uuid().primary(),
    /** No constraint: the engine writes it with its task locked. */
    task: () => p.manyToOne(Task).mapToPk().createForeignKeyConstraint(false),
    planId: p.uuid(),
    /** 1-based by task; fences the results of older attempts. */
    number: p.integer(),
    agentId: p.uuid(),
    /** The run of the agent that holds it, known once accepted. */
    instance: p.text().nullable(),
    intent: p.text(),
    workType: p.text(),
    status: p.enum(attemptStatuses).$type<(typeof attemptStatuses)[number]>(),
    /** Why it ended the way it did. */
    reason: p.text().nullable(),
    /** Database time after which the attempt counts as lost; heartbeats renew it. */
    leaseUntil: p.datetime().columnType('timestamptz(3)'),
    /** End of the timeout, from the moment it started. */
    deadlineAt: p.datetime().columnType('timestamptz(3)').nullable(),
    dispatchedAt: p.datetime().columnType('timestamptz(3)'),
    startedAt: p.datetime().columnType('timestamptz(3)').nullable(),
    finishedAt: p.datetime().columnType('timestamptz(3)').nullable(),
    progressEntries: p.integer(),
  },
})

/** One dispatch of a task to one agent. */
export class Attempt extends AttemptSchema.class {}
AttemptSchema.setClass(Attempt)
