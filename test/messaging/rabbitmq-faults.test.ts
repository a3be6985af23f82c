/** The network and the broker misbehave; nothing confirmed is lost and nobody has to help. */
import { connect } from 'amqplib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BusConnection, ServiceBus } from '../../src/messaging/port.ts'
import { createRabbitMqAgentBus, createRabbitMqServiceBus } from '../../src/messaging/rabbitmq-bus.ts'
import { brokerNames } from '../../src/messaging/topology.ts'
import { provideBroker } from '../harness/broker.ts'
import type { TestBroker } from '../harness/broker.ts'
import { amqpMethods } from '../harness/frame-splitter.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { startTcpProxy } from '../harness/tcp-proxy.ts'
import type { TcpProxy } from '../harness/tcp-proxy.ts'
import { hint, result, work } from './bus-contract.ts'
import { createInbox, eventually } from './inbox.ts'

let broker: TestBroker
let proxy: TcpProxy
let service: ServiceBus
let buses: BusConnection[]

async function started<B extends BusConnection>(bus: B): Promise<B> {
  buses.push(bus)
  await bus.start()
  return bus
}
const options = (url = proxy.url) => ({ url, prefix: broker.prefix, logger: silentLogger })
const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index))
const connected = () => eventually(() => service.health(), (health) => health.connected)

/** Publishes as the outbox does: again and again until confirmed. */
async function publishUntilConfirmed(bus: BusConnection, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) {
    await eventually(() => bus.publish([result('a', 'succeeded', body)]), ([outcome]) => outcome === 'confirmed')
  }
}

beforeEach(async () => {
  broker = await provideBroker()
  proxy = await startTcpProxy(broker.url)
  buses = []
  service = await started(createRabbitMqServiceBus(options()))
})
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.stop()))
  await proxy.stop()
  await broker.remove(['a'])
})

test('connections that are cut come back, and every confirmed message is delivered', async () => {
  const inbox = createInbox()
  await service.consumeResults(inbox.handler, { prefetch: 50 })
  const agent = await started(createRabbitMqAgentBus({ ...options(), agentName: 'a' }))
  const bodies = numbered(300)
  const publishing = publishUntilConfirmed(agent, bodies)
  for (const count of [50, 150, 250]) {
    await eventually(() => inbox.deliveries.length, (seen) => seen >= count)
    proxy.cut()
  }
  await publishing
  await eventually(() => new Set(inbox.bodies()).size, (seen) => seen === 300)
  await connected()
  const depths = await eventually(() => service.queueDepths(), ({ results }) => results === 0)
  expect(depths.deadLetters).toBe(0)
})

test('a publish whose confirm never arrives fails as soon as the connection ends', async () => {
  const hold = proxy.hold((frame) => frame.direction === 'toClient' && frame.method === amqpMethods.ack)
  const outcome = service.publish([result('a', 'accepted', '1')])
  await hold.reached
  proxy.cut()
  expect(await outcome).toEqual(['failed'])
  hold.release()
  const inbox = createInbox()
  await service.consumeResults(inbox.handler, { prefetch: 10 })
  await eventually(() => inbox.bodies(), (seen) => seen.includes('1'))
})

test('an acknowledgement that does not reach the broker brings the message again', async () => {
  const hold = proxy.hold((frame) => frame.direction === 'toServer' && frame.method === amqpMethods.ack)
  const inbox = createInbox()
  await service.consumeResults(inbox.handler, { prefetch: 10 })
  await service.publish([result('a', 'accepted', '1')])
  await hold.reached
  proxy.cut()
  hold.release()
  await eventually(() => inbox.deliveries, (seen) => seen.length === 2)
  expect(inbox.deliveries.map((delivery) => delivery.redeliveries)).toEqual([0, 1])
})

test('a connection that drops everything is found by heartbeats and replaced', async () => {
  const impatient = await started(createRabbitMqServiceBus(options(`${proxy.url}?heartbeat=1`)))
  const inbox = createInbox()
  await impatient.consumeResults(inbox.handler, { prefetch: 10 })
  proxy.silence()
  await eventually(() => impatient.health(), (health) => !health.connected)
  expect(await impatient.publish([result('a', 'accepted', 'during')])).toEqual(['failed'])
  proxy.restore()
  proxy.cut()
  await eventually(() => impatient.publish([result('a', 'accepted', 'after')]), ([outcome]) => outcome === 'confirmed')
  await eventually(() => inbox.bodies(), (seen) => seen.includes('after'))
})

test('a broker that refuses connections is tried until it accepts', async () => {
  proxy.refuse()
  proxy.cut()
  await eventually(() => service.health(), (health) => !health.connected && health.lastError !== null)
  const late = createRabbitMqServiceBus(options())
  await expect(late.start(AbortSignal.timeout(300))).rejects.toThrow('Not connected to the broker')
  await late.stop()
  proxy.accept()
  await eventually(() => service.publish([result('a', 'accepted', '1')]), ([outcome]) => outcome === 'confirmed')
})

test('hints are heard again after the connection was cut, and the listener knows that it missed some', async () => {
  const heard: string[] = []
  let gaps = 0
  await service.consumeEvents((bodies) => heard.push(...bodies), () => gaps++)
  expect(gaps).toBe(0)
  proxy.cut()
  await eventually(() => service.publish([hint('after')]), ([outcome]) => outcome === 'confirmed')
  expect(await eventually(() => heard, (seen) => seen.includes('after'))).toContain('after')
  expect(gaps).toBeGreaterThan(0)
})

test('a publisher channel that the broker closes is opened again', async () => {
  const agent = await started(createRabbitMqAgentBus({ ...options(), agentName: 'a' }))
  const admin = await connect(broker.url)
  const channel = await admin.createChannel()
  const { exchanges, otherResults } = brokerNames(broker.prefix)
  await channel.deleteExchange(exchanges.results)
  expect(await agent.publish([result('a', 'accepted', '1')])).toEqual(['failed'])
  await channel.assertExchange(exchanges.results, 'topic', { arguments: { 'alternate-exchange': otherResults } })
  await admin.close()
  const publish = () => agent.publish([result('a', 'accepted', '2')])
  const outcomes = await eventually(publish, ([outcome]) => outcome === 'confirmed')
  expect(outcomes).toEqual(['confirmed'])
})

test('a consumer whose queue is deleted consumes the new queue of that name', async () => {
  await service.declareAgentQueue('a')
  const agent = await started(createRabbitMqAgentBus({ ...options(), agentName: 'a' }))
  const inbox = createInbox()
  await agent.consumeWork('a', inbox.handler, { prefetch: 10 })
  await service.publish([work('a', 'before')])
  await eventually(() => inbox.bodies(), (seen) => seen.includes('before'))
  // RabbitMQ tells nobody when a queue is deleted and declared again within milliseconds.
  const told = proxy.hold((frame) => frame.direction === 'toClient' && frame.method === amqpMethods.cancel)
  const admin = await connect(broker.url)
  await (await admin.createChannel()).deleteQueue(brokerNames(broker.prefix).agentQueue('a'))
  await admin.close()
  await told.reached
  told.release()
  expect(await service.publish([work('a', 'gone')])).toEqual(['unroutable'])
  await service.declareAgentQueue('a')
  await service.publish([work('a', 'after')])
  await eventually(() => inbox.bodies(), (seen) => seen.includes('after'))
})

test('stopping while the network drops everything ends within its limit', async () => {
  await service.consumeResults(createInbox().handler, { prefetch: 10 })
  proxy.silence()
  const begun = performance.now()
  await service.stop()
  expect(performance.now() - begun).toBeLessThan(15_000)
  proxy.restore()
})
