import { fromGlobalId } from '../global-id.ts'
import { evidenceOf, readAuditTrail, usageOf, type AuditTrail } from '../services/watching/audit-trail.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'
import { pageCost } from './page-cost.ts'
import { AiUsageType, EvidenceType, ExecutionLogEntryType, TaskType } from './refs.ts'

EvidenceType.implement({
  description: 'Messages of agents that changed nothing, such as late or repeated results: one row for each attempt and reason.',
  fields: (t) => ({
    task: t.field({
      type: TaskType,
      nullable: true,
      description: 'The task they were about.',
      resolve: ({ taskId }, _, { loaders }) => loaders.task.load(taskId),
    }),
    attempt: t.exposeInt('attempt', { description: 'Number of the attempt they were about.' }),
    agentName: t.exposeString('agentName', { description: 'Who sent them.' }),
    reason: t.exposeString('reason', { description: 'Why they changed nothing, as a stable word.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
    firstAt: t.expose('firstAt', { type: 'DateTime', description: 'When the first arrived.' }),
    lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When the latest arrived.' }),
    sample: t.field({ type: 'JSON', nullable: true, description: 'Type and data of the first, shortened.', resolve: ({ sample }) => sample ?? null }),
  }),
})

builder.queryField('auditTrail', (t) =>
  t.connection(
    {
      type: ExecutionLogEntryType,
      description: 'What happened, who did it, which agent, what did it cost: by request, plan, user or time, oldest first; at most 500 at a time. Where some is hidden from you, a page may be short although more follows: go on while `hasNextPage`.',
      authScopes: { reader: true },
      complexity: pageCost,
      args: {
        requestId: t.arg.id({ description: 'The log of this request and of all its plans.' }),
        planId: t.arg.id({ description: 'The log of this plan. Excludes requestId.' }),
        userId: t.arg.string({ description: 'Only what this user did.', validate: bounds.userId }),
        from: t.arg({ type: 'DateTime', description: 'Only what happened then or later.' }),
        to: t.arg({ type: 'DateTime', description: 'Only what happened before.' }),
      },
      resolve: (_, { requestId, planId, userId, from, to, ...page }, { em, loaders, viewer }) =>
        readAuditTrail(
          { em, loaders, viewer },
          {
            requestId: requestId == null ? null : fromGlobalId('Request', requestId),
            planId: planId == null ? null : fromGlobalId('Plan', planId),
            userId: userId ?? null,
            from: from ?? null,
            to: to ?? null,
          },
          page,
        ),
    },
    {
      description: 'One page of the audit trail, with what belongs to it beside the log.',
      fields: (t) => ({
        evidence: t.field({
          type: [EvidenceType],
          description: 'Messages that changed nothing, about the plans of this page; at most 1,000, oldest first.',
          resolve: (page, _, { em }) => evidenceOf({ em }, trailOf(page).planIds),
        }),
        usage: t.field({
          type: [AiUsageType],
          description: 'What external AI was used for the requests and plans of this page; at most 1,000, oldest first.',
          resolve: (page, _, { em }) => usageOf({ em }, trailOf(page)),
        }),
      }),
    },
    { description: 'One entry of the audit trail and its place in it.' },
  ))

// The connection's fields are typed by the common shape of all connections; the resolver above returns more.
const trailOf = (page: object): AuditTrail => page as AuditTrail
