import type { AgentPerformance } from '../entities/agent-performance.ts'
import type { AgentResources } from '../entities/agent.ts'
import { fromGlobalId } from '../global-id.ts'
import { NotFoundError } from '../errors.ts'
import { listAgents } from '../services/watching/list-agents.ts'
import { summarizePerformance, type PerformanceSummary } from '../services/watching/performance-summary.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'
import { AgentStatus } from './enums.ts'
import { globalIdField, NodeInterface } from './node.ts'
import { pageCost } from './page-cost.ts'
import { AgentType, ExecutionLogEntryType } from './refs.ts'
import { withTotal } from './total.ts'

const AgentResourcesType = builder.objectRef<AgentResources>('AgentResources').implement({
  description: 'Free capacity as the agent last reported it.',
  fields: (t) => ({
    cpuFree: t.exposeFloat('cpuFree', { description: 'Processor cores.' }),
    memoryFreeMb: t.exposeFloat('memoryFreeMb', { description: 'Memory in MiB.' }),
    gpus: t.exposeInt('gpus', { description: 'Graphics processors.' }),
  }),
})

const IntentPerformanceType = builder.objectRef<AgentPerformance>('IntentPerformance').implement({
  description: 'What an agent achieved with one intent.',
  fields: (t) => ({
    intent: t.exposeString('intent', { description: 'Id of the capability.' }),
    succeeded: t.exposeInt('succeeded', { description: 'Attempts that succeeded.' }),
    failed: t.exposeInt('failed', { description: 'Attempts that failed.' }),
    lost: t.exposeInt('lost', { description: 'Attempts that were lost.' }),
    averageSeconds: t.float({
      nullable: true,
      description: 'Average of those that succeeded.',
      resolve: ({ succeeded, totalSeconds }) => (succeeded === 0 ? null : totalSeconds / succeeded),
    }),
  }),
})

const AgentPerformanceType = builder.objectRef<PerformanceSummary>('AgentPerformance').implement({
  description: 'What an agent achieved so far, each attempt counted once.',
  fields: (t) => ({
    succeeded: t.exposeInt('succeeded', { description: 'Attempts that succeeded.' }),
    failed: t.exposeInt('failed', { description: 'Attempts that failed.' }),
    lost: t.exposeInt('lost', { description: 'Attempts that were lost.' }),
    successRate: t.exposeFloat('successRate', { nullable: true, description: '0 to 1; null before the first attempt ended.' }),
    averageSeconds: t.exposeFloat('averageSeconds', { nullable: true, description: 'Average of those that succeeded.' }),
    byIntent: t.field({ type: [IntentPerformanceType], description: 'The same for each intent.', resolve: ({ byIntent }) => byIntent }),
  }),
})

AgentType.implement({
  description: 'A process anywhere that takes work messages and returns results.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id(globalIdField('Agent')),
    name: t.exposeString('name', { description: 'Unique; also the name of its queue.' }),
    agentType: t.exposeString('agentType', { description: 'Which tasks it is for.' }),
    instance: t.exposeString('instance', { description: 'Its present run.' }),
    intents: t.field({ type: ['String'], description: 'Capabilities it can carry out.', resolve: ({ intents }) => intents }),
    workTypes: t.field({ type: ['String'], description: 'Kinds of work it announces.', resolve: ({ workTypes }) => workTypes }),
    status: t.field({ type: AgentStatus, description: 'Whether it can take work.', resolve: (agent, _, { services }) => services.agentStatus(agent) }),
    slots: t.exposeInt('slots', { description: 'Attempts it takes at a time.' }),
    busySlots: t.exposeInt('openAttempts', { description: 'Attempts that are open now.' }),
    resources: t.field({ type: AgentResourcesType, description: 'Free capacity.', resolve: ({ resources }) => resources }),
    performance: t.field({
      type: AgentPerformanceType,
      description: 'What it achieved so far.',
      resolve: async (agent, _, { loaders }) => summarizePerformance(await loaders.performanceByAgent.load(agent.id)),
    }),
    log: t.connection({
      type: ExecutionLogEntryType,
      description: 'When it came, restarted and was lost, oldest entry first.',
      complexity: pageCost,
      resolve: async (agent, args, { loaders }) =>
        withTotal(await loaders.logOfStream(agent.id, args), async () => (await loaders.logOfStream(agent.id, { last: 1 })).edges[0]?.node.sequence ?? 0),
    }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', description: 'Time of its latest heartbeat.' }),
    registeredAt: t.expose('registeredAt', { type: 'DateTime', description: 'When it was first heard.' }),
  }),
})

builder.queryFields((t) => ({
  agent: t.field({
    type: AgentType,
    nullable: true,
    description: 'One agent. An id that leads to none is null, with an error of code NOT_FOUND.',
    authScopes: { reader: true },
    args: { id: t.arg.id({ required: true, description: 'Id of the agent.' }) },
    resolve: async (_, { id }, { loaders }) => {
      const agent = await loaders.agent.load(fromGlobalId('Agent', id))
      if (!agent) throw new NotFoundError('agent', id)
      return agent
    },
  }),
  agents: t.connection({
    type: AgentType,
    description: 'Agents by name, also those that are gone.',
    authScopes: { reader: true },
    complexity: pageCost,
    args: {
      status: t.arg({ type: [AgentStatus], description: 'Any of these; left out: any.', validate: bounds.listOf(3) }),
      agentType: t.arg.string({ description: 'Only those of this type.', validate: bounds.text(200) }),
      capability: t.arg.string({ description: 'Only those that announce this intent.', validate: bounds.text(200) }),
    },
    resolve: (_, { status, agentType, capability, ...page }, { em, services }) =>
      listAgents(
        { em, agentStatus: services.agentStatus },
        { status: status ?? null, agentType: agentType ?? null, intent: capability ?? null },
        page,
      ),
  }),
}))
