import type { ResourceRequirements } from '../catalog/capability.ts'
import type { Estimate, Feasibility } from '../entities/task.ts'
import { builder } from './builder.ts'
import { Effect, TaskStatus } from './enums.ts'
import { globalIdField, NodeInterface } from './node.ts'
import { AgentType, AttemptType, PlanType, RoutingDecisionType, TaskType } from './refs.ts'

export const ResourceRequirementsType = builder.objectRef<ResourceRequirements>('ResourceRequirements').implement({
  description: 'Free capacity that an agent must have; null means no demand.',
  fields: (t) => ({
    cpu: t.exposeFloat('cpu', { nullable: true, description: 'Processor cores.' }),
    memoryMb: t.exposeFloat('memoryMb', { nullable: true, description: 'Memory in MiB.' }),
    gpus: t.exposeInt('gpus', { nullable: true, description: 'Graphics processors.' }),
  }),
})

const EstimateType = builder.objectRef<Estimate>('Estimate').implement({
  description: 'How long a task is expected to take, in minutes.',
  fields: (t) => ({
    source: t.exposeString('source', { description: '`catalog`, or `history` where enough runs are known.' }),
    p50: t.exposeFloat('p50', { description: 'Half of the runs took no longer.' }),
    p90: t.exposeFloat('p90', { description: 'Nine of ten runs took no longer.' }),
    samples: t.exposeInt('samples', { description: 'Runs behind the figures; without enough of them, the runs of the work type that are known.' }),
    agents: t.field({
      type: 'String',
      nullable: true,
      description: 'Whose runs: `live`, of agents that could take the task; `able`, of agents of its type that can do it, there or not; `any`, of whoever did this work type. Null for the figure of the catalog.',
      // Estimates from before agents were told apart counted all of them.
      resolve: ({ source, agents }) => agents ?? (source === 'history' ? 'any' : null),
    }),
  }),
})

const FeasibilityStatus = builder.enumType('FeasibilityStatus', {
  description: 'Whether somebody can carry a task out.',
  values: {
    READY: { description: 'An agent could take it now.' },
    BUSY: { description: 'Fitting agents are at work; `minutes` is the expected wait.' },
    OFFLINE: { description: 'Fitting agents are known, but none is there.' },
    NO_AGENT: { description: 'No known agent can do this.' },
    REFUSED: { description: 'The catalog does not allow it any more: a parameter, or the capability itself.' },
  },
})

const FeasibilityType = builder.objectRef<Feasibility>('Feasibility').implement({
  description: 'Whether somebody could carry a task out when the plan was made, judged from the agents that were there.',
  fields: (t) => ({
    status: t.expose('status', { type: FeasibilityStatus, description: 'The judgement.' }),
    reason: t.exposeString('reason', { description: 'The same for people.' }),
    minutes: t.exposeFloat('minutes', { nullable: true, description: 'Expected wait where busy, from the work under way on fitting agents and what waits for them.' }),
    checkedAt: t.field({ type: 'DateTime', description: 'When it was judged.', resolve: ({ checkedAt }) => new Date(checkedAt) }),
  }),
})

TaskType.implement({
  description: 'One unit of work in a plan. What it does never changes once it is approved; how far it is does.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id(globalIdField('Task')),
    plan: t.field({
      type: PlanType,
      description: 'The plan it belongs to.',
      resolve: async (task, _, { loaders }) => (await loaders.plan.load(task.plan))!,
    }),
    order: t.exposeInt('order', { description: 'Place in the plan, from 1.' }),
    name: t.exposeString('name', { description: 'Readable name, from the catalog.' }),
    intent: t.exposeString('intent', { description: 'Id of the capability.' }),
    workType: t.exposeString('workType', { description: 'Kind of work, as agents announce it.' }),
    agentType: t.exposeString('agentType', { description: 'Type of agent that does it.' }),
    parameters: t.field({ type: 'JSON', description: 'Values by parameter name.', resolve: ({ parameters }) => parameters }),
    dependsOn: t.field({
      type: [TaskType],
      description: 'Tasks of the plan that must succeed first.',
      complexity: { field: 1, multiplier: 3 },
      resolve: async (task, _, { loaders }) => {
        if (task.dependsOn.length === 0) return []
        const byOrder = await loaders.taskOrders.load(task.plan)
        return task.dependsOn.flatMap((order) => byOrder.get(order) ?? [])
      },
    }),
    effect: t.expose('effect', { type: Effect, description: 'What a lost attempt means for the world outside.' }),
    requires: t.field({ type: ResourceRequirementsType, description: 'Free capacity that the agent must have.', resolve: ({ requires }) => requires }),
    sameAgent: t.exposeBoolean('sameAgent', { description: 'True: it must run where its dependency ran.' }),
    timeoutSeconds: t.exposeFloat('timeoutSeconds', { description: 'Ends an attempt after so many seconds, however alive its agent is.' }),
    maxAttempts: t.exposeInt('maxAttempts', { description: 'Attempts that were approved.' }),
    useExternalAi: t.exposeBoolean('useExternalAi', { description: 'Whether its agent may call external AI.' }),
    capabilityDigest: t.exposeString('capabilityDigest', { description: 'SHA-256 (hex) of the catalog entry, including how it is run; part of what is approved.' }),
    estimatedMinutes: t.exposeFloat('estimatedMinutes', { description: 'Expected minutes of one attempt.' }),
    estimate: t.field({ type: EstimateType, description: 'Where that figure comes from.', resolve: ({ estimate }) => estimate }),
    feasibility: t.field({ type: FeasibilityType, description: 'Whether somebody could carry it out.', resolve: ({ feasibility }) => feasibility }),
    status: t.expose('status', { type: TaskStatus, description: 'Where it stands.' }),
    attempt: t.exposeInt('attempt', { description: 'Number of the latest attempt; 0 before the first.' }),
    attempts: t.field({
      type: [AttemptType],
      description: 'Its attempts, oldest first.',
      complexity: { field: 1, multiplier: 3 },
      resolve: (task, _, { loaders }) => (task.attempt === 0 ? [] : loaders.attemptsByTask.load(task.id)),
    }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: 'The agent of the latest attempt.',
      resolve: (task, _, { loaders }) => (task.agentId ? loaders.agent.load(task.agentId) : null),
    }),
    progress: t.exposeFloat('progress', { nullable: true, description: '0 to 1, as the agent reported.' }),
    output: t.field({ type: 'JSON', nullable: true, description: 'What the agent reported with its success.', resolve: ({ output }) => output ?? null }),
    failureReason: t.exposeString('failureReason', { nullable: true, description: 'Why it failed, was skipped or is not known.' }),
    carriedFrom: t.field({
      type: TaskType,
      nullable: true,
      description: 'The task of an earlier revision whose success it keeps; it is not run again.',
      resolve: (task, _, { loaders }) => (task.carriedFrom ? loaders.task.load(task.carriedFrom) : null),
    }),
    routingDecisions: t.field({
      type: [RoutingDecisionType],
      description: 'Why which agent was chosen, oldest first.',
      complexity: { field: 1, multiplier: 3 },
      resolve: (task, _, { loaders }) => loaders.routingDecisionsByTask.load(task.id),
    }),
    nextAttemptAt: t.expose('nextAttemptAt', { type: 'DateTime', nullable: true, description: 'No new attempt before.' }),
    dispatchedAt: t.expose('dispatchedAt', { type: 'DateTime', nullable: true, description: 'When it was first sent to an agent.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When an agent began it.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
  }),
})
