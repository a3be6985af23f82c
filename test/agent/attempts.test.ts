import { describe, expect, test } from 'vitest'
import { runAgent, untilAborted } from './run-agent.ts'
import { until } from './service-side.ts'

describe('repeats', () => {
  test('of work in progress are dropped', async () => {
    let runs = 0
    const finish = Promise.withResolvers<string>()
    const { service } = await runAgent(() => {
      runs += 1
      return finish.promise
    })
    const work = await service.work()
    await service.first('planwright.work.accepted', work.taskId)
    await service.send('planwright.work.requested', work)
    const marker = await service.work()
    await service.first('planwright.work.accepted', marker.taskId)
    finish.resolve('done')
    await service.first('planwright.work.succeeded', work.taskId)
    expect(runs).toBe(2)
    expect(service.story(work.taskId)).toEqual(['accepted', 'succeeded'])
  })

  test('of finished work are answered with the same result, without running it again', async () => {
    let runs = 0
    const { service } = await runAgent(() => (runs += 1))
    const work = await service.work()
    await service.first('planwright.work.succeeded', work.taskId)
    await service.send('planwright.work.requested', work)
    await until('the second answer', () => service.of('planwright.work.succeeded', work.taskId).length === 2)
    const [first, second] = service.of('planwright.work.succeeded', work.taskId)
    expect(second).toEqual(first)
    expect(runs).toBe(1)
  })

  test('with another attempt number are other work', async () => {
    let runs = 0
    const { service } = await runAgent(() => (runs += 1))
    const work = await service.work()
    await service.send('planwright.work.requested', { ...work, attempt: 2 })
    await until('both results', () => service.of('planwright.work.succeeded', work.taskId).length === 2)
    expect(runs).toBe(2)
  })
})

describe('cancel', () => {
  test('ends a handler that listens', async () => {
    const { service } = await runAgent((_, { signal }) => untilAborted(signal))
    const work = await service.work()
    await service.first('planwright.work.accepted', work.taskId)
    await service.cancel(work)
    await service.first('planwright.work.stopped', work.taskId)
    expect(service.story(work.taskId)).toEqual(['accepted', 'stopped stopped'])
  })

  test('of a handler that finishes all the same is answered as finished, with the result', async () => {
    const { service } = await runAgent((_, { signal }) => untilAborted(signal).catch(() => 'done anyway'))
    const work = await service.work()
    await service.first('planwright.work.accepted', work.taskId)
    await service.cancel(work)
    await service.first('planwright.work.stopped', work.taskId)
    expect(service.story(work.taskId)).toEqual(['accepted', 'succeeded', 'stopped finished'])
  })

  test('of a handler that does not react is answered as ignored, and the attempt stays held', async () => {
    const finish = Promise.withResolvers<string>()
    const { service } = await runAgent(() => finish.promise, { heartbeatMs: 10, graceMs: 30 })
    const work = await service.work()
    await service.first('planwright.work.accepted', work.taskId)
    await service.cancel(work)
    await service.first('planwright.work.stopped', work.taskId)
    expect(service.story(work.taskId)).toEqual(['accepted', 'stopped ignored'])
    const beats = service.of('planwright.agent.heartbeat').length
    await until('two more heartbeats', () => service.of('planwright.agent.heartbeat').length > beats + 2)
    expect(service.of('planwright.agent.heartbeat').at(-1)?.data.attempts).toHaveLength(1)
    finish.resolve('late')
    await service.first('planwright.work.succeeded', work.taskId)
    await until('the last word', () => service.story(work.taskId).at(-1) === 'stopped finished')
  })

  test('that arrives before its work keeps it from starting', async () => {
    let runs = 0
    const { service } = await runAgent(() => (runs += 1))
    const work = { ...(await service.work({ agent: 'somebody-else' })), agent: 'tester' }
    await service.cancel(work)
    await service.first('planwright.work.stopped', work.taskId)
    await service.send('planwright.work.requested', work)
    await until('the second answer', () => service.story(work.taskId).length === 2)
    expect(service.story(work.taskId)).toEqual(['stopped stopped', 'stopped stopped'])
    expect(runs).toBe(0)
  })

  test('that comes too late is answered as finished, with the result again', async () => {
    const { service } = await runAgent(null)
    const work = await service.work()
    await service.first('planwright.work.succeeded', work.taskId)
    await service.cancel(work)
    await service.first('planwright.work.stopped', work.taskId)
    expect(service.story(work.taskId).filter((word) => word !== 'accepted')).toEqual([
      'succeeded',
      'succeeded',
      'stopped finished',
    ])
  })
})

describe('irreversible work', () => {
  test('starts only after its grant', async () => {
    let runs = 0
    const { agent, service } = await runAgent(() => (runs += 1))
    const work = await service.work({ effect: 'irreversible' })
    await service.first('planwright.work.accepted', work.taskId)
    expect(runs).toBe(0)
    await service.grant(work, agent)
    await service.first('planwright.work.succeeded', work.taskId)
    expect(runs).toBe(1)
  })

  test('starts at once when its grant came first', async () => {
    const { agent, service } = await runAgent(null)
    const work = { ...(await service.work({ agent: 'somebody-else', effect: 'irreversible' })), agent: 'tester' }
    await service.grant(work, agent)
    await service.send('planwright.work.requested', work)
    await service.first('planwright.work.succeeded', work.taskId)
    expect(service.story(work.taskId)).toEqual(['succeeded'])
  })

  test('does not start on the grant of an earlier run of its agent, before or after it is accepted', async () => {
    let runs = 0
    const { service } = await runAgent(() => (runs += 1), { grantWaitMs: 300 })
    const early = { ...(await service.work({ agent: 'somebody-else', effect: 'irreversible' })), agent: 'tester' }
    await service.grant(early, { instance: 'an-earlier-run' })
    await service.send('planwright.work.requested', early)
    await service.first('planwright.work.accepted', early.taskId)
    await service.grant(early, { instance: 'an-earlier-run' })
    expect((await service.first('planwright.work.failed', early.taskId)).data.error.code).toBe('NOT_GRANTED')
    expect(runs).toBe(0)
  })

  test('is given back when no grant comes, and when it is cancelled it was never started', async () => {
    let runs = 0
    const { agent, service } = await runAgent(() => (runs += 1), { grantWaitMs: 100 })
    const cancelled = await service.work({ effect: 'irreversible' })
    await service.cancel(cancelled)
    await service.first('planwright.work.stopped', cancelled.taskId)
    const forgotten = await service.work({ effect: 'irreversible' })
    expect((await service.first('planwright.work.failed', forgotten.taskId)).data.error).toMatchObject({
      code: 'NOT_GRANTED',
      retryable: true,
    })
    await service.grant(forgotten, agent)
    const marker = await service.work()
    await service.first('planwright.work.succeeded', marker.taskId)
    expect(runs).toBe(1)
  })
})

describe('a time limit', () => {
  test('aborts the handler and fails the attempt as TIMEOUT', async () => {
    const { service } = await runAgent((_, { signal }) => untilAborted(signal))
    const work = await service.work({ timeoutSeconds: 0.05 })
    const { data } = await service.first('planwright.work.failed', work.taskId)
    expect(data.error).toMatchObject({ code: 'TIMEOUT', retryable: true })
  })

  test('of a handler that does not react is reported, and its slot is announced as taken until it ends', async () => {
    const finish = Promise.withResolvers<string>()
    const { service } = await runAgent(() => finish.promise, { heartbeatMs: 10, graceMs: 20, slots: 2 })
    const work = await service.work({ timeoutSeconds: 0.05 })
    await service.first('planwright.work.failed', work.taskId)
    await until('a heartbeat with one slot', () => service.of('planwright.agent.heartbeat').at(-1)?.data.slots === 1)
    finish.resolve('much too late')
    await until('a heartbeat with two slots', () => service.of('planwright.agent.heartbeat').at(-1)?.data.slots === 2)
    expect(service.story(work.taskId).filter((word) => word !== 'accepted')).toEqual(['failed TIMEOUT'])
  })

  test('over irreversible work that does not react leaves its outcome open until it ends', async () => {
    const finish = Promise.withResolvers<string>()
    const { agent, service } = await runAgent(() => finish.promise, { heartbeatMs: 10, graceMs: 20, slots: 2 })
    const work = await service.work({ timeoutSeconds: 0.05, effect: 'irreversible' })
    await service.grant(work, agent)
    await until('a heartbeat with one slot', () => service.of('planwright.agent.heartbeat').at(-1)?.data.slots === 1)
    expect(service.story(work.taskId)).toEqual(['accepted'])
    finish.resolve('late, but done')
    await service.first('planwright.work.succeeded', work.taskId)
  })
})
