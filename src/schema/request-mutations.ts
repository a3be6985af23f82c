import { NotFoundError, InvalidStateError } from '../errors.ts'
import { fromGlobalId } from '../global-id.ts'
import { actingUser } from './acting-user.ts'
import { operationRoles } from '../services/access/operation-roles.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'
import { RequestType } from './refs.ts'
import { userIdField } from './user-id-field.ts'

const SubtaskInput = builder.inputType('SubtaskInput', {
  description: 'A subtask as programs submit it; checked like an understood one.',
  fields: (t) => ({
    intent: t.string({ required: true, description: 'Id of a capability.', validate: bounds.text(200) }),
    parameters: t.field({ type: 'JSON', description: 'Values by parameter name, a JSON object.', validate: bounds.jsonObject }),
    order: t.int({ description: 'Its number, from 1; left out: its place in the list.' }),
    dependsOn: t.intList({ description: 'Numbers of the subtasks it must wait for.', validate: bounds.listOf(1_000) }),
  }),
})

const SubmitRequestInput = builder.inputType('SubmitRequestInput', {
  description: 'A request: exactly one of `text` and `subtasks`.',
  fields: (t) => ({
    text: t.string({ description: 'What is wanted, in plain language: 1 to 10,000 characters.', validate: bounds.text() }),
    subtasks: t.field({ type: [SubtaskInput], description: 'For programs, in place of text: 1 to 1,000 subtasks.', validate: bounds.listOf(1_000, 1) }),
    visibleTo: t.stringList({
      description: 'At most 100 people who may see it and its plans, beside you and administrators; left out: as the installation usually does.',
      validate: bounds.listOf(100),
    }),
    userId: t.string(userIdField),
    idempotencyKey: t.string({
      description: 'At most 200 characters, by user: the same key with the same content answers the first request; with other content it is InvalidInputError.',
      validate: bounds.text(200),
    }),
  }),
})

const SetVisibilityInput = builder.inputType('SetVisibilityInput', {
  description: 'Who may see a request and its plans.',
  fields: (t) => ({
    requestId: t.id({ required: true, description: 'Id of the request.' }),
    visibleTo: t.stringList({
      description: 'At most 100 people, beside its submitter and administrators; left out: everybody.',
      validate: bounds.listOf(100),
    }),
    userId: t.string(userIdField),
  }),
})

const ClarificationAnswerInput = builder.inputType('ClarificationAnswerInput', {
  description: 'The answer to one question.',
  fields: (t) => ({
    ambiguityId: t.id({ required: true, description: 'Id of an open ambiguity.', validate: bounds.text(200) }),
    answer: t.string({ required: true, description: 'One of the choices, or a text of at most 1,000 characters.', validate: bounds.text(1_000) }),
  }),
})

const ClarifyRequestInput = builder.inputType('ClarifyRequestInput', {
  description: 'Answers to open questions of a request.',
  fields: (t) => ({
    requestId: t.id({ required: true, description: 'Id of the request.' }),
    answers: t.field({ type: [ClarificationAnswerInput], required: true, description: '1 to 100 answers.', validate: bounds.listOf(100, 1) }),
    userId: t.string(userIdField),
  }),
})

builder.mutationFields((t) => ({
  submitRequest: t.field({
    type: RequestType,
    description: 'Submits a request and answers with what was understood of it. What takes longer than 8 s answers with PARSING.',
    authScopes: { role: operationRoles.submitRequest },
    errors: {},
    args: { input: t.arg({ type: SubmitRequestInput, required: true, description: 'The request.' }) },
    resolve: (_, { input }, context) =>
      context.services.submitRequest(actingUser(context, input.userId), {
        text: input.text ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
        ...(input.visibleTo && { visibleTo: input.visibleTo }),
        subtasks: input.subtasks?.map(({ intent, parameters, order, dependsOn }) => ({
          intent,
          parameters: (parameters ?? {}) as Record<string, unknown>,
          ...(order != null && { order }),
          ...(dependsOn != null && { dependsOn }),
        })) ?? null,
      }),
  }),
  clarifyRequest: t.field({
    type: RequestType,
    description: 'Answers questions; the request is understood again with the answers. What answers a question about feedback to a plan makes another revision of that.',
    authScopes: { role: operationRoles.clarifyRequest },
    errors: { types: [NotFoundError, InvalidStateError] },
    args: { input: t.arg({ type: ClarifyRequestInput, required: true, description: 'The answers.' }) },
    resolve: (_, { input }, context) =>
      context.services.clarifyRequest(actingUser(context, input.userId), {
        requestId: fromGlobalId('Request', input.requestId),
        answers: input.answers,
      }),
  }),
  setVisibility: t.field({
    type: RequestType,
    description: 'Says anew who may see a request and its plans. Only whoever submitted it, and administrators, may.',
    authScopes: { role: operationRoles.setVisibility },
    errors: { types: [NotFoundError] },
    args: { input: t.arg({ type: SetVisibilityInput, required: true, description: 'Which request, and who may see it.' }) },
    resolve: (_, { input }, context) =>
      context.services.setVisibility(actingUser(context, input.userId), {
        requestId: fromGlobalId('Request', input.requestId),
        visibleTo: input.visibleTo ?? null,
      }),
  }),
}))
