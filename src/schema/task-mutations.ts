import { InvalidStateError, NotFoundError } from '../errors.ts'
import { fromGlobalId } from '../global-id.ts'
import { operationRoles } from '../services/access/operation-roles.ts'
import { actingUser } from './acting-user.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'
import { TaskType } from './refs.ts'
import { userIdField } from './user-id-field.ts'

const TaskOutcome = builder.enumType('TaskOutcome', {
  description: 'What a person found out about a task whose outcome was unknown.',
  values: {
    SUCCEEDED: { description: 'It took effect; the plan goes on.' },
    FAILED: { description: 'It did not; what depends on it is skipped.' },
  },
})

const RetryTaskInput = builder.inputType('RetryTaskInput', {
  description: 'Which task to try again.',
  fields: (t) => ({
    taskId: t.id({ required: true, description: 'Id of a failed task of a plan that is executing.' }),
    userId: t.string(userIdField),
  }),
})

const ResolveTaskInput = builder.inputType('ResolveTaskInput', {
  description: 'How an unknown outcome is settled.',
  fields: (t) => ({
    taskId: t.id({ required: true, description: 'Id of a task with OUTCOME_UNKNOWN.' }),
    outcome: t.field({ type: TaskOutcome, required: true, description: 'What was found out.' }),
    notes: t.string({ description: 'Kept in the log; at most 10,000 characters.', validate: bounds.note() }),
    userId: t.string(userIdField),
  }),
})

builder.mutationFields((t) => ({
  retryTask: t.field({
    type: TaskType,
    description: 'Allows one more attempt for a failed task, while its plan is executing.',
    authScopes: { role: operationRoles.retryTask },
    errors: { types: [NotFoundError, InvalidStateError] },
    args: { input: t.arg({ type: RetryTaskInput, required: true, description: 'Which task.' }) },
    resolve: (_, { input }, context) =>
      context.services.retryTask(actingUser(context, input.userId), { taskId: fromGlobalId('Task', input.taskId) }),
  }),
  resolveTask: t.field({
    type: TaskType,
    description: 'Settles an unknown outcome: nothing is run, the plan goes on from what a person found out.',
    authScopes: { role: operationRoles.resolveTask },
    errors: { types: [NotFoundError, InvalidStateError] },
    args: { input: t.arg({ type: ResolveTaskInput, required: true, description: 'The outcome.' }) },
    resolve: (_, { input }, context) =>
      context.services.resolveTask(actingUser(context, input.userId), {
        taskId: fromGlobalId('Task', input.taskId),
        outcome: input.outcome,
        notes: input.notes ?? null,
      }),
  }),
}))
