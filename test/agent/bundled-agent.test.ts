import { describe, expect, test } from 'vitest'
import { bundledHandlers, runnableAgentTypes } from '../../src/agent/bundled-agent.ts'
import { runAgent } from './run-agent.ts'
import { carryOut, catalogOf, makeEnvironment, writeScript } from './run/run-capability.ts'
import { until } from './service-side.ts'

const run = { kind: 'command', argv: ['node', 'work.cjs'] } as const

describe('the bundled agent', () => {
  test('announces only what the catalog says how to run, for its own agent type', async () => {
    const environment = await makeEnvironment()
    expect(Object.keys(bundledHandlers(catalogOf(run), 'infra', environment))).toEqual(['do_it'])
    expect(bundledHandlers(catalogOf(null), 'infra', environment)).toEqual({})
    expect(bundledHandlers(catalogOf(run), 'other', environment)).toEqual({})
    expect(runnableAgentTypes(catalogOf(run))).toEqual(['infra'])
    expect(runnableAgentTypes(catalogOf(null))).toEqual([])
  })

  test('carries out work of exactly the approved capability, and stops it on a cancel', async () => {
    const environment = await makeEnvironment()
    await writeScript(
      environment,
      'work.cjs',
      `console.log('progress 0.5 half'); console.log('{"done":true}'); setTimeout(() => {}, 60_000)`,
    )
    const handlers = bundledHandlers(catalogOf(run), 'infra', environment)
    const { service } = await runAgent(null, { handlers, graceMs: 5_000 })
    const changed = await service.work({ intent: 'do_it' })
    expect((await service.first('planwright.work.failed', changed.taskId)).data.error.code).toBe('CAPABILITY_CHANGED')
    const work = await service.work({ intent: 'do_it', capabilityDigest: 'd'.repeat(64) })
    await until('progress', () => service.of('planwright.work.progressed', work.taskId).length)
    await service.cancel(work)
    await service.first('planwright.work.stopped', work.taskId)
    expect(service.story(work.taskId)).toEqual(['accepted', 'stopped stopped'])
  })

  test('never reports success for a program that was not there', async () => {
    const environment = await makeEnvironment()
    await expect(carryOut(environment, { kind: 'command', argv: ['not-installed'] })).rejects.toMatchObject({
      code: 'TOOL_MISSING',
    })
  })
})
