/** A broker in virtual time: durable queues, confirms, unacknowledged deliveries that come back, a delivery limit. */
import type { OutgoingMessage, PublishOutcome } from '../../src/messaging/port.ts'
import type { Faults } from '../faults.ts'
import type { Process, World } from '../world.ts'
import { createQueue, type Queue, type Subscription } from './queue.ts'

/** A message that the broker has stored, as a witness for the checks. */
export type Stored = OutgoingMessage & { readonly at: number; readonly by: string }

/** A report that the service took for good, and when. */
export type Acknowledged = { readonly message: OutgoingMessage; readonly at: number }

export type DeadLetter = { readonly reason: string; readonly routingKey: string; readonly body: string }

export type Broker = {
  publish(process: Process, messages: readonly OutgoingMessage[]): Promise<readonly PublishOutcome[]>
  results: Queue
  heartbeats: Queue
  /** Null where nobody declared it. */
  agentQueue(name: string): Queue | null
  declareAgentQueue(name: string): Queue
  /** An empty queue expires. */
  removeAgentQueue(name: string): void
  /** Hints go to all who listen. */
  listen(process: Process, listener: (body: string) => void): () => void
  /** Puts a message on its queue behind everybody's back. */
  inject(message: OutgoingMessage, by: string): PublishOutcome
  /** All subscriptions of the process lose their channel. */
  closeChannels(process: Process): void
  /** Nothing waits for delivery or acknowledgement but heartbeats. */
  isIdle(): boolean
  readonly stored: readonly Stored[]
  readonly acknowledged: readonly Acknowledged[]
  readonly deadLetters: readonly DeadLetter[]
}

export function createBroker(world: World, faults: Faults): Broker {
  const random = world.random('broker')
  const stored: Stored[] = []
  const deadLetters: DeadLetter[] = []
  const acknowledged: Acknowledged[] = []
  const agentQueues = new Map<string, Queue>()
  const listeners = new Map<(body: string) => void, Process>()
  const bury = (letter: DeadLetter) => void deadLetters.push(letter)
  const newQueue = (name: string) => createQueue({ world, faults, random, name, bury, acked() {} })
  const results = createQueue({ world, faults, random, name: 'results', bury, acked: (message) => void acknowledged.push({ message, at: world.now }) })
  const heartbeats = newQueue('heartbeats')

  function route(message: OutgoingMessage, by: string): PublishOutcome {
    const { exchange, routingKey, body } = message
    if (exchange === 'events') {
      for (const [listener, process] of listeners) {
        if (!faults.losesHint() && !faults.brokerIsAway(process)) world.at(process, faults.latency(process), () => {
          if (listeners.has(listener)) listener(body)
        })
      }
      return 'confirmed'
    }
    const isHeartbeat = /^agent\.[^.]*\.heartbeat$/.test(routingKey)
    const queue = exchange === 'work' ? agentQueues.get(routingKey.slice('agent.'.length)) : isHeartbeat ? heartbeats : results
    if (!queue) return 'unroutable'
    if (!isHeartbeat) stored.push({ ...message, at: world.now, by })
    // Old heartbeats say nothing.
    queue.push(isHeartbeat ? { ...message, expiresAfterMs: 15_000 } : message)
    return 'confirmed'
  }

  function arrive(process: Process, messages: readonly OutgoingMessage[]): PublishOutcome[] {
    // What a killed process had written to its socket may or may not have left it.
    if (!process.alive && random.chance(0.5)) return []
    if (faults.brokerIsAway(process)) return messages.map(() => 'failed')
    return messages.map((message) => {
      const fault = faults.ofPublish()
      if (fault === 'lost') return 'failed'
      const outcome = route(message, process.name)
      return fault === 'unconfirmed' ? 'failed' : outcome
    })
  }

  const subscriptions = (): Subscription[] => [results, heartbeats, ...agentQueues.values()].flatMap((queue) => queue.subscriptions)

  return {
    results,
    heartbeats,
    stored,
    acknowledged,
    deadLetters,
    publish: (process, messages) => new Promise((resolve) => {
      world.at(null, faults.latency(process), () => {
        const outcomes = arrive(process, messages)
        const first = messages[0]
        world.note(process.name, `publish ${messages.length} ${first?.exchange} ${first?.routingKey}: ${outcomes.join(' ')}`)
        world.at(process, faults.latency(process), () => resolve(outcomes))
      })
    }),
    agentQueue: (name) => agentQueues.get(name) ?? null,
    declareAgentQueue(name) {
      const queue = agentQueues.get(name) ?? newQueue(`agent.${name}`)
      agentQueues.set(name, queue)
      return queue
    },
    removeAgentQueue(name) {
      if (agentQueues.get(name)?.isEmpty()) agentQueues.delete(name)
    },
    listen(process, listener) {
      listeners.set(listener, process)
      process.onKill(() => listeners.delete(listener))
      return () => listeners.delete(listener)
    },
    inject: route,
    isIdle: () => [results, ...agentQueues.values()].every((queue) => queue.isEmpty()),
    closeChannels(process) {
      for (const subscription of subscriptions()) if (subscription.process === process) subscription.loseChannel()
    },
  }
}
