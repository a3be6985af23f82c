/** References to the object types, so that the files of the types need not import each other. */
import type { ApprovalRule, Capability } from '../catalog/capability.ts'
import type {
  Agent, AiUsage, Approval, Attempt, Evidence, ExecutionLogEntry, FallbackDecision, Request, RoutingDecision, Task,
} from '../entities/index.ts'
import type { ReadPlan } from '../services/watching/read-plans.ts'
import { builder } from './builder.ts'

export const RequestType = builder.objectRef<Request>('Request')
export const PlanType = builder.objectRef<ReadPlan>('Plan')
export const TaskType = builder.objectRef<Task>('Task')
export const AttemptType = builder.objectRef<Attempt>('Attempt')
export const ApprovalType = builder.objectRef<Approval>('Approval')
export const AgentType = builder.objectRef<Agent>('Agent')
export const RoutingDecisionType = builder.objectRef<RoutingDecision>('RoutingDecision')
export const FallbackDecisionType = builder.objectRef<FallbackDecision>('FallbackDecision')
export const ExecutionLogEntryType = builder.objectRef<ExecutionLogEntry>('ExecutionLogEntry')
export const EvidenceType = builder.objectRef<Evidence>('Evidence')
export const AiUsageType = builder.objectRef<AiUsage>('AiUsage')
export const CapabilityType = builder.objectRef<Capability>('Capability')
export const ApprovalRuleType = builder.objectRef<ApprovalRule>('ApprovalRule')
