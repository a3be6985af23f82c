/** The classes of src/errors.ts as GraphQL types. */
import {
  ForbiddenError, InfeasiblePlanError, InvalidInputError, InvalidStateError, NotFoundError, PlanChangedError,
  RateLimitedError, UnauthenticatedError, UnavailableError, type InfeasibleTask, type InputIssue, type PlanwrightError,
} from '../errors.ts'
import { builder } from './builder.ts'
import { ErrorCode } from './enums.ts'
import { ApprovalType, PlanType, TaskType } from './refs.ts'

const ErrorInterface = builder.interfaceRef<PlanwrightError>('Error').implement({
  description: 'A failure that the caller can act on. Outside unions the same code stands in `extensions.code`.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What went wrong and what to do next.' }),
    code: t.expose('code', { type: ErrorCode, description: 'Stable code.' }),
  }),
})

const interfaces = [ErrorInterface]

const InputIssueType = builder.objectRef<InputIssue>('InputIssue').implement({
  description: 'One broken rule.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Dotted path into the input, such as `edits.0.addTask.intent`.' }),
    rule: t.exposeString('rule', { description: 'Stable word for the rule.' }),
    message: t.exposeString('message', { description: 'How to keep it.' }),
  }),
})

const InfeasibleTaskType = builder.objectRef<InfeasibleTask>('InfeasibleTask').implement({
  description: 'A task that nobody can carry out now.',
  fields: (t) => ({
    task: t.field({
      type: TaskType,
      nullable: true,
      description: 'The task; null where it is not stored yet.',
      resolve: ({ taskId }, _, { loaders }) => (taskId ? loaders.task.load(taskId) : null),
    }),
    order: t.exposeInt('order', { description: 'Its place in the plan.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    reason: t.exposeString('reason', { description: 'Why nobody can.' }),
  }),
})

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  interfaces,
  description: 'The input breaks rules; nothing was changed.',
  fields: (t) => ({
    issues: t.field({ type: [InputIssueType], description: 'Every broken rule that was found.', resolve: ({ issues }) => issues }),
  }),
})

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  interfaces,
  description: 'The id is unknown, malformed, of another type, or hidden from the caller: deliberately one answer.',
})

builder.objectType(InvalidStateError, {
  name: 'InvalidStateError',
  interfaces,
  description: 'The object is in a state that does not allow this.',
  fields: (t) => ({
    status: t.exposeString('status', { description: 'Its present status, a word of PlanStatus, RequestStatus or TaskStatus. Beside a `status` of another type it needs an alias.' }),
    approval: t.field({
      type: ApprovalType,
      nullable: true,
      description: 'The decision that led there, where one did.',
      resolve: ({ approvalId }, _, { loaders }) => (approvalId ? loaders.approval.load(approvalId) : null),
    }),
  }),
})

builder.objectType(PlanChangedError, {
  name: 'PlanChangedError',
  interfaces,
  description: 'The plan is not the one that was read. Read it again, then decide.',
  fields: (t) => ({
    contentHash: t.exposeString('contentHash', { description: 'Its present content hash.' }),
    revision: t.exposeInt('revision', { description: 'Its present revision.' }),
    plan: t.field({
      type: PlanType,
      nullable: true,
      description: 'The present plan.',
      resolve: ({ planId }, _, { loaders }) => loaders.plan.load(planId),
    }),
  }),
})

builder.objectType(InfeasiblePlanError, {
  name: 'InfeasiblePlanError',
  interfaces,
  description: 'Some tasks cannot be carried out by the agents that are there; `acceptInfeasible: true` approves anyway.',
  fields: (t) => ({
    tasks: t.field({ type: [InfeasibleTaskType], description: 'Those tasks.', resolve: ({ tasks }) => tasks }),
  }),
})

const retryAfter = { description: 'Seconds to wait before trying again.' }

builder.objectType(UnavailableError, {
  name: 'UnavailableError',
  interfaces,
  description: 'Something needed is down or full. Nothing was changed.',
  fields: (t) => ({ retryAfterSeconds: t.exposeFloat('retryAfterSeconds', retryAfter) }),
})

builder.objectType(RateLimitedError, {
  name: 'RateLimitedError',
  interfaces,
  description: 'The caller sends more than is allowed. Nothing was changed.',
  fields: (t) => ({ retryAfterSeconds: t.exposeFloat('retryAfterSeconds', retryAfter) }),
})

builder.objectType(UnauthenticatedError, {
  name: 'UnauthenticatedError',
  interfaces,
  description: 'No valid credentials were sent where they are needed.',
})

builder.objectType(ForbiddenError, {
  name: 'ForbiddenError',
  interfaces,
  description: 'The caller is known but may not do this.',
})
