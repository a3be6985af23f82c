import { AttemptStatus } from './enums.ts'
import { globalIdField, NodeInterface } from './node.ts'
import { AgentType, AiUsageType, AttemptType, TaskType } from './refs.ts'

AttemptType.implement({
  description: 'One dispatch of a task to one agent. Its number fences it: results of older attempts change nothing.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id(globalIdField('Attempt')),
    task: t.field({
      type: TaskType,
      description: 'The task.',
      resolve: async (attempt, _, { loaders }) => (await loaders.task.load(attempt.task))!,
    }),
    number: t.exposeInt('number', { description: 'From 1, by task.' }),
    agent: t.field({
      type: AgentType,
      description: 'The agent it was sent to.',
      resolve: async (attempt, _, { loaders }) => (await loaders.agent.load(attempt.agentId))!,
    }),
    instance: t.exposeString('instance', { nullable: true, description: 'The run of the agent that holds it, once accepted.' }),
    status: t.expose('status', { type: AttemptStatus, description: 'Where it stands.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it ended the way it did.' }),
    leaseUntil: t.expose('leaseUntil', { type: 'DateTime', description: 'Counts as lost after that, unless a heartbeat renews it.' }),
    deadlineAt: t.expose('deadlineAt', { type: 'DateTime', nullable: true, description: 'Ends then, however alive its agent is.' }),
    usage: t.field({
      type: AiUsageType,
      nullable: true,
      description: 'What external AI it cost; null where it used none.',
      resolve: (attempt, _, { loaders }) => loaders.usage.load(`task:${attempt.task}:${attempt.number}`),
    }),
    dispatchedAt: t.expose('dispatchedAt', { type: 'DateTime', description: 'When it was sent.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When the agent began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
  }),
})

AiUsageType.implement({
  description: 'What one paid call or attempt of external AI used.',
  fields: (t) => ({
    userId: t.exposeString('userId', { description: 'For whom: who submitted the request.' }),
    model: t.exposeString('model', { description: 'Model that was called.' }),
    intent: t.exposeString('intent', { nullable: true, description: 'Capability of the task; null for understanding a request.' }),
    inputTokens: t.exposeFloat('inputTokens', { description: 'Tokens sent.' }),
    outputTokens: t.exposeFloat('outputTokens', { description: 'Tokens received.' }),
    costMicroUsd: t.exposeFloat('costMicroUsd', { description: 'Whole micro-dollars.' }),
    task: t.field({
      type: TaskType,
      nullable: true,
      description: 'The task it was for.',
      resolve: (usage, _, { loaders }) => (usage.taskId ? loaders.task.load(usage.taskId) : null),
    }),
    attempt: t.exposeInt('attempt', { nullable: true, description: 'Number of the attempt it was for.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was booked.' }),
  }),
})
