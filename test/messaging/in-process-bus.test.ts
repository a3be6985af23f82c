import { expect, test } from 'vitest'
import { createInProcessBroker } from '../../src/messaging/in-process-bus.ts'
import type { BusConnection } from '../../src/messaging/port.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { describeBus, result, work } from './bus-contract.ts'
import { createInbox, eventually } from './inbox.ts'

async function started<B extends BusConnection>(bus: B): Promise<B> {
  await bus.start()
  return bus
}

describeBus('the in-process', async () => {
  const broker = createInProcessBroker({ maxQueueLength: 10_000, logger: silentLogger })
  const buses: BusConnection[] = []
  async function opened<B extends BusConnection>(bus: B): Promise<B> {
    buses.push(bus)
    return started(bus)
  }
  return {
    serviceBus: () => opened(broker.serviceBus()),
    agentBus: (agentName) => opened(broker.agentBus(agentName)),
    async close() {
      await Promise.all(buses.map((bus) => bus.stop()))
    },
  }
})

test('a full in-process queue refuses what goes beyond it and takes more once there is room', async () => {
  const broker = createInProcessBroker({ maxQueueLength: 2, logger: silentLogger })
  const service = await started(broker.serviceBus())
  await service.declareAgentQueue('a')
  const outcomes = await service.publish(['1', '2', '3'].map((body) => work('a', body)))
  expect(outcomes).toEqual(['confirmed', 'confirmed', 'failed'])
  const agent = await started(broker.agentBus('a'))
  const inbox = createInbox()
  await agent.consumeWork('a', inbox.handler, { prefetch: 1 })
  await eventually(() => inbox.bodies(), (seen) => seen.length === 2)
  expect(await service.publish([work('a', '4')])).toEqual(['confirmed'])
})

test('expired messages make room on a full in-process queue', async () => {
  const broker = createInProcessBroker({ maxQueueLength: 1, logger: silentLogger })
  const service = await started(broker.serviceBus())
  await service.declareAgentQueue('a')
  expect(await service.publish([work('a', 'old', { expiresAfterMs: 5 })])).toEqual(['confirmed'])
  await eventually(() => service.publish([work('a', 'new')]), ([outcome]) => outcome === 'confirmed')
})

test('a handler that throws gets its messages again and loses none', async () => {
  const broker = createInProcessBroker({ maxQueueLength: 10, logger: silentLogger })
  const service = await started(broker.serviceBus())
  const inbox = createInbox()
  let calls = 0
  await service.consumeResults(async (batch) => {
    calls += 1
    if (calls === 1) throw new Error('database is away')
    await inbox.handler(batch)
  }, { prefetch: 10 })
  await service.publish([result('a', 'succeeded', '1')])
  await eventually(() => inbox.bodies(), (seen) => seen.length === 1)
  expect(inbox.deliveries[0]?.redeliveries).toBe(1)
})
