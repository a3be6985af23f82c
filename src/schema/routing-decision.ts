import type { RoutingCandidate } from '../entities/routing-decision.ts'
import { builder } from './builder.ts'
import { globalIdField, NodeInterface } from './node.ts'
import { AgentType, RoutingDecisionType, TaskType } from './refs.ts'
import { toGlobalId } from '../global-id.ts'

const RoutingFactorsType = builder.objectRef<RoutingCandidate['factors']>('RoutingFactors').implement({
  description: 'What made the score of an agent, 0 to 1 each.',
  fields: (t) => ({
    specialization: t.exposeFloat('specialization', { description: 'Higher, the fewer other intents the agent announces.' }),
    success: t.exposeFloat('success', { description: 'Share of its attempts with this intent that succeeded, smoothed.' }),
    speed: t.exposeFloat('speed', { description: 'How fast it was, compared with the others.' }),
    load: t.exposeFloat('load', { description: 'Share of its slots that are free.' }),
    affinity: t.exposeFloat('affinity', { description: '1 where it ran a task that this one depends on.' }),
  }),
})

const RoutingCandidateType = builder.objectRef<RoutingCandidate>('RoutingCandidate').implement({
  description: 'An agent that was considered.',
  fields: (t) => ({
    agentId: t.id({ description: 'Id of the agent.', resolve: ({ agentId }) => toGlobalId('Agent', agentId) }),
    name: t.exposeString('name', { description: 'Its name at that time.' }),
    score: t.exposeFloat('score', { description: 'What its factors add up to; the highest is chosen.' }),
    factors: t.field({ type: RoutingFactorsType, description: 'The factors.', resolve: ({ factors }) => factors }),
  }),
})

type Exclusion = { readonly reason: string; readonly count: number }

const RoutingExclusionType = builder.objectRef<Exclusion>('RoutingExclusion').implement({
  description: 'Agents that were left out for one reason.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'Stable word for the reason.' }),
    count: t.exposeInt('count', { description: 'How many agents.' }),
  }),
})

RoutingDecisionType.implement({
  description: 'Why an attempt went to this agent; the choice can be recomputed from it.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id(globalIdField('RoutingDecision')),
    task: t.field({
      type: TaskType,
      description: 'The task.',
      resolve: async (decision, _, { loaders }) => (await loaders.task.load(decision.task))!,
    }),
    attempt: t.exposeInt('attempt', { description: 'Number of the attempt.' }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: 'The choice; null where nobody fitted and the task waits.',
      resolve: (decision, _, { loaders }) => (decision.agentId ? loaders.agent.load(decision.agentId) : null),
    }),
    candidates: t.field({ type: [RoutingCandidateType], description: 'The ten best, best first.', resolve: ({ candidates }) => candidates }),
    excluded: t.field({
      type: [RoutingExclusionType],
      description: 'The others, as counts for each reason.',
      resolve: ({ excluded }) => Object.entries(excluded).map(([reason, count]) => ({ reason, count })),
    }),
    reason: t.exposeString('reason', { description: 'The decision in words.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', description: 'When.' }),
  }),
})
