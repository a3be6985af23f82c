/**
 * Exchanges, queues and bindings as data, for both adapters and the AsyncAPI document. RabbitMQ fixes all arguments
 * at the first declaration: changing one here needs a new queue name or a migration of the broker.
 * https://www.rabbitmq.com/docs/quorum-queues
 */
import { maxDeliveries } from './delivery-policy.ts'
import { agentNamePattern } from './port.ts'
import type { Exchange, OutgoingMessage } from './port.ts'

export type ExchangeDeclaration = {
  readonly name: string
  readonly type: 'topic' | 'fanout' | 'headers'
  readonly arguments: Readonly<Record<string, string>>
}
export type QueueDeclaration = { readonly name: string; readonly arguments: Readonly<Record<string, string | number>> }
export type Binding = {
  readonly exchange: string
  readonly queue: string
  readonly pattern: string
  readonly arguments?: Readonly<Record<string, string>>
}
export type Topology = {
  readonly exchanges: readonly ExchangeDeclaration[]
  readonly queues: readonly QueueDeclaration[]
  readonly bindings: readonly Binding[]
}

const minute = 60_000
/** Old heartbeats say nothing: they expire after one lease. */
export const heartbeatTtlMs = 15_000
/** Most messages an agent's queue holds; a publish beyond is refused, and its work stays in the outbox. */
const maxAgentQueueLength = 10_000

/** Names of everything on the broker; all begin with `prefix`. */
export function brokerNames(prefix: string) {
  const exchanges: Record<Exchange, string> = {
    work: `${prefix}.work`,
    results: `${prefix}.results`,
    events: `${prefix}.events`,
  }
  return {
    exchanges,
    /** Takes what no binding of the results exchange takes, so that unknown words are seen and not lost. */
    otherResults: `${prefix}.results.other`,
    /** Where the broker itself puts messages it gives up on. */
    deadLetterExchange: `${prefix}.dead`,
    otherDeadLetters: `${prefix}.dead.other`,
    results: `${prefix}.results`,
    heartbeats: `${prefix}.heartbeats`,
    deadLetters: `${prefix}.dead-letters`,
    expired: `${prefix}.expired`,
    agentQueue(agentName: string): string {
      if (!agentNamePattern.test(agentName)) throw new RangeError('An agent name has 1 to 64 of a-z, 0-9 and -.')
      return `${prefix}.agent.${agentName}`
    },
  }
}

/** Everything the service declares at start. */
export function serviceTopology(prefix: string): Topology {
  const names = brokerNames(prefix)
  return {
    exchanges: [
      { name: names.otherResults, type: 'fanout', arguments: {} },
      { name: names.otherDeadLetters, type: 'fanout', arguments: {} },
      { name: names.exchanges.work, type: 'topic', arguments: {} },
      { name: names.exchanges.results, type: 'topic', arguments: { 'alternate-exchange': names.otherResults } },
      { name: names.exchanges.events, type: 'topic', arguments: {} },
      { name: names.deadLetterExchange, type: 'headers', arguments: { 'alternate-exchange': names.otherDeadLetters } },
    ],
    queues: [
      { name: names.results, arguments: { ...deadLettering(prefix), 'x-max-length': 500_000 } },
      {
        name: names.heartbeats,
        // Like all of them replicated: a durable classic queue cannot be declared while its node of a cluster is down.
        arguments: { 'x-queue-type': 'quorum', 'x-message-ttl': heartbeatTtlMs, 'x-max-length': 50_000, 'x-delivery-limit': maxDeliveries - 1 },
      },
      {
        name: names.deadLetters,
        // Reading leaves letters in place, which counts as a delivery: a limit is needed, and must never be reached.
        arguments: { 'x-queue-type': 'quorum', 'x-max-length': 100_000, 'x-delivery-limit': 1_000_000_000 },
      },
      {
        name: names.expired,
        arguments: { 'x-queue-type': 'quorum', 'x-message-ttl': 60 * minute, 'x-max-length': 1_000, 'x-delivery-limit': maxDeliveries - 1 },
      },
    ],
    bindings: [
      ...['accepted', 'progressed', 'succeeded', 'failed', 'stopped'].map((word) => ({
        exchange: names.exchanges.results,
        queue: names.results,
        pattern: `agent.*.${word}`,
      })),
      { exchange: names.otherResults, queue: names.results, pattern: '' },
      { exchange: names.exchanges.results, queue: names.heartbeats, pattern: 'agent.*.heartbeat' },
      { exchange: names.otherDeadLetters, queue: names.deadLetters, pattern: '' },
      {
        // Work that nobody took in time is ordinary, and must not crowd out letters that need a person.
        exchange: names.deadLetterExchange,
        queue: names.expired,
        pattern: '',
        arguments: { 'x-match': 'all-with-x', 'x-first-death-reason': 'expired' },
      },
    ],
  }
}

/** What the service declares for one agent. */
export function agentTopology(prefix: string, agentName: string): Topology {
  const names = brokerNames(prefix)
  const queue = names.agentQueue(agentName)
  return {
    exchanges: [],
    queues: [
      {
        name: queue,
        arguments: { ...deadLettering(prefix), 'x-max-length': maxAgentQueueLength, 'x-expires': 24 * 60 * minute },
      },
    ],
    bindings: [{ exchange: names.exchanges.work, queue, pattern: `agent.${agentName}` }],
  }
}

/** Whether an agent may send this: results under its own name. On RabbitMQ topic permissions enforce the same. */
export function mayAgentPublish(agentName: string, message: OutgoingMessage): boolean {
  return message.exchange === 'results' && message.routingKey.startsWith(`agent.${agentName}.`)
}

/** Dead-lettering that loses nothing: a letter leaves its queue only after the next one confirmed it. */
function deadLettering(prefix: string): QueueDeclaration['arguments'] {
  return {
    'x-queue-type': 'quorum',
    // The broker counts redeliveries: a limit of n allows n + 1 deliveries.
    'x-delivery-limit': maxDeliveries - 1,
    'x-dead-letter-exchange': brokerNames(prefix).deadLetterExchange,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  }
}
