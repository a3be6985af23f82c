import { describe, expect, test } from 'vitest'
import type { AgentBus, OutgoingMessage, PublishOutcome } from '../../src/messaging/port.ts'
import { runAgent, untilAborted } from './run-agent.ts'
import { until } from './service-side.ts'

/** A bus whose publishes of anything but heartbeats fail while `broken` says so. */
const failing = (bus: AgentBus, broken: () => boolean, calls: (readonly OutgoingMessage[])[] = []): AgentBus => ({
  ...bus,
  async publish(messages): Promise<readonly PublishOutcome[]> {
    if (messages.some((message) => message.routingKey.endsWith('.heartbeat'))) return bus.publish(messages)
    calls.push(messages)
    return broken() ? messages.map((): PublishOutcome => 'failed') : bus.publish(messages)
  },
})

describe('under load', () => {
  test('work beyond the slots waits unaccepted, and cancels get through to running and waiting work', async () => {
    let most = 0
    let running = 0
    const { service } = await runAgent(
      async (_, { signal }) => {
        most = Math.max(most, (running += 1))
        await untilAborted(signal).finally(() => (running -= 1))
      },
      { slots: 2, surplus: 10 },
    )
    const works = []
    for (let count = 0; count < 6; count += 1) works.push(await service.work())
    const [first, second, third, fourth, fifth] = works
    await until('two accepted', () => service.of('planwright.work.accepted').length === 2)
    await service.cancel(fourth!)
    await service.first('planwright.work.stopped', fourth!.taskId)
    expect(service.story(third!.taskId)).toEqual([])
    await service.cancel(first!)
    await service.first('planwright.work.accepted', third!.taskId)
    expect(service.story(first!.taskId)).toEqual(['accepted', 'stopped stopped'])
    expect(service.story(fourth!.taskId)).toEqual(['stopped stopped'])
    await service.cancel(second!)
    await service.first('planwright.work.accepted', fifth!.taskId)
    expect(most).toBe(2)
  })

  test('surplus beyond its bound, and surplus that waited too long, is refused and not lost', async () => {
    const { service } = await runAgent((_, { signal }) => untilAborted(signal), {
      slots: 1,
      surplus: 1,
      surplusWaitMs: 600,
    })
    const running = await service.work()
    await service.first('planwright.work.accepted', running.taskId)
    const waiting = await service.work()
    const beyond = await service.work()
    expect((await service.first('planwright.work.failed', beyond.taskId)).data.error).toMatchObject({
      code: 'AGENT_BUSY',
      retryable: true,
    })
    expect(service.story(waiting.taskId)).toEqual([])
    expect((await service.first('planwright.work.failed', waiting.taskId)).data.error.code).toBe('AGENT_BUSY')
    expect(service.story(running.taskId)).toEqual(['accepted'])
  })

  test('a result whose publish failed is sent again until it is confirmed, and held until then', async () => {
    let broken = true
    const calls: (readonly OutgoingMessage[])[] = []
    const { service } = await runAgent(null, { heartbeatMs: 10, through: (bus) => failing(bus, () => broken, calls) })
    const work = await service.work({ parameters: { a: 1 } })
    await until('three tries', () => calls.length >= 3)
    expect(service.of('planwright.agent.heartbeat').at(-1)?.data.attempts).toHaveLength(1)
    expect(service.story(work.taskId)).toEqual([])
    broken = false
    await service.first('planwright.work.succeeded', work.taskId)
    await until(
      'a heartbeat without it',
      () => service.of('planwright.agent.heartbeat').at(-1)?.data.attempts.length === 0,
    )
    expect(
      new Set(
        calls
          .flat()
          .filter((message) => message.routingKey.endsWith('succeeded'))
          .map((message) => message.messageId),
      ).size,
    ).toBe(1)
  })

  test('work is acknowledged only once its acceptance is confirmed', async () => {
    const { service, agent, broker } = await runAgent((_, { signal }) => untilAborted(signal), {
      through: (bus) => failing(bus, () => true),
      flushMs: 10,
      drainMs: 10,
    })
    const work = await service.work()
    await until('the attempt to be held', () => service.of('planwright.agent.heartbeat').length > 0)
    await agent.stop()
    const bodies: string[] = []
    const next = broker.agentBus('tester')
    await next.start()
    await next.consumeWork(
      'tester',
      async (deliveries) => {
        for (const delivery of deliveries) {
          bodies.push(delivery.body.toString())
          delivery.ack()
        }
      },
      { prefetch: 1 },
    )
    await until('the message to come back', () => bodies.length)
    await next.stop()
    expect(bodies[0]).toContain(work.taskId)
  })

  test('no new work begins while too many results are unconfirmed', async () => {
    let broken = true
    let runs = 0
    const { service } = await runAgent(() => (runs += 1), {
      maxUnconfirmed: 2_000,
      through: (bus) => failing(bus, () => broken),
    })
    for (let count = 0; count < 20; count += 1) await service.work()
    await until('some runs', () => runs > 0)
    expect(runs).toBeLessThan(20)
    broken = false
    await until('all results', () => service.of('planwright.work.succeeded').length === 20)
  })

  test('2,000 tasks pass through 512 slots in batches', async () => {
    const calls: (readonly OutgoingMessage[])[] = []
    const { service } = await runAgent(null, { slots: 512, through: (bus) => failing(bus, () => false, calls) })
    await Promise.all(Array.from({ length: 2_000 }, (_, count) => service.work({ parameters: { count } })))
    await until('all results', () => service.of('planwright.work.succeeded').length === 2_000)
    expect(new Set(service.of('planwright.work.succeeded').map((event) => event.data.taskId)).size).toBe(2_000)
    expect(service.of('planwright.work.failed')).toEqual([])
    expect(calls.length).toBeLessThan(200)
  })
})

describe('stop', () => {
  test('aborts what runs, gives back what waits for a grant, says good-bye, and can be called twice', async () => {
    const { agent, service } = await runAgent((_, { signal }) => untilAborted(signal))
    const running = await service.work()
    const ungranted = await service.work({ effect: 'irreversible' })
    const granted = await service.work({ effect: 'irreversible' })
    await service.grant(granted, agent)
    await until('three accepted', () => service.of('planwright.work.accepted').length === 3)
    await Promise.all([agent.stop(), agent.stop()])
    const errorOf = async (taskId: string) => (await service.first('planwright.work.failed', taskId)).data.error
    expect(await errorOf(running.taskId)).toMatchObject({ code: 'AGENT_STOPPED', retryable: true })
    expect(await errorOf(ungranted.taskId)).toMatchObject({ code: 'AGENT_STOPPED', retryable: true })
    expect(await errorOf(granted.taskId)).toMatchObject({ code: 'AGENT_STOPPED', retryable: false })
    await until('the good-bye', () => {
      const last = service.of('planwright.agent.heartbeat').at(-1)?.data
      return last?.slots === 0 && last.attempts.length === 0
    })
  })

  test('waits a bounded time for handlers that do not react, and leaves what cannot be undone unknown', async () => {
    const { agent, service } = await runAgent(() => new Promise(() => {}), { drainMs: 50 })
    const repeatable = await service.work()
    const irreversible = await service.work({ effect: 'irreversible' })
    await service.grant(irreversible, agent)
    await until('both accepted', () => service.of('planwright.work.accepted').length === 2)
    await agent.stop()
    const { data } = await service.first('planwright.work.failed', repeatable.taskId)
    expect(data.error).toMatchObject({ code: 'AGENT_STOPPED', retryable: true })
    expect(data.error.message).toContain('still running')
    await until('the good-bye', () => service.of('planwright.agent.heartbeat').at(-1)?.data.attempts.length === 0)
    expect(service.story(irreversible.taskId)).toEqual(['accepted'])
  })

  test('keeps the result of a handler that finishes in time', async () => {
    const { agent, service } = await runAgent((_, { signal }) => untilAborted(signal).catch(() => 'done'))
    const work = await service.work()
    await service.first('planwright.work.accepted', work.taskId)
    await agent.stop()
    await service.first('planwright.work.succeeded', work.taskId)
    expect(service.story(work.taskId)).toEqual(['accepted', 'succeeded'])
  })

  test('leaves work that was not accepted in the queue', async () => {
    const { agent, service, broker } = await runAgent((_, { signal }) => untilAborted(signal), { slots: 1 })
    const first = await service.work()
    const second = await service.work()
    await service.first('planwright.work.accepted', first.taskId)
    await agent.stop()
    const bodies: string[] = []
    const next = broker.agentBus('tester')
    await next.start()
    await next.consumeWork(
      'tester',
      async (deliveries) => deliveries.forEach((delivery) => bodies.push(delivery.body.toString())),
      { prefetch: 9 },
    )
    await until('the second to come back', () => bodies.some((body) => body.includes(second.taskId)))
    expect(bodies).toHaveLength(1)
    await next.stop()
  })
})
