import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/capability.ts'
import { createFallbackDecomposer } from '../../../src/services/decomposition/fallback-decomposer.ts'
import { ModelCallError } from '../../../src/services/decomposition/model-call-error.ts'
import type { RequestDecomposer } from '../../../src/services/decomposition/request-decomposer.ts'
import { startModelServer } from '../../harness/model-server.ts'
import type { ModelReply, ModelServer } from '../../harness/model-server.ts'
import { createScriptedDecomposer, decomposition } from '../../harness/scripted-decomposer.ts'
import { answer, apiKey, ask, decomposerAt, homelab, said } from './openai-setup.ts'

let server: ModelServer
let catalog: Catalog
beforeAll(async () => {
  server = await startModelServer()
  catalog = await homelab()
})
afterAll(() => server.stop())

const good = answer([said('restart_service', { service: 'nginx', hosts: null })])
const paid = [{ model: 'scripted', inputTokens: 1_000, outputTokens: 200, costMicroUsd: 650 }]

async function failureOf(decomposer: RequestDecomposer): Promise<ModelCallError> {
  const error: unknown = await decomposer.decompose(ask('restart nginx')).then(() => null, (thrown: unknown) => thrown)
  if (error instanceof ModelCallError) return error
  throw new Error('no model call error', { cause: error })
}

describe('a call without a usable answer', () => {
  test.each<{ reply: ModelReply; reason: string; calls: number; usage: object[]; status?: number }>([
    { reply: { kind: 'refusal' }, reason: 'refusal', calls: 1, usage: paid },
    { reply: { kind: 'truncated' }, reason: 'truncated', calls: 1, usage: paid },
    { reply: { kind: 'truncated', content: '{"subtasks":[],"unclear":[],"outOfScope":[]}' }, reason: 'truncated', calls: 1, usage: paid },
    { reply: { kind: 'text', content: 'Sure, here is your plan!' }, reason: 'wrong shape', calls: 1, usage: paid },
    { reply: { kind: 'text', content: '{"subtasks": 7}' }, reason: 'wrong shape', calls: 1, usage: paid },
    { reply: { kind: 'text', content: '' }, reason: 'wrong shape', calls: 1, usage: paid },
    { reply: answer([said('no_such_intent', {})]), reason: 'wrong shape', calls: 1, usage: paid },
    { reply: { kind: 'raw', body: '<html>gateway</html>' }, reason: 'wrong shape', calls: 1, usage: [] },
    { reply: { kind: 'raw', body: '{"choices":[]}' }, reason: 'wrong shape', calls: 1, usage: [] },
    { reply: { kind: 'raw', body: '{"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":200}}' }, reason: 'wrong shape', calls: 1, usage: paid },
    { reply: { kind: 'status', status: 429 }, reason: 'rate limit', calls: 2, usage: [], status: 429 },
    { reply: { kind: 'status', status: 429, retryAfter: '60' }, reason: 'rate limit', calls: 1, usage: [], status: 429 },
    { reply: { kind: 'status', status: 500 }, reason: 'server error', calls: 2, usage: [], status: 500 },
    { reply: { kind: 'status', status: 401 }, reason: 'credentials refused', calls: 1, usage: [], status: 401 },
    { reply: { kind: 'status', status: 400 }, reason: 'rejected', calls: 1, usage: [], status: 400 },
    { reply: { kind: 'cut' }, reason: 'connection lost', calls: 2, usage: [] },
    { reply: { kind: 'silence' }, reason: 'timeout', calls: 1, usage: [] },
    { reply: { kind: 'stall' }, reason: 'timeout', calls: 1, usage: [] },
  ])('$reply.kind $reply.status $reply.content is $reason after $calls calls', async ({ reply, reason, calls, usage, status }) => {
    server.script(reply)
    const error = await failureOf(decomposerAt(server.url, catalog, { OPENAI_TIMEOUT_SECONDS: reason === 'timeout' ? 1 : 20 }))
    expect(error).toMatchObject({ reason, usage, status: status ?? null })
    expect(server.calls).toHaveLength(calls)
  })

  test('a closed port is a refused connection', async () => {
    const probe = createServer()
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
    const { port } = probe.address() as AddressInfo
    await new Promise((resolve) => probe.close(resolve))
    expect(await failureOf(decomposerAt(`http://127.0.0.1:${port}/v1`, catalog))).toMatchObject({ reason: 'connection refused' })
  })

  test('an answer without end is cut off', async () => {
    server.script({ kind: 'raw', body: `{"choices": "${'x'.repeat(3_000_000)}"}` })
    expect(await failureOf(decomposerAt(server.url, catalog))).toMatchObject({ reason: 'connection lost' })
  })
})

describe('a call that succeeds at the second try', () => {
  test.each<ModelReply>([{ kind: 'status', status: 429, retryAfter: '0' }, { kind: 'status', status: 503 }, { kind: 'cut' }])(
    '$kind $status does not show in the answer',
    async (reply) => {
      server.script(reply, good)
      const result = await decomposerAt(server.url, catalog).decompose(ask('restart nginx'))
      expect(result).toMatchObject({ status: 'PARSING_COMPLETE', notice: null, usage: paid })
      expect(server.calls).toHaveLength(2)
    },
  )
})

test('usage is estimated where the endpoint reports none or nonsense', async () => {
  const decomposer = decomposerAt(server.url, catalog)
  for (const usage of [null, { prompt_tokens: -5, completion_tokens: 'many' }]) {
    server.script({ ...good, usage })
    const [used] = (await decomposer.decompose(ask('restart nginx'))).usage
    expect(used!.inputTokens).toBeGreaterThan(500)
    expect(used!.outputTokens).toBeGreaterThan(10)
    expect(used!.costMicroUsd).toBe(Math.ceil((used!.inputTokens * 250 + used!.outputTokens * 2_000) / 1_000))
  }
})

test('the estimate of a call is more than its usage', async () => {
  const decomposer = decomposerAt(server.url, catalog)
  server.script({ ...good, usage: null })
  const [used] = (await decomposer.decompose(ask('restart nginx'))).usage
  const estimate = decomposer.estimate(ask('restart nginx'))
  expect(estimate.tokens).toBeGreaterThanOrEqual(used!.inputTokens + used!.outputTokens)
  expect(estimate.costMicroUsd).toBeGreaterThanOrEqual(used!.costMicroUsd)
})

test('an abort ends the call with the reason of the signal, also while it waits to try again', async () => {
  const decomposer = decomposerAt(server.url, catalog)
  for (const reply of [{ kind: 'silence' }, { kind: 'status', status: 429, retryAfter: '4' }] as const) {
    server.script(reply)
    const stopping = new AbortController()
    const call = decomposer.decompose(ask('restart nginx'), stopping.signal)
    await expect.poll(() => server.calls.length).toBe(1)
    stopping.abort(new Error('stopping'))
    await expect(call).rejects.toThrow('stopping')
  }
})

test('the key is sent to the endpoint and is in no error', async () => {
  for (const status of [400, 401, 429, 500]) {
    server.script({ kind: 'status', status, retryAfter: '60', message: `bad key ${apiKey}` })
    const error = await failureOf(decomposerAt(server.url, catalog))
    expect(server.calls[0]!.authorization).toBe(`Bearer ${apiKey}`)
    expect(`${error.stack} ${JSON.stringify(error)} ${JSON.stringify(error.cause ?? null)}`).not.toContain(apiKey)
  }
})

test('an endpoint without keys is asked all the same', async () => {
  server.script(good)
  const result = await decomposerAt(server.url, catalog, { OPENAI_API_KEY: undefined }).decompose(ask('restart nginx'))
  expect(result.status).toBe('PARSING_COMPLETE')
})

describe('the decomposer with a stand-in', () => {
  const standIn = createScriptedDecomposer(() => decomposition({ notice: 'by the catalog' }), { name: 'catalog' })
  const logged: unknown[] = []
  const logger = { warn: (details: object, message: string) => void logged.push(details, message) }
  const withStandIn = (seconds = 20) =>
    createFallbackDecomposer({ primary: decomposerAt(server.url, catalog, { OPENAI_TIMEOUT_SECONDS: seconds }), fallback: standIn, logger })

  test.each<{ reply: ModelReply; notice: string; usage: object[] }>([
    { reply: { kind: 'silence' }, notice: 'The model endpoint did not answer (timeout); understood from the catalog alone. by the catalog', usage: [] },
    { reply: { kind: 'refusal' }, notice: 'The model refused to answer; understood from the catalog alone. by the catalog', usage: paid },
    { reply: { kind: 'truncated' }, notice: 'The model answer was truncated; understood from the catalog alone. by the catalog', usage: paid },
  ])('after $reply.kind lets the catalog answer, says so and keeps the usage', async ({ reply, notice, usage }) => {
    server.script(reply)
    expect(await withStandIn(1).decompose(ask('restart nginx'))).toMatchObject({ notice, usage })
  })

  test('logs the reason and neither the key nor what the endpoint said', async () => {
    logged.length = 0
    server.script({ kind: 'status', status: 401, message: `bad key ${apiKey}` })
    await withStandIn().decompose(ask('restart nginx'))
    expect(JSON.stringify(logged)).toContain('credentials refused')
    expect(JSON.stringify(logged)).not.toContain('bad key')
  })

  test('does not stand in for a caller that gave up', async () => {
    server.script({ kind: 'silence' })
    const asked = standIn.asked.length
    const stopping = new AbortController()
    const call = withStandIn().decompose(ask('restart nginx'), stopping.signal)
    await expect.poll(() => server.calls.length).toBe(1)
    stopping.abort(new Error('stopping'))
    await expect(call).rejects.toThrow('stopping')
    expect(standIn.asked).toHaveLength(asked)
  })
})
