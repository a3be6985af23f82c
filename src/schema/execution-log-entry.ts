import { attemptKey } from '../services/watching/loaders.ts'
import { ExecutionLogKind, PlanStatus, StreamKind, TaskStatus } from './enums.ts'
import {
  AgentType, AiUsageType, ApprovalType, ExecutionLogEntryType, FallbackDecisionType, PlanType, RequestType,
  RoutingDecisionType, TaskType,
} from './refs.ts'

ExecutionLogEntryType.implement({
  description: 'One row of the append-only log. It is written in the transaction of the change it records.',
  fields: (t) => ({
    sequence: t.exposeInt('sequence', { description: '1, 2, 3 … without gaps in each stream.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When, by the clock of the database.' }),
    kind: t.expose('kind', { type: ExecutionLogKind, description: 'What happened.' }),
    actor: t.exposeString('actor', { description: '`user:<id>`, `agent:<name>`, `service` or `rule:<name>`.' }),
    message: t.exposeString('message', { description: 'The same for people.' }),
    detail: t.field({ type: 'JSON', nullable: true, description: 'More about it, by kind.', resolve: ({ detail }) => detail ?? null }),
    streamKind: t.expose('streamKind', { type: StreamKind, description: 'What the stream is about.' }),
    request: t.field({
      type: RequestType,
      nullable: true,
      description: 'The request, for entries of a request or plan.',
      resolve: async ({ streamKind, stream }, _, { loaders }) => {
        if (streamKind === 'REQUEST') return loaders.request.load(stream)
        const plan = streamKind === 'PLAN' ? await loaders.plan.load(stream) : null
        return plan ? loaders.request.load(plan.request) : null
      },
    }),
    plan: t.field({
      type: PlanType,
      nullable: true,
      description: 'The plan, for entries of a plan.',
      resolve: ({ streamKind, stream }, _, { loaders }) => (streamKind === 'PLAN' ? loaders.plan.load(stream) : null),
    }),
    task: t.field({
      type: TaskType,
      nullable: true,
      description: 'The task it is about.',
      resolve: ({ taskId }, _, { loaders }) => (taskId ? loaders.task.load(taskId) : null),
    }),
    attempt: t.exposeInt('attempt', { nullable: true, description: 'Number of the attempt it is about.' }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: 'The agent of that attempt, or that the stream is about.',
      resolve: async ({ streamKind, stream, taskId, attempt }, _, { loaders }) => {
        if (streamKind === 'AGENT') return loaders.agent.load(stream)
        if (!taskId || attempt == null) return null
        const found = await loaders.attemptByNumber.load(attemptKey(taskId, attempt))
        return found ? loaders.agent.load(found.agentId) : null
      },
    }),
    planStatus: t.expose('planStatus', { type: PlanStatus, nullable: true, description: 'Status of the plan after it, where it changed.' }),
    taskStatus: t.expose('taskStatus', { type: TaskStatus, nullable: true, description: 'Status of the task after it, where it changed.' }),
    approval: t.field({
      type: ApprovalType,
      nullable: true,
      description: 'The decision it records.',
      resolve: ({ approvalId }, _, { loaders }) => (approvalId ? loaders.approval.load(approvalId) : null),
    }),
    routingDecision: t.field({
      type: RoutingDecisionType,
      nullable: true,
      description: 'The choice of agent it records.',
      resolve: ({ routingDecisionId }, _, { loaders }) => (routingDecisionId ? loaders.routingDecision.load(routingDecisionId) : null),
    }),
    fallbackDecision: t.field({
      type: FallbackDecisionType,
      nullable: true,
      description: 'The decision about external AI it records.',
      resolve: ({ fallbackDecisionId }, _, { loaders }) => (fallbackDecisionId ? loaders.fallbackDecision.load(fallbackDecisionId) : null),
    }),
    usage: t.field({
      type: AiUsageType,
      nullable: true,
      description: 'What external AI cost in that attempt; null where it used none.',
      resolve: ({ taskId, attempt }, _, { loaders }) => (taskId && attempt != null ? loaders.usage.load(`task:${taskId}:${attempt}`) : null),
    }),
    hash: t.string({
      description: 'SHA-256 (hex) over the hash of the entry before it in the stream and its own content.',
      resolve: ({ hash }) => Buffer.from(hash).toString('hex'),
    }),
  }),
})
