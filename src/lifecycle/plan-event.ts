/** Everything that can happen to a plan. */
import type { PlanStatus } from './states.ts'

/** A decision of a person or rule, or the passing of time. */
export type DecisionEvent =
  | { readonly type: 'approve'; readonly actor: string; readonly approvalId: string; readonly notes: string | null; readonly skip: readonly number[] }
  | { readonly type: 'record_approval'; readonly actor: string; readonly approvalId: string; readonly notes: string | null; readonly needed: number }
  | { readonly type: 'reject'; readonly actor: string; readonly approvalId: string; readonly notes: string | null }
  | { readonly type: 'request_changes'; readonly actor: string; readonly approvalId: string; readonly feedback: string }
  | { readonly type: 'supersede'; readonly actor: string; readonly byRevision: number }
  | { readonly type: 'expire' }
  | { readonly type: 'cancel'; readonly actor: string; readonly reason: string | null }

/** What routing found for a task that is ready. */
export type RoutingEvent =
  | {
      readonly type: 'assign'
      readonly order: number
      readonly agentId: string
      readonly agentName: string
      readonly routingDecisionId: string
      readonly leaseSeconds: number
    }
  | { readonly type: 'wait'; readonly order: number; readonly reason: string; readonly routingDecisionId: string }

type FromAgent = { readonly order: number; readonly attempt: number; readonly agentName: string; readonly instance: string }

/** What an agent reports about an attempt. */
export type AgentEvent =
  | (FromAgent & { readonly type: 'accepted'; readonly leaseSeconds: number })
  | (FromAgent & { readonly type: 'progressed'; readonly progress: number; readonly message: string | null; readonly leaseSeconds: number })
  | (FromAgent & { readonly type: 'succeeded'; readonly output: unknown })
  | (FromAgent & { readonly type: 'failed'; readonly code: string; readonly message: string; readonly retryable: boolean })
  | (FromAgent & { readonly type: 'stopped'; readonly outcome: 'stopped' | 'ignored' | 'finished' })

/** Why an attempt counts as lost. */
export type LossReason = 'lease_expired' | 'timeout' | 'agent_restarted' | 'undeliverable'

/** What the service itself finds out, or a person settles, about a task. */
export type TaskEvent =
  | { readonly type: 'lost'; readonly order: number; readonly attempt: number; readonly reason: LossReason }
  | { readonly type: 'retry'; readonly order: number; readonly actor: string }
  | { readonly type: 'resolve'; readonly order: number; readonly actor: string; readonly outcome: 'SUCCEEDED' | 'FAILED'; readonly notes: string | null }

export type PlanEvent = DecisionEvent | RoutingEvent | AgentEvent | TaskEvent

/**
 * Why an event changed nothing. `invalid_state` answers a person; the others are kept as evidence about an
 * attempt, except `no_change`, which is a repeat that nobody needs to know about.
 */
export type Refusal =
  | { readonly refused: 'invalid_state'; readonly status: PlanStatus; readonly message: string }
  | { readonly refused: 'duplicate' | 'stale_attempt' | 'wrong_agent' | 'wrong_instance' | 'plan_closed' | 'no_change' }
