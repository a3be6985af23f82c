/**
 * The bus as Planwright sees it: a few queues and exchanges, at-least-once, with confirms. Two adapters keep
 * this contract (rabbitmq-bus.ts, in-process-bus.ts) and pass one suite of tests.
 */

/** Exchanges by role; the adapter prefixes their names (`planwright.work` …). */
export type Exchange = 'work' | 'results' | 'events'

/** A message to publish. `body` is a CloudEvent, already serialised. */
export type OutgoingMessage = {
  readonly exchange: Exchange
  /** `agent.<name>` for work, `agent.<name>.<type>` for what agents send, `hint` for events. */
  readonly routingKey: string
  readonly messageId: string
  readonly body: string
  /** Time to live on a queue in milliseconds; absent: does not expire. */
  readonly expiresAfterMs?: number
}

/**
 * What became of a published message: `confirmed` (stored by the broker and routed to a queue), `unroutable`
 * (no queue takes it; it is nowhere) or `failed` (connection lost or refused; it may or may not be stored).
 */
export type PublishOutcome = 'confirmed' | 'unroutable' | 'failed'

/**
 * One delivered message. Exactly one of `ack`, `retry` or `deadLetter` must be called, in any order among
 * deliveries; later calls do nothing, and calls after the channel was lost do nothing (the broker redelivers).
 */
export type Delivery = {
  readonly routingKey: string
  readonly body: Buffer
  readonly messageId: string | null
  /** Times this message was delivered before, as far as the broker counts them. */
  readonly redeliveries: number
  /** Done: the effect is committed. */
  ack(): void
  /** Give it back; the broker delivers it again, at most five times in all, then dead-letters it. */
  retry(): void
  /** Never readable: store it with the reason among the dead letters, then remove it from its queue. */
  deadLetter(reason: string): void
}

/**
 * Called with all messages that arrived since the last call (at least one). Deliveries stay
 * unacknowledged, and count against the prefetch, until settled. Must not throw.
 */
export type BatchHandler = (deliveries: readonly Delivery[]) => Promise<void>

export type ConsumerOptions = {
  /** Deliveries that may be unsettled at a time. */
  readonly prefetch: number
  /** Calls of the handler that may be in progress at a time (1); with more, a later call may end first. */
  readonly overlapping?: number
}

/** A running consumer; `stop` ends intake, waits for the calls in progress, and returns unsettled messages. */
export type Consumer = { stop(): Promise<void> }

/** Whether the bus can be used now, for health and metrics. */
export type BusHealth = {
  readonly connected: boolean
  /** The broker refuses publishes for lack of memory or disk. */
  readonly blocked: boolean
  readonly lastError: string | null
}

/** Queue depths for metrics, by role. */
export type QueueDepths = { readonly results: number; readonly heartbeats: number; readonly deadLetters: number }

/** A dead letter as an operator reads it. */
export type DeadLetter = {
  readonly reason: string
  readonly routingKey: string
  readonly body: string
  readonly at: string | null
}

/** What both sides share. */
export type BusConnection = {
  /** Connects, waiting as long as `signal` allows, and declares the topology; reconnects by itself from then on. */
  start(signal?: AbortSignal): Promise<void>
  /** Stops all consumers, waits for outstanding confirms (bounded), closes. May be called twice. */
  stop(): Promise<void>
  health(): BusHealth
  /** Publishes all, then waits for all outcomes; same order as the input. Never rejects. */
  publish(messages: readonly OutgoingMessage[]): Promise<readonly PublishOutcome[]>
}

/** The service's side. */
export type ServiceBus = BusConnection & {
  /** Results and progress of all agents (all of `agent.#` but heartbeats), in batches, shared among replicas. */
  consumeResults(handler: BatchHandler, options: ConsumerOptions): Promise<Consumer>
  /** Heartbeats of all agents, shared among replicas; old ones expire. */
  consumeHeartbeats(handler: BatchHandler, options: ConsumerOptions): Promise<Consumer>
  /** Hints of all replicas (this one's too), delivered to every replica; lost while disconnected: `missed` is called once they come again. */
  consumeEvents(handler: (bodies: readonly string[]) => void, missed?: () => void): Promise<Consumer>
  /** Creates the agent's durable queue, bound to its routing key, if it does not exist. */
  declareAgentQueue(agentName: string): Promise<void>
  queueDepths(): Promise<QueueDepths>
  /** Up to `limit` dead letters, oldest first, left in place. */
  readDeadLetters(limit: number): Promise<readonly DeadLetter[]>
}

/** An agent's side: only its own queue and its own routing keys. */
export type AgentBus = BusConnection & {
  /** Work for one agent. Waits, retrying, while the queue does not exist yet; consumes again after a reconnect. */
  consumeWork(agentName: string, handler: BatchHandler, options: ConsumerOptions): Promise<Consumer>
}

/** Agent names as they may appear in routing keys, queues and credentials. */
export const agentNamePattern = /^[a-z0-9-]{1,64}$/
