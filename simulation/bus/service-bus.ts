/** A replica's side of the simulated broker. */
import type { BatchHandler, Consumer, ConsumerOptions, ServiceBus } from '../../src/messaging/port.ts'
import type { Faults } from '../faults.ts'
import type { Process, World } from '../world.ts'
import type { Broker } from './broker.ts'

export function createSimulatedServiceBus(world: World, broker: Broker, faults: Faults, process: Process): ServiceBus {
  const soon = <Result>(work: () => Result): Promise<Result> => new Promise((resolve) => {
    world.at(process, faults.latency(process), () => resolve(work()))
  })
  const consume = (queue: Broker['results']) => (handler: BatchHandler, options: ConsumerOptions): Promise<Consumer> =>
    soon(() => queue.subscribe(process, handler, options))

  return {
    start: async () => {},
    stop: async () => {},
    health: () => ({ connected: !faults.brokerIsAway(process), blocked: false, lastError: null }),
    publish: (messages) => broker.publish(process, messages),
    consumeResults: consume(broker.results),
    consumeHeartbeats: consume(broker.heartbeats),
    consumeEvents: (handler) => soon(() => {
      const stop = broker.listen(process, (body) => handler([body]))
      return { stop: async () => void stop() }
    }),
    declareAgentQueue: (name) => soon(() => {
      if (!faults.brokerIsAway(process)) broker.declareAgentQueue(name)
    }),
    queueDepths: async () => ({ results: 0, heartbeats: 0, deadLetters: broker.deadLetters.length }),
    readDeadLetters: async (limit) => broker.deadLetters.slice(0, limit).map((letter) => ({ ...letter, at: null })),
  }
}
