import { defineEntity, p } from '@mikro-orm/postgresql'
import type { Effect, ResourceRequirements } from '../catalog/capability.ts'
import { taskStatuses } from '../lifecycle/states.ts'
import { Plan } from './plan.ts'

/** Where an estimate comes from; `samples` counts the runs behind p50 and p90 (minutes). */
export type Estimate = {
  source: 'catalog' | 'history'
  p50: number
  p90: number
  samples: number
  /** Whose runs: of agents that could take the task, of agents of its type that can do it, or of any. */
  agents?: 'live' | 'able' | 'any' | null
}

/** Whether somebody can carry a task out, judged from the live agents. */
export type Feasibility = {
  status: 'READY' | 'BUSY' | 'OFFLINE' | 'NO_AGENT' | 'REFUSED'
  reason: string
  /** Expected wait in minutes where busy. */
  minutes: number | null
  checkedAt: string
}

const TaskSchema = defineEntity({
  name: 'Task',
  uniques: [{ properties: ['plan', 'order'] }],
  /** For plans by capability. */
  indexes: [{ properties: ['intent', 'plan'] }],
  properties: {
    id: p.uuid().primary(),
    plan: () => p.manyToOne(Plan).mapToPk(),
    /** 1-based position in the plan. */
    order: p.integer().fieldName('position'),
    name: p.text(),
    intent: p.text(),
    workType: p.text(),
    agentType: p.text(),
    parameters: p.json<Readonly<Record<string, unknown>>>(),
    /** Orders of the tasks of this plan it waits for. */
    dependsOn: p.json<readonly number[]>(),
    effect: p.enum(['retry_safe', 'idempotent', 'irreversible']).$type<Effect>(),
    requires: p.json<ResourceRequirements>(),
    sameAgent: p.boolean(),
    timeoutSeconds: p.double().$type<number>(),
    maxAttempts: p.integer(),
    useExternalAi: p.boolean(),
    capabilityDigest: p.text(),
    estimatedMinutes: p.double().$type<number>(),
    estimate: p.json<Estimate>(),
    feasibility: p.json<Feasibility>(),
    status: p.enum(taskStatuses).$type<(typeof taskStatuses)[number]>(),
    /** Number of the latest attempt; 0 before the first. */
    attempt: p.integer(),
    /** Attempts allowed in all; retryTask adds to it. */
    attemptsAllowed: p.integer(),
    agentId: p.uuid().nullable(),
    /** 0..1, as the agent reported. */
    progress: p.double().$type<number>().nullable(),
    output: p.json<unknown>().nullable(),
    failureReason: p.text().nullable(),
    /** The task of the earlier revision whose success this one keeps; it is not run again. */
    carriedFrom: p.uuid().nullable(),
    /** No new attempt before this time. */
    nextAttemptAt: p.datetime().columnType('timestamptz(3)').nullable(),
    dispatchedAt: p.datetime().columnType('timestamptz(3)').nullable(),
    startedAt: p.datetime().columnType('timestamptz(3)').nullable(),
    finishedAt: p.datetime().columnType('timestamptz(3)').nullable(),
  },
})

/** One unit of work in a plan. Its definition never changes; its state changes only by the lifecycle rules. */
export class Task extends TaskSchema.class {}
TaskSchema.setClass(Task)
