import { maxOutputBytes } from '../messaging/messages.ts'

/** Times and sizes that bound what an agent does; each may be given to `createAgent`. */
export type AgentLimits = {
  /** Time between heartbeats, milliseconds. */
  readonly heartbeatMs: number
  /** How long a handler may take to end after its signal aborted before the cancel counts as ignored, milliseconds. */
  readonly graceMs: number
  /** How long `stop` waits for handlers to end after it aborted them, milliseconds. */
  readonly drainMs: number
  /** How long `stop` waits for the broker to confirm the last results, milliseconds. */
  readonly flushMs: number
  /** How long an accepted irreversible attempt waits for its grant before it is given back, milliseconds. */
  readonly grantWaitMs: number
  /** Work held beyond the slots, not yet accepted; what comes on top of it is refused with AGENT_BUSY within 250 ms. */
  readonly surplus: number
  /** How long such work waits for a slot before it is refused with AGENT_BUSY, milliseconds. */
  readonly surplusWaitMs: number
  /** Least time between two progress messages of one attempt, milliseconds. */
  readonly progressMs: number
  /** Largest output, bytes of JSON. */
  readonly maxOutputBytes: number
  /** Results not confirmed by the broker, in characters, beyond which no new work is begun. */
  readonly maxUnconfirmed: number
  /** Finished attempts, early cancels and early grants remembered, each. */
  readonly maxRemembered: number
}

export const defaultLimits: AgentLimits = {
  heartbeatMs: 3_000,
  graceMs: 5_000,
  drainMs: 3_500,
  flushMs: 1_500,
  grantWaitMs: 60_000,
  surplus: 64,
  surplusWaitMs: 10_000,
  progressMs: 1_000,
  maxOutputBytes,
  maxUnconfirmed: 32 * 1_048_576,
  maxRemembered: 10_000,
}
