/** Rows as the services would write them, for tests that read through the API. */
import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import {
  Agent, AgentPerformance, AiUsage, Approval, Attempt, Evidence, ExecutionLogEntry, FallbackDecision, LogStream, Plan, Request,
  RoutingDecision, Task,
} from '../../src/entities/index.ts'

type Fields = Readonly<Record<string, unknown>>
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 20, 12, minute))

export const requestRow = (em: EntityManager, fields: Fields = {}): Request =>
  em.create(Request, {
    id: randomUUID(), text: 'Deploy Kuma and add existing portals to config', submittedBy: 'ada', idempotencyKey: null,
    inputDigest: 'd', status: 'PARSING_COMPLETE', subtasks: [], ambiguities: [], outOfScope: [], answers: [],
    failureReason: null, notice: null, decomposer: 'catalog', parsingTries: 0, parsingLeaseUntil: null,
    createdAt: at(0), updatedAt: at(0), ...fields,
  })

export const planRow = (em: EntityManager, request: Request, fields: Fields = {}): Plan =>
  em.create(Plan, {
    id: randomUUID(), request: request.id, submittedBy: request.submittedBy, revision: 1, contentHash: 'a'.repeat(64),
    status: 'PENDING_APPROVAL', complexity: 'SIMPLE', willUseExternalAi: false, summary: '1. Deploy', estimatedMinutes: 4,
    failureReason: null, supersedes: null, changes: [], risk: 'medium', approvalId: null, expiresAt: null,
    createdAt: at(1), approvedAt: null, startedAt: null, finishedAt: null, ...fields,
  })

export const taskRow = (em: EntityManager, plan: Plan, order: number, fields: Fields = {}): Task =>
  em.create(Task, {
    id: randomUUID(), plan: plan.id, order, name: `Task ${order}`, intent: 'deploy_service', workType: 'deploy_service',
    agentType: 'infra', parameters: { service: 'kuma' }, dependsOn: order === 1 ? [] : [order - 1], effect: 'idempotent',
    requires: { cpu: 1 }, sameAgent: false, timeoutSeconds: 60, maxAttempts: 3, useExternalAi: false, capabilityDigest: 'c',
    estimatedMinutes: 3, estimate: { source: 'catalog', p50: 3, p90: 5, samples: 0 },
    feasibility: { status: 'READY', reason: 'infra-1 is free', minutes: null, checkedAt: at(1).toISOString() },
    status: 'PENDING', attempt: 0, attemptsAllowed: 3, agentId: null, progress: null, output: null, failureReason: null,
    carriedFrom: null, nextAttemptAt: null, dispatchedAt: null, startedAt: null, finishedAt: null, ...fields,
  })

export const agentRow = (em: EntityManager, name: string, fields: Fields = {}): Agent =>
  em.create(Agent, {
    id: randomUUID(), name, agentType: 'infra', instance: 'i1', intents: ['deploy_service'], workTypes: ['deploy_service'],
    slots: 4, openAttempts: 1, resources: { cpuFree: 2, memoryFreeMb: 1_000, gpus: 0 }, unanswered: 0, suspendedUntil: null,
    online: true, lastSeenAt: at(5), registeredAt: at(0), ...fields,
  })

export const attemptRow = (em: EntityManager, task: Task, agent: Agent, number = 1, fields: Fields = {}): Attempt =>
  em.create(Attempt, {
    id: randomUUID(), task: task.id, planId: task.plan, number, agentId: agent.id, instance: 'i1', intent: task.intent,
    workType: task.workType, status: 'SUCCEEDED', reason: null, leaseUntil: at(9), deadlineAt: null, dispatchedAt: at(3),
    startedAt: at(4), finishedAt: at(5), progressEntries: 0, ...fields,
  })

export const routingRow = (em: EntityManager, task: Task, agent: Agent): RoutingDecision =>
  em.create(RoutingDecision, {
    id: randomUUID(), task: task.id, attempt: 1, agentId: agent.id, excluded: { no_free_slot: 2 }, reason: 'best score', decidedAt: at(3),
    candidates: [{
      agentId: agent.id, name: agent.name, score: 0.8, factors: { specialization: 1, success: 0.9, speed: 0.5, load: 0.75, affinity: 0 },
    }],
  })

export const performanceRow = (em: EntityManager, agent: Agent): AgentPerformance =>
  em.create(AgentPerformance, { agent: agent.id, intent: 'deploy_service', succeeded: 3, failed: 1, lost: 0, totalSeconds: 30 })

export const approvalRow = (em: EntityManager, plan: Plan): Approval =>
  em.create(Approval, {
    id: randomUUID(), plan: plan.id, contentHash: plan.contentHash, decision: 'APPROVED', decidedBy: 'grace', notes: 'go',
    acceptInfeasible: false, skippedTasks: [], byRule: false, decidedAt: at(2),
  })

export const fallbackRow = (em: EntityManager, plan: Plan): FallbackDecision =>
  em.create(FallbackDecision, {
    id: randomUUID(), plan: plan.id, useExternalAi: false, complexity: 'SIMPLE', confidence: 0.9, estimatedTokens: 0,
    estimatedCostMicroUsd: 0, tokensLeft: null, costLeftMicroUsd: null, reason: 'simple', decidedAt: at(1),
  })

export const usageRow = (em: EntityManager, key: string, fields: Fields): AiUsage =>
  em.create(AiUsage, {
    key, requestId: randomUUID(), planId: null, taskId: null, attempt: null, intent: null, userId: 'ada', model: 'gpt-5-mini',
    inputTokens: 100, outputTokens: 20, costMicroUsd: 65, at: at(5), ...fields,
  })

export const evidenceRow = (em: EntityManager, task: Task): Evidence =>
  em.create(Evidence, {
    id: randomUUID(), plan: task.plan, taskId: task.id, attempt: 1, agentName: 'infra-2', reason: 'wrong_agent', count: 2,
    firstAt: at(6), lastAt: at(7), sample: { type: 'planwright.work.succeeded' },
  })

/** Entries 1 to `count` of a stream, a minute apart, and its head. */
export function logRows(em: EntityManager, stream: string, streamKind: 'REQUEST' | 'PLAN' | 'AGENT', entries: readonly Fields[], from = 0): void {
  em.create(LogStream, { id: stream, kind: streamKind, sequence: entries.length, head: Buffer.alloc(32) })
  entries.forEach((fields, index) => {
    em.create(ExecutionLogEntry, {
      stream, sequence: index + 1, streamKind, at: at(from + index), kind: 'PLAN_PROPOSED', actor: 'service', message: 'Something happened.',
      detail: null, taskId: null, attempt: null, planStatus: null, taskStatus: null, approvalId: null, routingDecisionId: null,
      fallbackDecisionId: null, hash: Buffer.alloc(32, index), ...fields,
    })
  })
}
