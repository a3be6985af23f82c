/** What every bus does. Each adapter runs this suite against its own implementation. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deliveryLimitReason, maxDeliveries } from '../../src/messaging/delivery-policy.ts'
import type { AgentBus, Delivery, OutgoingMessage, ServiceBus } from '../../src/messaging/port.ts'
import { createInbox, eventually } from './inbox.ts'

/** A broker of its own for one test; `close` removes everything made on it. */
export type BrokerUnderTest = {
  serviceBus(): Promise<ServiceBus>
  agentBus(agentName: string): Promise<AgentBus>
  close(): Promise<void>
}

export const work = (agentName: string, body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  exchange: 'work', routingKey: `agent.${agentName}`, messageId: randomUUID(), body, ...more,
})
export const result = (agentName: string, word: string, body: string): OutgoingMessage => ({
  exchange: 'results', routingKey: `agent.${agentName}.${word}`, messageId: randomUUID(), body,
})
export const hint = (body: string): OutgoingMessage => ({
  exchange: 'events', routingKey: 'hint', messageId: randomUUID(), body,
})
const many = { prefetch: 1_000 }
const leaveOpen = () => {}

export function describeBus(adapter: string, createBroker: () => Promise<BrokerUnderTest>): void {
  describe(`${adapter} bus`, () => {
    let broker: BrokerUnderTest
    let service: ServiceBus
    beforeEach(async () => {
      broker = await createBroker()
      service = await broker.serviceBus()
    })
    afterEach(() => broker.close())

    test('a published message is confirmed and reaches its agent with key, id and body', async () => {
      await service.declareAgentQueue('a')
      const agent = await broker.agentBus('a')
      const inbox = createInbox()
      await agent.consumeWork('a', inbox.handler, many)
      const message = work('a', '{"text":"ü"}')
      expect(await service.publish([message])).toEqual(['confirmed'])
      const [delivery] = await eventually(() => inbox.deliveries, (seen) => seen.length === 1)
      expect(delivery).toMatchObject({ routingKey: 'agent.a', messageId: message.messageId, redeliveries: 0 })
      expect(inbox.bodies()).toEqual(['{"text":"ü"}'])
    })

    test('work for an agent without a queue is unroutable, and its neighbours in the batch are not', async () => {
      await service.declareAgentQueue('a')
      const same = randomUUID()
      const batch = [
        work('nobody', '1', { messageId: same }),
        work('a', '2', { messageId: same }),
        work('nobody', '3'),
        work('a', '4'),
      ]
      expect(await service.publish(batch)).toEqual(['unroutable', 'confirmed', 'unroutable', 'confirmed'])
    })

    test('what arrives while the handler is busy comes as one batch, in order', async () => {
      const release = Promise.withResolvers<void>()
      const inbox = createInbox()
      await service.consumeResults(async (batch) => {
        await inbox.handler(batch)
        await release.promise
      }, many)
      await service.publish([result('a', 'accepted', 'first')])
      await eventually(() => inbox.deliveries.length, (seen) => seen === 1)
      const bodies = Array.from({ length: 200 }, (_, index) => String(index))
      await service.publish(bodies.map((body) => result('a', 'succeeded', body)))
      release.resolve()
      await eventually(() => inbox.deliveries.length, (seen) => seen === 201)
      expect(inbox.bodies()).toEqual(['first', ...bodies])
      expect(inbox.batchSizes.length).toBeLessThan(50)
    })

    test('calls that may overlap leave nothing waiting for a busy one, and a stop waits for all of them', async () => {
      const agent = await broker.agentBus('a')
      const held = Promise.withResolvers<void>()
      const deliveries: Delivery[] = []
      const consumer = await service.consumeResults(async (batch) => {
        deliveries.push(...batch)
        await held.promise
        for (const delivery of batch) delivery.ack()
      }, { prefetch: 10, overlapping: 2 })
      for (const number of [1, 2]) {
        await agent.publish([result('a', 'succeeded', String(number))])
        await eventually(() => deliveries, (seen) => seen.length === number)
      }
      await agent.publish([result('a', 'succeeded', '3')])
      const stopped = consumer.stop()
      held.resolve()
      await stopped
      const inbox = createInbox()
      await service.consumeResults(inbox.handler, many)
      await eventually(() => inbox.bodies(), (seen) => seen.length === 1)
      expect(inbox.bodies()).toEqual(['3'])
    })

    test('an acknowledged message is gone, an unsettled one comes back after its consumer stops', async () => {
      const first = createInbox((delivery) => {
        if (delivery.body.toString() !== 'open') delivery.ack()
      })
      const consumer = await service.consumeResults(first.handler, many)
      await service.publish(['1', 'open', '2'].map((body) => result('a', 'accepted', body)))
      await eventually(() => first.deliveries.length, (seen) => seen === 3)
      await consumer.stop()
      const second = createInbox()
      await service.consumeResults(second.handler, many)
      await eventually(() => second.bodies(), (seen) => seen.length > 0)
      await service.publish([result('a', 'accepted', 'last')])
      await eventually(() => second.bodies(), (seen) => seen.includes('last'))
      expect(second.bodies()).toEqual(['open', 'last'])
      expect(second.deliveries[0]?.redeliveries).toBe(1)
    })

    test('acknowledging in any order acknowledges exactly those', async () => {
      const inbox = createInbox(leaveOpen)
      const consumer = await service.consumeResults(inbox.handler, many)
      const bodies = Array.from({ length: 20 }, (_, index) => String(index))
      await service.publish(bodies.map((body) => result('a', 'accepted', body)))
      await eventually(() => inbox.deliveries.length, (seen) => seen === 20)
      const kept = new Set(['0', '7', '8', '19'])
      for (const delivery of inbox.deliveries.toReversed()) if (!kept.has(delivery.body.toString())) delivery.ack()
      await consumer.stop()
      const rest = createInbox()
      await service.consumeResults(rest.handler, many)
      await eventually(() => rest.bodies(), (seen) => seen.length === 4)
      expect(new Set(rest.bodies())).toEqual(kept)
    })

    test('settling twice or after the consumer stopped does nothing', async () => {
      const inbox = createInbox(leaveOpen)
      const consumer = await service.consumeResults(inbox.handler, many)
      await service.publish([result('a', 'accepted', '1'), result('a', 'accepted', '2')])
      const [one, two] = await eventually(() => inbox.deliveries, (seen) => seen.length === 2)
      one?.ack()
      one?.ack()
      one?.retry()
      one?.deadLetter('settled before')
      await consumer.stop()
      two?.ack()
      const again = createInbox()
      await service.consumeResults(again.handler, many)
      await eventually(() => again.bodies(), (seen) => seen.length === 1)
      expect(again.bodies()).toEqual(['2'])
      expect(await service.readDeadLetters(10)).toEqual([])
    })

    test(`a message that is retried each time becomes a dead letter after ${maxDeliveries} deliveries`, async () => {
      const inbox = createInbox((delivery) => delivery.retry())
      await service.consumeResults(inbox.handler, many)
      await service.publish([result('a', 'failed', 'poison')])
      const [letter] = await eventually(() => service.readDeadLetters(10), (letters) => letters.length === 1)
      expect(letter).toMatchObject({ reason: deliveryLimitReason, routingKey: 'agent.a.failed', body: 'poison' })
      expect(inbox.deliveries.map((delivery) => delivery.redeliveries)).toEqual([0, 1, 2, 3, 4])
      expect((await service.queueDepths()).deadLetters).toBe(1)
    })

    test('a message that is being retried does not hold up the others', async () => {
      const inbox = createInbox((delivery) => (delivery.body.toString() === 'bad' ? delivery.retry() : delivery.ack()))
      await service.consumeResults(inbox.handler, { prefetch: 10 })
      const bodies = ['bad', ...Array.from({ length: 100 }, (_, index) => String(index))]
      await service.publish(bodies.map((body) => result('a', 'failed', body)))
      expect(await eventually(() => new Set(inbox.bodies()).size, (seen) => seen === 101, 5_000)).toBe(101)
    })

    test('a dead letter keeps reason, routing key and body, and reading leaves it in place', async () => {
      await service.consumeResults(createInbox((delivery) => delivery.deadLetter('not JSON')).handler, many)
      await service.publish([result('b', 'succeeded', '{')])
      await eventually(() => service.readDeadLetters(10), (letters) => letters.length === 1)
      await service.publish([result('b', 'succeeded', '[')])
      await eventually(() => service.readDeadLetters(10), (letters) => letters.length === 2)
      for (const limit of [1, 2, 10]) {
        const letters = await eventually(() => service.readDeadLetters(limit), ([first]) => first?.body === '{')
        expect(letters.length).toBeLessThanOrEqual(limit)
        expect(letters[0]).toMatchObject({ reason: 'not JSON', routingKey: 'agent.b.succeeded', body: '{' })
        expect(Date.now() - Date.parse(letters[0]?.at ?? '')).toBeLessThan(60_000)
      }
      await eventually(() => service.queueDepths(), (depths) => depths.results === 0 && depths.deadLetters === 2)
    })

    test('work that an agent refuses becomes a dead letter', async () => {
      await service.declareAgentQueue('a')
      const agent = await broker.agentBus('a')
      await agent.consumeWork('a', createInbox((delivery) => delivery.deadLetter('unknown type')).handler, many)
      await service.publish([work('a', 'strange')])
      const [letter] = await eventually(() => service.readDeadLetters(10), (letters) => letters.length === 1)
      expect(letter).toMatchObject({ routingKey: 'agent.a', body: 'strange' })
    })

    test('an expired message is neither delivered nor a dead letter', async () => {
      await service.declareAgentQueue('a')
      await service.publish([work('a', 'old', { expiresAfterMs: 1 }), work('a', 'new')])
      const agent = await broker.agentBus('a')
      const inbox = createInbox()
      await eventually(() => performance.now(), ((start) => (now) => now > start + 50)(performance.now()))
      await agent.consumeWork('a', inbox.handler, many)
      await eventually(() => inbox.bodies(), (seen) => seen.includes('new'))
      expect(inbox.bodies()).toEqual(['new'])
      expect(await service.readDeadLetters(10)).toEqual([])
    })

    test('hints reach every replica, the sender included', async () => {
      const other = await broker.serviceBus()
      const heard: string[][] = [[], []]
      await service.consumeEvents((bodies) => heard[0]?.push(...bodies))
      await other.consumeEvents((bodies) => heard[1]?.push(...bodies))
      await service.publish([hint('1')])
      await other.publish([hint('2'), hint('3')])
      await eventually(() => heard.map((bodies) => bodies.length), (counts) => counts.every((count) => count === 3))
      expect(heard.map((bodies) => bodies.toSorted())).toEqual([['1', '2', '3'], ['1', '2', '3']])
    })

    test('a replica that stopped listening hears nothing more', async () => {
      const heard: string[] = []
      const listener = await service.consumeEvents((bodies) => heard.push(...bodies))
      await listener.stop()
      expect(await service.publish([hint('1')])).toEqual(['unroutable'])
      expect(heard).toEqual([])
    })

    test('competing replicas share the results, each message once', async () => {
      const other = await broker.serviceBus()
      const inboxes = [createInbox(), createInbox()] as const
      await service.consumeResults(inboxes[0].handler, { prefetch: 10 })
      await other.consumeResults(inboxes[1].handler, { prefetch: 10 })
      const bodies = Array.from({ length: 300 }, (_, index) => String(index))
      await service.publish(bodies.map((body) => result('a', 'progressed', body)))
      await eventually(() => inboxes.map((inbox) => inbox.deliveries.length), ([a = 0, b = 0]) => a + b >= 300)
      expect(inboxes.flatMap((inbox) => inbox.bodies()).toSorted()).toEqual(bodies.toSorted())
      expect(inboxes.every((inbox) => inbox.deliveries.length > 0)).toBe(true)
    })

    test('an agent sees its own work only, and sends under its own name only', async () => {
      await service.declareAgentQueue('a')
      await service.declareAgentQueue('b')
      const [a, b] = [await broker.agentBus('a'), await broker.agentBus('b')]
      const [inboxA, inboxB] = [createInbox(), createInbox()]
      await a.consumeWork('a', inboxA.handler, many)
      await b.consumeWork('b', inboxB.handler, many)
      await service.publish([work('a', 'for a'), work('b', 'for b')])
      await eventually(() => [...inboxA.bodies(), ...inboxB.bodies()], (seen) => seen.length === 2)
      expect([inboxA.bodies(), inboxB.bodies()]).toEqual([['for a'], ['for b']])
      const forged = [result('b', 'succeeded', '1'), work('b', '2'), hint('3')]
      expect(await a.publish(forged)).toEqual(['failed', 'failed', 'failed'])
      await expect(a.consumeWork('b', inboxA.handler, many)).rejects.toThrow(RangeError)
    })

    test('an agent that consumes before its queue exists receives work once it does', async () => {
      const agent = await broker.agentBus('late')
      const inbox = createInbox()
      await agent.consumeWork('late', inbox.handler, many)
      expect(await service.publish([work('late', 'too early')])).toEqual(['unroutable'])
      await service.declareAgentQueue('late')
      await service.declareAgentQueue('late')
      expect(await service.publish([work('late', 'in time')])).toEqual(['confirmed'])
      await eventually(() => inbox.bodies(), (seen) => seen.length === 1)
    })

    test('no more than the prefetch is unsettled at a time', async () => {
      const open: Delivery[] = []
      let most = 0
      await service.consumeResults(async (batch) => {
        open.push(...batch)
        most = Math.max(most, open.length)
      }, { prefetch: 7 })
      await service.publish(Array.from({ length: 50 }, (_, index) => result('a', 'accepted', String(index))))
      let settled = 0
      while (settled < 50) {
        await eventually(() => open.length, (count) => count > 0)
        open.pop()?.ack()
        settled += 1
      }
      expect(most).toBe(7)
    })

    test('heartbeats have their own queue, and unknown words go to the results', async () => {
      const agent = await broker.agentBus('a')
      const [results, heartbeats] = [createInbox(), createInbox()]
      await service.consumeResults(results.handler, many)
      await service.consumeHeartbeats(heartbeats.handler, many)
      const words = ['heartbeat', 'accepted', 'progressed', 'succeeded', 'failed', 'stopped', 'sang', 'two.words']
      const outcomes = await agent.publish(words.map((word) => result('a', word, word)))
      expect(new Set(outcomes)).toEqual(new Set(['confirmed']))
      await eventually(() => results.bodies().length + heartbeats.bodies().length, (seen) => seen === 8)
      expect(heartbeats.bodies()).toEqual(['heartbeat'])
      expect(results.bodies().toSorted()).toEqual(words.slice(1).toSorted())
    })

    test('a stopped bus is not connected, refuses to publish, and may be stopped again', async () => {
      expect(service.health()).toMatchObject({ connected: true, blocked: false })
      await service.stop()
      await service.stop()
      expect(service.health().connected).toBe(false)
      expect(await service.publish([result('a', 'accepted', '1')])).toEqual(['failed'])
    })
  })
}
