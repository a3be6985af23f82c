/** Every table, as MikroORM is given them. */
import { Request } from './request.ts'
import { Plan } from './plan.ts'
import { Task } from './task.ts'
import { Attempt } from './attempt.ts'
import { Approval } from './approval.ts'
import { Agent } from './agent.ts'
import { AgentPerformance } from './agent-performance.ts'
import { RoutingDecision } from './routing-decision.ts'
import { FallbackDecision } from './fallback-decision.ts'
import { ExecutionLogEntry } from './execution-log-entry.ts'
import { LogStream } from './log-stream.ts'
import { OutboxMessage } from './outbox-message.ts'
import { Evidence } from './evidence.ts'
import { AiUsage } from './ai-usage.ts'
import { QuotaAccount } from './quota-account.ts'
import { QuotaReservation } from './quota-reservation.ts'
import { Replica } from './replica.ts'
import { ApiToken } from './api-token.ts'
import { Checkpoint } from './checkpoint.ts'
import { CheckpointHead } from './checkpoint-head.ts'

export {
  Request,
  Plan,
  Task,
  Attempt,
  Approval,
  Agent,
  AgentPerformance,
  RoutingDecision,
  FallbackDecision,
  ExecutionLogEntry,
  LogStream,
  OutboxMessage,
  Evidence,
  AiUsage,
  QuotaAccount,
  QuotaReservation,
  Replica,
  ApiToken,
  Checkpoint,
  CheckpointHead,
}

export const entities = [
  Request,
  Plan,
  Task,
  Attempt,
  Approval,
  Agent,
  AgentPerformance,
  RoutingDecision,
  FallbackDecision,
  ExecutionLogEntry,
  LogStream,
  OutboxMessage,
  Evidence,
  AiUsage,
  QuotaAccount,
  QuotaReservation,
  Replica,
  ApiToken,
  Checkpoint,
  CheckpointHead,
]
