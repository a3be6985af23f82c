import type { Ambiguity, OutOfScopeItem, Subtask } from '../entities/decomposition.ts'
import type { AnsweredAmbiguity } from '../entities/request.ts'
import { fromGlobalId } from '../global-id.ts'
import { NotFoundError } from '../errors.ts'
import { listRequests } from '../services/watching/list-requests.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'
import { ListOrder, RequestStatus } from './enums.ts'
import { globalIdField, NodeInterface } from './node.ts'
import { pageCost } from './page-cost.ts'
import { PlanType, RequestType } from './refs.ts'
import { withTotal } from './total.ts'

const SubtaskType = builder.objectRef<Subtask>('Subtask').implement({
  description: 'One understood part of a request.',
  fields: (t) => ({
    order: t.exposeInt('order', { description: 'Place in the order of execution, from 1.' }),
    name: t.exposeString('name', { description: 'Readable name, from the catalog.' }),
    intent: t.exposeString('intent', { description: 'Id of the capability that does it.' }),
    confidence: t.exposeFloat('confidence', { description: '0 to 1: of subtasks with 0.8 about 80 % are meant this way.' }),
    parameters: t.field({ type: 'JSON', description: 'Values by parameter name.', resolve: ({ parameters }) => parameters }),
    dependsOn: t.exposeIntList('dependsOn', { description: 'Orders of the subtasks it must wait for.' }),
  }),
})

const AmbiguityType = builder.objectRef<Ambiguity>('Ambiguity').implement({
  description: 'A question back to the requester; `clarifyRequest` answers it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Names the question within its request.' }),
    question: t.exposeString('question', { description: 'What is not clear, as a question to a person.' }),
    choices: t.exposeStringList('choices', { description: 'Answers that fit; empty where any text may.' }),
    subtaskOrder: t.exposeInt('subtaskOrder', { nullable: true, description: 'The subtask it is about; null for the whole.' }),
    parameter: t.exposeString('parameter', { nullable: true, description: 'The parameter that lacks a value; null where several intents fit.' }),
  }),
})

const OutOfScopeItemType = builder.objectRef<OutOfScopeItem>('OutOfScopeItem').implement({
  description: 'A part of the request that nothing in the catalog covers; it is not planned.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The words of the request.' }),
    reason: t.exposeString('reason', { description: 'Why nothing covers them.' }),
  }),
})

const AnswerType = builder.objectRef<AnsweredAmbiguity>('AnsweredAmbiguity').implement({
  description: 'A question that a person has answered.',
  fields: (t) => ({
    ambiguity: t.field({ type: AmbiguityType, description: 'The question.', resolve: ({ ambiguity }) => ambiguity }),
    answer: t.exposeString('answer', { description: 'The answer, as given.' }),
    answeredBy: t.exposeString('by', { description: 'Who answered.' }),
    answeredAt: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => new Date(at) }),
  }),
})

RequestType.implement({
  description: 'What a person asked for, with what was understood of it.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id(globalIdField('Request')),
    text: t.exposeString('text', { description: 'The request as submitted; empty where a program submitted subtasks.' }),
    submittedBy: t.exposeString('submittedBy', { description: 'Who asked.' }),
    visibleTo: t.field({
      type: ['String'],
      nullable: true,
      description: 'Who may see it and its plans, beside whoever submitted it and administrators; null: everybody.',
      resolve: ({ visibleTo }) => visibleTo ?? null,
    }),
    status: t.expose('status', { type: RequestStatus, description: 'How far it is understood.' }),
    subtasks: t.field({ type: [SubtaskType], description: 'What was understood, in order.', resolve: ({ subtasks }) => subtasks }),
    ambiguities: t.field({ type: [AmbiguityType], description: 'Open questions.', resolve: ({ ambiguities }) => ambiguities }),
    outOfScope: t.field({ type: [OutOfScopeItemType], description: 'Parts that nothing covers.', resolve: ({ outOfScope }) => outOfScope }),
    answers: t.field({ type: [AnswerType], description: 'Questions answered so far, oldest first.', resolve: ({ answers }) => answers }),
    failureReason: t.exposeString('failureReason', { nullable: true, description: 'Why it could not be understood; set for PARSING_FAILED.' }),
    notice: t.exposeString('notice', { nullable: true, description: 'Something to know, such as that the catalog stood in for the model.' }),
    decomposer: t.exposeString('decomposer', { description: 'What understood it: catalog, openai, or program for submitted subtasks.' }),
    plans: t.connection({
      type: PlanType,
      description: 'Its plans, newest revision first.',
      complexity: pageCost,
      resolve: async (request, args, { loaders }) =>
        withTotal(await loaders.plansOfRequest(request.id, args), async () => (await loaders.plansOfRequest(request.id, { first: 1 })).edges[0]?.node.revision ?? 0),
    }),
    latestPlan: t.field({
      type: PlanType,
      nullable: true,
      description: 'The plan with the highest revision; null before the first.',
      resolve: async (request, _, { loaders }) => (await loaders.plansOfRequest(request.id, { first: 1 })).edges[0]?.node,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was submitted.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
})

builder.queryFields((t) => ({
  request: t.field({
    type: RequestType,
    nullable: true,
    description: 'One request. An id that leads to none is null, with an error of code NOT_FOUND.',
    authScopes: { reader: true },
    args: { id: t.arg.id({ required: true, description: 'Id of the request.' }) },
    resolve: async (_, { id }, { loaders }) => {
      const request = await loaders.request.load(fromGlobalId('Request', id))
      if (!request) throw new NotFoundError('request', id)
      return request
    },
  }),
  requests: t.connection({
    type: RequestType,
    description: 'Requests by creation. Where some are hidden from you, a page may be short although more follow: go on while `hasNextPage`.',
    authScopes: { reader: true },
    complexity: pageCost,
    args: {
      status: t.arg({ type: [RequestStatus], description: 'Any of these; left out: any.', validate: bounds.listOf(20) }),
      userId: t.arg.string({ description: 'Only what this user submitted.', validate: bounds.userId }),
      createdFrom: t.arg({ type: 'DateTime', description: 'Only those created then or later.' }),
      createdTo: t.arg({ type: 'DateTime', description: 'Only those created before.' }),
      orderBy: t.arg({ type: ListOrder, required: true, defaultValue: 'NEWEST_FIRST', description: 'Order of the list.' }),
    },
    resolve: (_, { status, userId, createdFrom, createdTo, orderBy, ...page }, { em, viewer }) =>
      listRequests(
        { em, viewer },
        {
          status: status ?? null,
          submittedBy: userId ?? null,
          createdFrom: createdFrom ?? null,
          createdTo: createdTo ?? null,
        },
        { ...page, order: orderBy },
      ),
  }),
}))
