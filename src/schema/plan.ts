import { NotFoundError } from '../errors.ts'
import { fromGlobalId } from '../global-id.ts'
import { listPlans } from '../services/watching/list-plans.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'
import { Complexity, ListOrder, PlanStatus, Risk } from './enums.ts'
import { globalIdField, NodeInterface } from './node.ts'
import { pageCost } from './page-cost.ts'
import {
  ApprovalRuleType, ApprovalType, ExecutionLogEntryType, FallbackDecisionType, PlanType, RequestType, TaskType,
} from './refs.ts'
import { withTotal } from './total.ts'

PlanType.implement({
  description: 'A proposed or approved graph of tasks for one request, at one revision. What was approved is what runs.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id(globalIdField('Plan')),
    request: t.field({
      type: RequestType,
      description: 'The request it carries out.',
      resolve: async (plan, _, { loaders }) => (await loaders.request.load(plan.request))!,
    }),
    submittedBy: t.exposeString('submittedBy', { description: 'Who submitted the request.' }),
    revision: t.exposeInt('revision', { description: 'Number of the revision within the request, from 1; `revisePlan` expects it.' }),
    contentHash: t.exposeString('contentHash', { description: 'SHA-256 (hex) of all that an approval is about. Approve with the one you read.' }),
    status: t.expose('status', { type: PlanStatus, description: 'Where it stands.' }),
    complexity: t.expose('complexity', { type: Complexity, description: 'How demanding it is.' }),
    risk: t.expose('risk', { type: Risk, description: 'Highest risk among its tasks.' }),
    approvalRule: t.field({
      type: ApprovalRuleType,
      description: 'Who must approve a plan of this risk.',
      resolve: ({ risk }, _, { catalog }) => catalog.approvalRules[risk],
    }),
    willUseExternalAi: t.exposeBoolean('willUseExternalAi', { description: 'Whether its tasks may call external AI.' }),
    summary: t.exposeString('summary', { description: 'The tasks as numbered lines with their minutes, and the total.' }),
    estimatedMinutes: t.exposeFloat('estimatedMinutes', { description: 'Expected minutes from start to end.' }),
    tasks: t.field({
      type: [TaskType],
      description: 'Its tasks, in order.',
      resolve: (plan, _, { loaders }) => loaders.tasksByPlan.load(plan.id),
    }),
    approvals: t.field({
      type: [ApprovalType],
      description: 'Every decision about it, oldest first.',
      complexity: { field: 1, multiplier: 3 },
      resolve: (plan, _, { loaders }) => loaders.approvalsByPlan.load(plan.id),
    }),
    fallbackDecision: t.field({
      type: FallbackDecisionType,
      nullable: true,
      description: 'Whether external AI is used, and why; null where the check failed.',
      resolve: (plan, _, { loaders }) => loaders.fallbackDecisionOfPlan.load(plan.id),
    }),
    failureReason: t.exposeString('failureReason', { nullable: true, description: 'Why planning or the plan failed.' }),
    supersedes: t.field({
      type: PlanType,
      nullable: true,
      description: 'The revision it takes the place of.',
      resolve: (plan, _, { loaders }) => (plan.supersedes ? loaders.plan.load(plan.supersedes) : null),
    }),
    changes: t.field({
      type: ['String'],
      description: 'How it differs from the revision it takes the place of, a readable line each.',
      resolve: ({ changes }) => changes,
    }),
    sequence: t.exposeInt('sequence', {
      description: 'Number of its latest log entry. `planStatus(afterSequence:)` goes on from here without gap or repeat.',
    }),
    log: t.connection({
      type: ExecutionLogEntryType,
      description: 'Its log, oldest entry first; at most 500 at a time.',
      complexity: pageCost,
      resolve: async (plan, args, { loaders }) => withTotal(await loaders.logOfStream(plan.id, args), () => plan.sequence),
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'Expires if nobody decides before.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was proposed.' }),
    approvedAt: t.expose('approvedAt', { type: 'DateTime', nullable: true, description: 'When it was approved.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When its first task was dispatched.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended, well or not.' }),
  }),
})

builder.queryFields((t) => ({
  plan: t.field({
    type: PlanType,
    nullable: true,
    description: 'One plan. An id that leads to none is null, with an error of code NOT_FOUND.',
    authScopes: { reader: true },
    args: { id: t.arg.id({ required: true, description: 'Id of the plan.' }) },
    resolve: async (_, { id }, { loaders }) => {
      const plan = await loaders.plan.load(fromGlobalId('Plan', id))
      if (!plan) throw new NotFoundError('plan', id)
      return plan
    },
  }),
  plans: t.connection({
    type: PlanType,
    description:
      'Plans by creation. With `agentId` or `capability`, and where some are hidden from you, a page may be short or empty although more follow: go on while `hasNextPage`.',
    authScopes: { reader: true },
    complexity: pageCost,
    args: {
      status: t.arg({ type: [PlanStatus], description: 'Any of these; left out: any.', validate: bounds.listOf(20) }),
      userId: t.arg.string({ description: 'Only for requests that this user submitted.', validate: bounds.userId }),
      createdFrom: t.arg({ type: 'DateTime', description: 'Only those proposed then or later.' }),
      createdTo: t.arg({ type: 'DateTime', description: 'Only those proposed before.' }),
      agentId: t.arg.id({ description: 'Only those with a task that went to this agent last.' }),
      capability: t.arg.string({ description: 'Only those with a task of this intent.', validate: bounds.text(200) }),
      orderBy: t.arg({ type: ListOrder, required: true, defaultValue: 'NEWEST_FIRST', description: 'Order of the list.' }),
    },
    resolve: (_, { status, userId, createdFrom, createdTo, agentId, capability, orderBy, ...page }, { em, rows, viewer }) =>
      listPlans(
        { em, rows, viewer },
        {
          status: status ?? null,
          submittedBy: userId ?? null,
          createdFrom: createdFrom ?? null,
          createdTo: createdTo ?? null,
          agentId: agentId == null ? null : fromGlobalId('Agent', agentId),
          capability: capability ?? null,
        },
        { ...page, order: orderBy },
      ),
  }),
}))
