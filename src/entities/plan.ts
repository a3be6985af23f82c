import { defineEntity, p } from '@mikro-orm/postgresql'
import { complexities, planStatuses } from '../lifecycle/states.ts'
import { Request } from './request.ts'

const PlanSchema = defineEntity({
  name: 'Plan',
  uniques: [{ properties: ['request', 'revision'] }],
  indexes: [
    { properties: ['createdAt', 'id'] },
    { properties: ['status', 'createdAt', 'id'] },
    { properties: ['submittedBy', 'status', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.uuid().primary(),
    request: () => p.manyToOne(Request).mapToPk(),
    /** Who asked (copied from the request, for filters). */
    submittedBy: p.text(),
    /** 1-based, by request. */
    revision: p.integer(),
    /** SHA-256 (hex) over the canonical JSON of what is approved; see planning/content-hash.ts. */
    contentHash: p.text(),
    status: p.enum(planStatuses).$type<(typeof planStatuses)[number]>(),
    complexity: p.enum(complexities).$type<(typeof complexities)[number]>(),
    willUseExternalAi: p.boolean(),
    summary: p.text(),
    /** Expected minutes from start to end: the critical path. */
    estimatedMinutes: p.double().$type<number>(),
    failureReason: p.text().nullable(),
    /** The revision this one replaces, and what differs from it, readable. */
    supersedes: () => p.manyToOne(Plan).mapToPk().nullable(),
    changes: p.json<readonly string[]>(),
    /** Highest risk among its tasks; picks the approval rule. */
    risk: p.enum(['low', 'medium', 'high']).$type<'low' | 'medium' | 'high'>(),
    /** The approval that allowed it to run. */
    approvalId: p.uuid().nullable(),
    /** A pending plan that is not decided by then expires. */
    expiresAt: p.datetime().columnType('timestamptz(3)').nullable(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    approvedAt: p.datetime().columnType('timestamptz(3)').nullable(),
    startedAt: p.datetime().columnType('timestamptz(3)').nullable(),
    finishedAt: p.datetime().columnType('timestamptz(3)').nullable(),
    /** Tasks that are ready and find no agent, and when the next retry is due: by these open work is found, so that a task's updates touch no index. */
    waitingTasks: p.integer().default(0),
    nextRetryAt: p.datetime().columnType('timestamptz(3)').nullable(),
  },
})

/** A proposed or approved graph of tasks for one request, at one revision. */
export class Plan extends PlanSchema.class {}
PlanSchema.setClass(Plan)
