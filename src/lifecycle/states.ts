/** The vocabulary of states and of log entries: the same words in tables, rules, GraphQL and messages. */

/** PARSING → PARSING_COMPLETE | REQUIRES_CLARIFICATION | PARSING_FAILED; clarifying leads back through PARSING. */
export const requestStatuses = ['PARSING', 'PARSING_COMPLETE', 'REQUIRES_CLARIFICATION', 'PARSING_FAILED'] as const
export type RequestStatus = (typeof requestStatuses)[number]

export const planStatuses = [
  'PLANNING_FAILED', 'PENDING_APPROVAL', 'CHANGES_REQUESTED', 'SUPERSEDED', 'REJECTED', 'EXPIRED',
  'APPROVED', 'EXECUTING', 'CANCELLING', 'COMPLETED', 'FAILED', 'CANCELLED',
] as const
export type PlanStatus = (typeof planStatuses)[number]

/** Plans that can never change again. */
export const terminalPlanStatuses = [
  'PLANNING_FAILED', 'SUPERSEDED', 'REJECTED', 'EXPIRED', 'COMPLETED', 'FAILED', 'CANCELLED',
] as const satisfies readonly PlanStatus[]

export const taskStatuses = [
  'PENDING', 'WAITING_FOR_AGENT', 'DISPATCHED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'OUTCOME_UNKNOWN', 'CANCELLED', 'SKIPPED',
] as const
export type TaskStatus = (typeof taskStatuses)[number]

/** Tasks that can change no more by themselves; OUTCOME_UNKNOWN is open: a person settles it. */
export const closedTaskStatuses = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED'] as const satisfies readonly TaskStatus[]

/**
 * One dispatch of a task: DISPATCHED (sent or about to be), ACCEPTED (an agent holds it), GRANTED (an
 * irreversible one may start); then exactly one end: SUCCEEDED, FAILED, LOST (nobody knows), STOPPED (cancelled).
 */
export const attemptStatuses = ['DISPATCHED', 'ACCEPTED', 'GRANTED', 'SUCCEEDED', 'FAILED', 'LOST', 'STOPPED'] as const
export type AttemptStatus = (typeof attemptStatuses)[number]

export const openAttemptStatuses = ['DISPATCHED', 'ACCEPTED', 'GRANTED'] as const satisfies readonly AttemptStatus[]

export const complexities = ['SIMPLE', 'MEDIUM', 'COMPLEX'] as const
export type Complexity = (typeof complexities)[number]

/** What a person may decide about a plan. */
export const decisions = ['APPROVED', 'REJECTED', 'CHANGES_REQUESTED'] as const
export type Decision = (typeof decisions)[number]

/** Streams of the execution log; each is numbered and hash-chained on its own. */
export const streamKinds = ['REQUEST', 'PLAN', 'AGENT', 'INSTALLATION'] as const
export type StreamKind = (typeof streamKinds)[number]

export const executionLogKinds = [
  'REQUEST_SUBMITTED', 'REQUEST_PARSED', 'CLARIFICATION_ASKED', 'REQUEST_CLARIFIED', 'PARSING_FAILED', 'PARSING_RETRIED', 'VISIBILITY_CHANGED',
  'PLAN_PROPOSED', 'PLANNING_FAILED', 'FALLBACK_DECIDED', 'FALLBACK_CHECK_FAILED',
  'PLAN_SUPERSEDED', 'CHANGES_REQUESTED', 'APPROVAL_RECORDED', 'PLAN_APPROVED', 'PLAN_REJECTED', 'PLAN_EXPIRED', 'LATE_DECISION_REFUSED',
  'PLAN_STARTED', 'CANCEL_REQUESTED', 'PLAN_COMPLETED', 'PLAN_FAILED', 'PLAN_CANCELLED',
  'TASK_WAITING', 'TASK_DISPATCHED', 'TASK_STARTED', 'TASK_GRANTED', 'TASK_PROGRESSED', 'TASK_SUCCEEDED', 'TASK_FAILED',
  'ATTEMPT_FAILED', 'ATTEMPT_LOST', 'OUTCOME_UNKNOWN', 'OUTCOME_RESOLVED', 'TASK_RETRIED',
  'TASK_SKIPPED', 'TASK_CANCELLED', 'CANCEL_IGNORED',
  'AGENT_REGISTERED', 'AGENT_RESTARTED', 'AGENT_LOST', 'AGENT_UNRESPONSIVE', 'AGENT_RETURNED',
  'TOKEN_CREATED', 'TOKEN_REVOKED', 'QUOTA_CHANGED',
] as const
export type ExecutionLogKind = (typeof executionLogKinds)[number]

/** True when the plan can never change again. */
export const isTerminalPlan = (status: PlanStatus): boolean => (terminalPlanStatuses as readonly string[]).includes(status)
/** True when the task can change no more by itself. */
export const isClosedTask = (status: TaskStatus): boolean => (closedTaskStatuses as readonly string[]).includes(status)
