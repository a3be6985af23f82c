import { describe, expect, test } from 'vitest'
import { TaskFailure } from '../../src/agent/index.ts'
import { handlerOf, runAgent, untilAborted } from './run-agent.ts'
import { until, workFor } from './service-side.ts'

describe('an agent', () => {
  test('announces itself at once with what it can do and has free', async () => {
    const { agent, service } = await runAgent(null, { slots: 7 })
    const { data } = await service.first('planwright.agent.heartbeat')
    expect(data).toMatchObject({
      instance: agent.instance,
      agentType: 'test',
      slots: 7,
      intents: ['echo'],
      workTypes: ['test'],
      attempts: [],
    })
    expect(data.resources.memoryFreeMb).toBeGreaterThan(0)
  })

  test('accepts work, reports progress and usage, and returns its output', async () => {
    const usage = { model: 'm', inputTokens: 2, outputTokens: 3, costMicroUsd: 5 }
    const { service } = await runAgent(async (task, context) => {
      context.progress(0.25, 'begun')
      context.reportUsage(usage)
      context.reportUsage(usage)
      await until('the progress to be seen', () => service.of('planwright.work.progressed').length)
      return {
        said: context.parameters.say,
        key: context.idempotencyKey === task.idempotencyKey,
        inputs: context.inputs,
      }
    })
    const work = await service.work({ parameters: { say: 'hello' }, inputs: { [`Task_x`]: 1 } })
    const done = await service.first('planwright.work.succeeded', work.taskId)
    expect(done.data).toMatchObject({ attempt: 1, output: { said: 'hello', key: true, inputs: { Task_x: 1 } } })
    expect(done.data.usage).toEqual({ model: 'm', inputTokens: 4, outputTokens: 6, costMicroUsd: 10 })
    expect(service.of('planwright.work.progressed')[0]?.data).toMatchObject({ progress: 0.25, message: 'begun' })
    expect(service.story(work.taskId)).toEqual(['accepted', 'succeeded'])
  })

  test('lists in heartbeats what it holds and nothing else', async () => {
    const { service } = await runAgent((_, { signal }) => untilAborted(signal), { heartbeatMs: 10 })
    const work = await service.work()
    const { taskId, attempt } = work
    await until('a heartbeat with the attempt', () =>
      service.of('planwright.agent.heartbeat').some((beat) => beat.data.attempts.length === 1),
    )
    expect(service.of('planwright.agent.heartbeat').at(-1)?.data.attempts).toEqual([{ taskId, attempt }])
    await service.cancel(work)
    await until(
      'a heartbeat without it',
      () => service.of('planwright.agent.heartbeat').at(-1)?.data.attempts.length === 0,
    )
  })

  test('sends at most one progress an interval, and the newest', async () => {
    const { service } = await runAgent(
      async (_, context) => {
        for (let step = 1; step <= 1_000; step += 1) context.progress(step / 1_000)
        await until('the last progress', () =>
          service.of('planwright.work.progressed').some((event) => event.data.progress === 1),
        )
      },
      { progressMs: 50 },
    )
    const work = await service.work()
    await service.first('planwright.work.succeeded', work.taskId)
    expect(service.of('planwright.work.progressed').map((event) => event.data.progress)).toEqual([0.001, 1])
  })

  test('reports a TaskFailure in its own words', async () => {
    const { service } = await runAgent(() => {
      throw new TaskFailure('DISK_FULL', 'No space left on the volume.', true)
    })
    const work = await service.work()
    const { data } = await service.first('planwright.work.failed', work.taskId)
    expect(data.error).toEqual({ code: 'DISK_FULL', message: 'No space left on the volume.', retryable: true })
  })

  test('reports any other exception as HANDLER_ERROR, bounded and without paths', async () => {
    const { service } = await runAgent((task) => {
      if (task.parameters.hostile) throw Object.create(null)
      throw new Error(
        `ENOENT: no such file, open '/home/somebody/secret/file.txt' at https://host/a/b ${'x'.repeat(9_000)}`,
      )
    })
    const work = await service.work()
    const { data } = await service.first('planwright.work.failed', work.taskId)
    expect(data.error).toMatchObject({ code: 'HANDLER_ERROR', retryable: true })
    expect(data.error.message).toMatch(/^ENOENT: no such file, open 'file.txt' at https:\/\/host\/a\/b x+$/)
    expect(data.error.message.length).toBeLessThanOrEqual(1_000)
    const hostile = await service.work({ parameters: { hostile: true } })
    expect((await service.first('planwright.work.failed', hostile.taskId)).data.error.code).toBe('HANDLER_ERROR')
  })

  test('refuses output that is too large, too deep or no JSON, and cleans text that cannot be stored', async () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    let deep: unknown = 1
    for (let level = 0; level < 100; level += 1) deep = [deep]
    const outputs: Record<string, unknown> = {
      large: 'x'.repeat(2_000),
      circle,
      deep,
      dirty: { 'a\u0000': ['b\ud800', '\\u0000'] },
    }
    const { service } = await runAgent((task) => outputs[String(task.parameters.which)], { maxOutputBytes: 1_000 })
    const codeOf = async (which: string) => {
      const work = await service.work({ parameters: { which } })
      return (await service.first('planwright.work.failed', work.taskId)).data.error
    }
    expect(await codeOf('large')).toMatchObject({ code: 'OUTPUT_TOO_LARGE', retryable: false })
    expect(await codeOf('circle')).toMatchObject({ code: 'OUTPUT_NOT_JSON', retryable: false })
    expect(await codeOf('deep')).toMatchObject({ code: 'OUTPUT_TOO_DEEP', retryable: false })
    const dirty = await service.work({ parameters: { which: 'dirty' } })
    expect((await service.first('planwright.work.succeeded', dirty.taskId)).data.output).toEqual({
      a: ['b\ufffd', '\\u0000'],
    })
  })

  test('refuses work whose capability differs from its own, and intents it does not know', async () => {
    const ran: string[] = []
    const run = (task: { taskId: string }) => ran.push(task.taskId)
    const { service } = await runAgent(null, {
      handlers: {
        echo: handlerOf(run, { capabilityDigest: 'c'.repeat(64) }),
        burn: handlerOf(run, { irreversible: true }),
      },
    })
    const errorOf = async (given: Parameters<typeof service.work>[0]) => {
      const work = await service.work(given)
      return (await service.first('planwright.work.failed', work.taskId)).data.error
    }
    expect(await errorOf({})).toMatchObject({ code: 'CAPABILITY_CHANGED', retryable: false })
    expect(await errorOf({ capabilityDigest: 'c'.repeat(64), workType: 'other' })).toMatchObject({
      code: 'CAPABILITY_CHANGED',
    })
    expect(await errorOf({ intent: 'burn' })).toMatchObject({ code: 'CAPABILITY_CHANGED' })
    expect(await errorOf({ intent: 'constructor' })).toMatchObject({ code: 'UNKNOWN_INTENT', retryable: true })
    expect(ran).toEqual([])
    const good = await service.work({ capabilityDigest: 'c'.repeat(64) })
    await service.first('planwright.work.succeeded', good.taskId)
    expect(ran).toEqual([good.taskId])
  })

  test('sets aside what it cannot read, what is for others and what is not signed', async () => {
    const { service } = await runAgent(null, {
      verify: (event) =>
        'taskId' in event.data &&
        event.id !== '' &&
        !('evil' in ('parameters' in event.data ? event.data.parameters : {})),
    })
    const { approvalId: _, ...unapproved } = workFor('tester')
    await service.sendBody('not json')
    await service.sendBody(
      JSON.stringify({ specversion: '1.0', id: '1', source: 's', type: 'planwright.work.requested', data: unapproved }),
    )
    await service.work({ agent: 'somebody-else' })
    await service.work({ parameters: { evil: 1 } })
    const good = await service.work()
    await service.first('planwright.work.succeeded', good.taskId)
    const reasons = (await service.deadLetters()).map((letter) => letter.reason)
    expect(reasons).toEqual([
      expect.stringContaining('not JSON'),
      expect.stringContaining('data.approvalId'),
      'work for agent somebody-else, not for tester',
      'signature does not verify',
    ])
    expect(
      service.events
        .filter((event) => event.type !== 'planwright.agent.heartbeat')
        .every((event) => 'taskId' in event.data && event.data.taskId === good.taskId),
    ).toBe(true)
  })
})
