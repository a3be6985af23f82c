import { InfeasiblePlanError, InvalidStateError, NotFoundError, PlanChangedError } from '../errors.ts'
import { fromGlobalId, parseGlobalId } from '../global-id.ts'
import type { OperationContext } from '../operation-context.ts'
import { typedOutage } from '../services/typed-outages.ts'
import type { ChangedPlan, ReadPlan } from '../services/watching/read-plans.ts'
import { operationRoles } from '../services/access/operation-roles.ts'
import { actingUser } from './acting-user.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'
import { PlanEditInput, toPlanEdit } from './plan-edit.ts'
import { PlanType } from './refs.ts'
import { userIdField } from './user-id-field.ts'

/** The plan with its sequence, read after the change where it is not known; its tasks are read later still. */
async function changed({ sequence, ...plan }: ChangedPlan, { loaders }: OperationContext): Promise<ReadPlan> {
  if (sequence !== undefined) return { ...plan, sequence }
  const read = await typedOutage(loaders.plan.load(plan.id))
  if (!read) throw new Error(`Plan ${plan.id} was changed but cannot be read.`)
  return read
}

/** Ids of a list; what is no task's id becomes one that no task has, and is reported with the other violations. */
const taskIds = (ids: readonly string[]): string[] => ids.map((id) => {
  const parsed = parseGlobalId(id)
  return parsed?.type === 'Task' ? parsed.uuid : ''
})

const contentHash = { description: 'The hash that was read; where it differs from the present one, the answer is PlanChangedError.', validate: bounds.text(64) }

const GeneratePlanInput = builder.inputType('GeneratePlanInput', {
  description: 'Which request to plan.',
  fields: (t) => ({
    requestId: t.id({ required: true, description: 'Id of a request that is understood.' }),
    regenerate: t.boolean({ required: true, defaultValue: false, description: 'True: a new revision even where an open plan exists; that one is superseded.' }),
    userId: t.string(userIdField),
  }),
})

const RevisePlanInput = builder.inputType('RevisePlanInput', {
  description: 'Edits that make a new revision of a plan.',
  fields: (t) => ({
    planId: t.id({ required: true, description: 'Id of the plan that was read.' }),
    expectedRevision: t.int({ required: true, description: 'Its revision; where another is the present one, the answer is PlanChangedError.' }),
    edits: t.field({ type: [PlanEditInput], required: true, description: '1 to 200 edits, applied in order; none only for a FAILED plan.', validate: bounds.listOf(200) }),
    userId: t.string(userIdField),
  }),
})

const RequestChangesInput = builder.inputType('RequestChangesInput', {
  description: 'Feedback in words about a plan.',
  fields: (t) => ({
    planId: t.id({ required: true, description: 'Id of a plan pending approval.' }),
    contentHash: t.string(contentHash),
    feedback: t.string({ required: true, description: 'What should be different: 1 to 10,000 characters.', validate: bounds.text() }),
    userId: t.string(userIdField),
  }),
})

const ApprovePlanInput = builder.inputType('ApprovePlanInput', {
  description: 'A decision about a plan.',
  fields: (t) => ({
    planId: t.id({ required: true, description: 'Id of a plan pending approval.' }),
    approved: t.boolean({ required: true, defaultValue: true, description: 'False rejects it.' }),
    contentHash: t.string(contentHash),
    acceptInfeasible: t.boolean({ required: true, defaultValue: false, description: 'True: approve although some tasks can be carried out by nobody now.' }),
    notes: t.string({ description: 'Kept with the decision; at most 10,000 characters.', validate: bounds.note() }),
    skip: t.idList({ description: 'Ids of tasks to leave out; what depends on them must be named too.', validate: bounds.listOf(1_000) }),
    userId: t.string(userIdField),
  }),
})

const CancelPlanInput = builder.inputType('CancelPlanInput', {
  description: 'Which plan to stop.',
  fields: (t) => ({
    planId: t.id({ required: true, description: 'Id of the plan.' }),
    reason: t.string({ description: 'Kept in the log; at most 2,000 characters.', validate: bounds.note(2_000) }),
    userId: t.string(userIdField),
  }),
})

builder.mutationFields((t) => ({
  generatePlan: t.field({
    type: PlanType,
    description: 'Plans a request: the open plan where there is one, else a new one. Concurrent calls make one. A failure to plan is a plan with status PLANNING_FAILED.',
    authScopes: { role: operationRoles.generatePlan },
    errors: { types: [NotFoundError, InvalidStateError] },
    args: { input: t.arg({ type: GeneratePlanInput, required: true, description: 'Which request.' }) },
    resolve: async (_, { input }, context) =>
      changed(
        await context.services.generatePlan(actingUser(context, input.userId), {
          requestId: fromGlobalId('Request', input.requestId),
          regenerate: input.regenerate,
        }),
        context,
      ),
  }),
  revisePlan: t.field({
    type: PlanType,
    description: 'Makes a new revision, pending approval, in place of the one that was read.',
    authScopes: { role: operationRoles.revisePlan },
    errors: { types: [NotFoundError, InvalidStateError, PlanChangedError] },
    args: { input: t.arg({ type: RevisePlanInput, required: true, description: 'The edits.' }) },
    resolve: async (_, { input }, context) =>
      changed(
        await context.services.revisePlan(actingUser(context, input.userId), {
          planId: fromGlobalId('Plan', input.planId),
          expectedRevision: input.expectedRevision,
          edits: input.edits.map(toPlanEdit),
        }),
        context,
      ),
  }),
  requestChanges: t.field({
    type: PlanType,
    description: 'Sends a plan back with feedback; what is understood of it becomes a new revision.',
    authScopes: { role: operationRoles.requestChanges },
    errors: { types: [NotFoundError, InvalidStateError, PlanChangedError] },
    args: { input: t.arg({ type: RequestChangesInput, required: true, description: 'The feedback.' }) },
    resolve: async (_, { input }, context) =>
      changed(
        await context.services.requestChanges(actingUser(context, input.userId), {
          planId: fromGlobalId('Plan', input.planId),
          contentHash: input.contentHash ?? null,
          feedback: input.feedback,
        }),
        context,
      ),
  }),
  approvePlan: t.field({
    type: PlanType,
    description: 'Approves or rejects a plan. An equal repeat by the same person answers the stored decision; a contrary one is InvalidStateError.',
    authScopes: { role: operationRoles.approvePlan },
    errors: { types: [NotFoundError, InvalidStateError, PlanChangedError, InfeasiblePlanError] },
    args: { input: t.arg({ type: ApprovePlanInput, required: true, description: 'The decision.' }) },
    resolve: async (_, { input }, context) =>
      changed(
        await context.services.approvePlan(actingUser(context, input.userId), {
          planId: fromGlobalId('Plan', input.planId),
          approved: input.approved,
          contentHash: input.contentHash ?? null,
          acceptInfeasible: input.acceptInfeasible,
          notes: input.notes ?? null,
          skip: taskIds(input.skip ?? []),
        }),
        context,
      ),
  }),
  cancelPlan: t.field({
    type: PlanType,
    description: 'Stops a plan: what has not started is cancelled at once, what runs is asked to stop.',
    authScopes: { role: operationRoles.cancelPlan },
    errors: { types: [NotFoundError, InvalidStateError] },
    args: { input: t.arg({ type: CancelPlanInput, required: true, description: 'Which plan, and why.' }) },
    resolve: async (_, { input }, context) =>
      changed(
        await context.services.cancelPlan(actingUser(context, input.userId), {
          planId: fromGlobalId('Plan', input.planId),
          reason: input.reason ?? null,
        }),
        context,
      ),
  }),
}))
