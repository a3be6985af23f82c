/** What was decided about a plan: by people (Approval) and by the fallback check (FallbackDecision). */
import { Complexity, Decision } from './enums.ts'
import { globalIdField, NodeInterface } from './node.ts'
import { ApprovalRuleType, ApprovalType, FallbackDecisionType, PlanType, TaskType } from './refs.ts'

ApprovalType.implement({
  description: 'Who decided what about which content hash, when, and with which notes.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id(globalIdField('Approval')),
    plan: t.field({
      type: PlanType,
      description: 'The plan.',
      resolve: async (approval, _, { loaders }) => (await loaders.plan.load(approval.plan))!,
    }),
    contentHash: t.exposeString('contentHash', { description: 'The content hash that was decided about.' }),
    decision: t.expose('decision', { type: Decision, description: 'What was decided.' }),
    approved: t.boolean({ description: 'True where the decision is APPROVED.', resolve: ({ decision }) => decision === 'APPROVED' }),
    decidedBy: t.exposeString('decidedBy', { description: 'Who decided.' }),
    notes: t.exposeString('notes', { nullable: true, description: 'Notes, or the feedback.' }),
    acceptInfeasible: t.exposeBoolean('acceptInfeasible', { description: 'True where it was approved although nobody could carry out some tasks.' }),
    skippedTasks: t.field({
      type: [TaskType],
      description: 'Tasks it leaves out.',
      resolve: async ({ skippedTasks }, _, { loaders }) =>
        (await Promise.all(skippedTasks.map((id) => loaders.task.load(id)))).filter((task) => task !== null),
    }),
    byRule: t.exposeBoolean('byRule', { description: 'True where a rule of the catalog decided, no person.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', description: 'When.' }),
  }),
})

ApprovalRuleType.implement({
  description: 'Who must approve plans of one risk class.',
  fields: (t) => ({
    approvers: t.exposeInt('approvers', { description: 'Distinct people who must approve.' }),
    requesterMayApprove: t.exposeBoolean('requesterMayApprove', { description: 'Whether the requester counts among them.' }),
    reasonRequired: t.exposeBoolean('reasonRequired', { description: 'Whether an approval needs notes.' }),
    allowedApprovers: t.exposeStringList('allowedApprovers', { nullable: true, description: 'Who may approve; null: anybody with the role.' }),
    byRule: t.exposeBoolean('byRule', { description: 'True where the catalog approves by itself.' }),
  }),
})

FallbackDecisionType.implement({
  description: 'Whether external AI is used for a plan, and why.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id(globalIdField('FallbackDecision')),
    plan: t.field({
      type: PlanType,
      description: 'The plan.',
      resolve: async (decision, _, { loaders }) => (await loaders.plan.load(decision.plan))!,
    }),
    useExternalAi: t.exposeBoolean('useExternalAi', { description: 'The decision.' }),
    complexity: t.expose('complexity', { type: Complexity, description: 'How demanding the plan is.' }),
    confidence: t.exposeFloat('confidence', { description: 'Lowest confidence among the subtasks, 0 to 1.' }),
    estimatedTokens: t.exposeInt('estimatedTokens', { description: 'Tokens that external AI would take.' }),
    estimatedCostMicroUsd: t.exposeFloat('estimatedCostMicroUsd', { description: 'What they would cost, in whole micro-dollars.' }),
    tokensLeft: t.exposeFloat('tokensLeft', { nullable: true, description: 'Tokens left in the quota at that time; null: unlimited.' }),
    costLeftMicroUsd: t.exposeFloat('costLeftMicroUsd', { nullable: true, description: 'Money left in the quota at that time; null: unlimited.' }),
    reason: t.exposeString('reason', { description: 'The decision in words.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', description: 'When.' }),
  }),
})
