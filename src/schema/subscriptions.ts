import { NotFoundError } from '../errors.ts'
import { fromGlobalId, toGlobalId } from '../global-id.ts'
import type { OperationContext } from '../operation-context.ts'
import type { PlanStatus } from '../lifecycle/states.ts'
import type { Loaders } from '../services/watching/loaders.ts'
import type { ReadPlan } from '../services/watching/read-plans.ts'
import type { PlanStatusEvent } from '../services/watching/watch-plan.ts'
import { abortOnReturn } from './abort-on-return.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'
import { PlanStatus as PlanStatusEnum } from './enums.ts'
import { ExecutionLogEntryType, PlanType, RequestType, TaskType } from './refs.ts'

const PlanStatusEventType = builder.objectRef<PlanStatusEvent>('PlanStatusEvent').implement({
  description: 'One change of a plan. Each log entry comes once, in order.',
  fields: (t) => ({
    sequence: t.exposeInt('sequence', { description: 'Number of the entry. Reconnect with `afterSequence` set to the last one you have handled.' }),
    plan: t.field({
      type: PlanType,
      description: 'The plan as it is at delivery: never older than `sequence`, possibly newer.',
      resolve: ({ planId, page }, _, { loaders, viewer }) => (page?.present && viewer === null ? page.present.plan : watchedPlan(loaders, planId)),
    }),
    entry: t.field({
      type: ExecutionLogEntryType,
      nullable: true,
      description: 'What happened; null only on the first event of a watch without `afterSequence`, which brings the present state.',
      resolve: ({ entry }) => entry,
    }),
    changedTasks: t.field({
      type: [TaskType],
      description: 'The tasks that it changed: the cheap way to follow a large plan.',
      resolve({ changedTaskIds, page }, _, { loaders, viewer }) {
        const present = viewer === null ? page?.present : null
        return present ? known(changedTaskIds.map((id) => present.task(id))) : Promise.all(changedTaskIds.map((id) => loaders.task.load(id))).then(known)
      },
    }),
  }),
})

async function watchedPlan(loaders: Loaders, planId: string): Promise<ReadPlan> {
  const plan = await loaders.plan.load(planId)
  // Hidden from the watcher since the event was read.
  if (!plan) throw new NotFoundError('plan', toGlobalId('Plan', planId))
  return plan
}

const known = <Row>(rows: readonly (Row | null)[]): Row[] => rows.filter((row) => row !== null)

/** The plans that changed and have one of the statuses, each as read after its change. */
async function* changedPlans(ids: AsyncIterable<string>, statuses: readonly PlanStatus[] | null, context: OperationContext) {
  for await (const id of ids) {
    const plan = await context.renew().loaders.plan.load(id)
    if (plan && (statuses === null || statuses.includes(plan.status))) yield plan
  }
}

builder.subscriptionFields((t) => ({
  planStatus: t.field({
    type: PlanStatusEventType,
    description: 'What happens to a plan, from its present state or after a number on, until it can change no more; then it completes.',
    authScopes: { reader: true },
    args: {
      planId: t.arg.id({ required: true, description: 'Id of the plan. One that leads to none: an error of code NOT_FOUND, and no stream.' }),
      afterSequence: t.arg.int({
        description: 'Replays every entry after this number and goes on live. A number beyond the log: an error of code INVALID_INPUT.',
      }),
    },
    subscribe: (_, { planId, afterSequence }, { services, principal }) =>
      abortOnReturn((signal) =>
        services.watchPlan(principal, { planId: fromGlobalId('Plan', planId), afterSequence: afterSequence ?? null }, signal)),
    resolve: (event) => event,
  }),
  plansChanged: t.field({
    type: PlanType,
    description: 'Each plan that changed and has one of the statuses: with PENDING_APPROVAL, the inbox of an approver.',
    authScopes: { reader: true },
    args: { status: t.arg({ type: [PlanStatusEnum], description: 'Any of these; left out: any.', validate: bounds.listOf(20) }) },
    subscribe: (_, { status }, context) =>
      abortOnReturn<ReadPlan>(async (signal) =>
        changedPlans(context.services.watchPlans(context.principal, signal), status ?? null, context)),
    resolve: (plan) => plan,
  }),
  requestChanged: t.field({
    type: RequestType,
    description: 'A request: its present state first, then after each change.',
    authScopes: { reader: true },
    args: { requestId: t.arg.id({ required: true, description: 'Id of the request.' }) },
    subscribe: (_, { requestId }, { services, principal }) =>
      abortOnReturn((signal) => services.watchRequest(principal, fromGlobalId('Request', requestId), signal)),
    resolve: async (id, _, { loaders }) => {
      const request = await loaders.request.load(id)
      if (!request) throw new NotFoundError('request', toGlobalId('Request', id))
      return request
    },
  }),
}))
