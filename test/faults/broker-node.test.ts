/** The broker itself dies, is short of memory or guards its permissions. These need a broker of their own. */
import { connect } from 'amqplib'
import type { Channel } from 'amqplib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { BusConnection } from '../../src/messaging/port.ts'
import { createRabbitMqAgentBus, createRabbitMqServiceBus } from '../../src/messaging/rabbitmq-bus.ts'
import { brokerNames } from '../../src/messaging/topology.ts'
import { startPrivateRabbitMq } from '../../scripts/rabbitmq.ts'
import type { PrivateNode } from '../../scripts/rabbitmq.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { result, work } from '../messaging/bus-contract.ts'
import { createInbox, eventually } from '../messaging/inbox.ts'

let node: PrivateNode
const buses: BusConnection[] = []

beforeAll(async () => {
  node = await startPrivateRabbitMq()
})
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.stop()))
})
afterAll(() => node.stop())

const prefix = `restart-${process.pid}`
const options = () => ({ url: node.url, prefix, logger: silentLogger })

test('what a broker confirmed survives its being killed, on both sides', async () => {
  const service = createRabbitMqServiceBus(options())
  const agent = createRabbitMqAgentBus({ ...options(), agentName: 'a' })
  buses.push(service, agent)
  await Promise.all([service.start(), agent.start()])
  await service.declareAgentQueue('a')
  const bodies = Array.from({ length: 500 }, (_, index) => String(index))
  const outcomes = await service.publish(bodies.map((body) => work('a', body)))
  expect(new Set(outcomes)).toEqual(new Set(['confirmed']))
  const results = createInbox()
  await service.consumeResults(results.handler, { prefetch: 100 })
  // Nothing is acknowledged before the kill, so everything must come again.
  const before = createInbox(() => {})
  const consumer = await agent.consumeWork('a', before.handler, { prefetch: 100 })
  await eventually(() => before.deliveries.length, (seen) => seen === 100)
  await eventually(() => node.remembers(`${prefix}.agent.a`), (remembered) => remembered)
  await node.kill()
  expect(await agent.publish([result('a', 'accepted', 'down')])).toEqual(['failed'])
  await eventually(() => [service.health().connected, agent.health().connected], (both) => !both.includes(true))
  await node.start()
  await consumer.stop()
  const after = createInbox()
  await agent.consumeWork('a', after.handler, { prefetch: 100 })
  await eventually(() => new Set(after.bodies()).size, (seen) => seen === 500)
  await eventually(() => agent.publish([result('a', 'accepted', 'up')]), ([outcome]) => outcome === 'confirmed')
  await eventually(() => results.bodies(), (seen) => seen.includes('up'))
})

test('a broker short of memory fails publishes quickly and still takes acknowledgements', async () => {
  const service = createRabbitMqServiceBus(options())
  buses.push(service)
  await service.start()
  const inbox = createInbox(() => {})
  await service.consumeResults(inbox.handler, { prefetch: 10 })
  await service.publish([result('a', 'accepted', 'early')])
  await eventually(() => inbox.deliveries.length, (seen) => seen === 1)
  await node.ctl(['set_vm_memory_high_watermark', '0.000001'])
  await eventually(() => service.publish([result('a', 'accepted', 'full')]), ([outcome]) => outcome === 'failed')
  await eventually(() => service.health(), (health) => health.blocked && health.connected)
  const begun = performance.now()
  expect(await service.publish([result('a', 'accepted', 'full')])).toEqual(['failed'])
  expect(performance.now() - begun).toBeLessThan(5_000)
  for (const delivery of inbox.deliveries) delivery.ack()
  const unacknowledged = () => node.ctl(['list_queues', '--silent', 'name', 'messages_unacknowledged'])
  await eventually(unacknowledged, (listed) => new RegExp(`${prefix}\\.results\\s+0`).test(listed))
  await node.ctl(['set_vm_memory_high_watermark', '0.4'])
  await eventually(() => service.publish([result('a', 'accepted', 'late')]), ([outcome]) => outcome === 'confirmed')
  expect(service.health()).toMatchObject({ connected: true, blocked: false })
})

test('an agent needs permissions for its own queue and routing keys only', async () => {
  const service = createRabbitMqServiceBus(options())
  buses.push(service)
  await service.start()
  await service.declareAgentQueue('a')
  await service.declareAgentQueue('b')
  const { exchanges, agentQueue } = brokerNames(prefix)
  await node.ctl(['add_user', 'agent-a', 'secret'])
  await node.ctl(['set_permissions', 'agent-a', '^$', `^${exchanges.results}$`, `^${agentQueue('a')}$`])
  await node.ctl(['set_topic_permissions', 'agent-a', exchanges.results, '^agent\\.a\\.', '^$'])
  const url = node.url.replace('guest:guest', 'agent-a:secret')
  const agent = createRabbitMqAgentBus({ ...options(), url, agentName: 'a' })
  buses.push(agent)
  await agent.start()
  const [workInbox, results] = [createInbox((delivery) => delivery.deadLetter('unknown type')), createInbox()]
  await agent.consumeWork('a', workInbox.handler, { prefetch: 10 })
  await service.consumeResults(results.handler, { prefetch: 10 })
  await service.publish([work('a', 'strange')])
  await eventually(() => service.readDeadLetters(10), (letters) => letters.some((letter) => letter.body === 'strange'))
  expect(await agent.publish([result('a', 'accepted', 'mine')])).toEqual(['confirmed'])
  await eventually(() => results.bodies(), (seen) => seen.includes('mine'))

  const refusals = [
    (channel: Channel) => channel.publish(exchanges.results, 'agent.b.succeeded', Buffer.from('forged')),
    (channel: Channel) => channel.publish(exchanges.work, 'agent.b', Buffer.from('forged')),
    (channel: Channel) => channel.publish('', brokerNames(prefix).results, Buffer.from('forged')),
    (channel: Channel) => channel.consume(agentQueue('b'), () => {}).catch(() => {}),
  ]
  const connection = await connect(url)
  for (const refused of refusals) {
    const channel = await connection.createChannel()
    const closed = Promise.withResolvers<string>()
    channel.on('error', (error) => closed.resolve(error.message))
    void refused(channel)
    expect(await closed.promise).toContain('ACCESS_REFUSED')
  }
  await connection.close()
  expect(results.bodies()).not.toContain('forged')
})
