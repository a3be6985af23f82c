import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/capability.ts'
import { createPool } from '../../../src/database/pool.ts'
import { createFallbackDecomposer } from '../../../src/services/decomposition/fallback-decomposer.ts'
import { createMeteredDecomposer } from '../../../src/services/decomposition/metered-decomposer.ts'
import type { OpenAiDecomposerOptions } from '../../../src/services/decomposition/openai-decomposer.ts'
import type { RequestDecomposer } from '../../../src/services/decomposition/request-decomposer.ts'
import { createQuotaLedger } from '../../../src/services/planning/quota-ledger.ts'
import type { QuotaSettings } from '../../../src/services/planning/quota-ledger.ts'
import { createTestDatabase } from '../../harness/database.ts'
import { startModelServer } from '../../harness/model-server.ts'
import type { ModelServer } from '../../harness/model-server.ts'
import { createScriptedDecomposer, decomposition } from '../../harness/scripted-decomposer.ts'
import { silentLogger } from '../../harness/silent-logger.ts'
import { answer, ask, decomposerAt, homelab, said } from './openai-setup.ts'

const good = answer([said('restart_service', { service: 'nginx', hosts: null })])
const catalogDecomposer = createScriptedDecomposer(() => decomposition({}), { name: 'catalog' })

describe('the metered decomposer', () => {
  let pool: pg.Pool
  let server: ModelServer
  let catalog: Catalog
  beforeAll(async () => {
    const database = await createTestDatabase()
    pool = createPool({ url: database.url, max: 10, logger: silentLogger })
    server = await startModelServer()
    catalog = await homelab()
    return async () => {
      await Promise.all([pool.end(), server.stop()])
      await database.drop()
    }
  })
  beforeEach(() => pool.query('truncate quota_account, quota_reservation, ai_usage'))

  const metered = (quota: Partial<QuotaSettings> = {}, over: Partial<OpenAiDecomposerOptions['settings']> = {}): RequestDecomposer => {
    const openai = decomposerAt(server.url, catalog, over)
    return createMeteredDecomposer({
      decomposer: createFallbackDecomposer({ primary: openai, fallback: catalogDecomposer, logger: silentLogger }),
      estimate: (input) => openai.estimate(input),
      catalogDecomposer,
      ledger: createQuotaLedger({
        QUOTA_PERIOD: 'day', QUOTA_TOKENS: undefined, QUOTA_MICRO_USD: undefined, USER_QUOTA_TOKENS: undefined,
        USER_QUOTA_MICRO_USD: undefined, ...quota,
      }),
      pool,
      logger: silentLogger,
    })
  }
  const input = (requestId = randomUUID()) => ask('restart nginx', { requestId, userId: 'ada' })
  const account = async () =>
    (await pool.query("select tokens_used, tokens_reserved, cost_used_micro_usd, cost_reserved_micro_usd from quota_account where owner = 'user:ada'")).rows
  const booked = async () =>
    (await pool.query('select request_id, user_id, model, input_tokens, output_tokens, cost_micro_usd from ai_usage')).rows

  test('books what a call used and returns the rest of its reservation', async () => {
    server.script(good)
    const requestId = randomUUID()
    const result = await metered({ QUOTA_TOKENS: 100_000 }).decompose(input(requestId))
    expect(result).toMatchObject({ status: 'PARSING_COMPLETE', notice: null, usage: [] })
    expect(await account()).toEqual([{ tokens_used: 1_200, tokens_reserved: 0, cost_used_micro_usd: 650, cost_reserved_micro_usd: 0 }])
    expect(await booked()).toEqual([
      { request_id: requestId, user_id: 'ada', model: 'scripted', input_tokens: 1_000, output_tokens: 200, cost_micro_usd: 650 },
    ])
  })

  test('holds a reservation while the call is under way', async () => {
    server.script({ kind: 'silence' })
    const stopping = new AbortController()
    const call = metered({ QUOTA_TOKENS: 100_000 }).decompose(input(), stopping.signal)
    await expect.poll(() => server.calls.length).toBe(1)
    expect((await account())[0].tokens_reserved).toBeGreaterThan(8_000)
    stopping.abort(new Error('stopping'))
    await expect(call).rejects.toThrow('stopping')
    expect(await account()).toEqual([{ tokens_used: 0, tokens_reserved: 0, cost_used_micro_usd: 0, cost_reserved_micro_usd: 0 }])
  })

  test('books a call whose answer was of no use', async () => {
    server.script({ kind: 'refusal' })
    const result = await metered().decompose(input())
    expect(result).toMatchObject({ notice: 'The model refused to answer; understood from the catalog alone.', usage: [] })
    expect(await booked()).toMatchObject([{ input_tokens: 1_000, cost_micro_usd: 650 }])
  })

  test('calls no model when the quota is exhausted, and says so', async () => {
    server.script(good)
    const result = await metered({ QUOTA_MICRO_USD: 100 }).decompose(input())
    expect(result.notice).toBe('The quota of the installation for external AI is exhausted; understood from the catalog alone.')
    expect(server.calls).toHaveLength(0)
    expect(await booked()).toEqual([])
  })

  test('of 40 concurrent requests against room for 3 at a time only those that fit call the model', async () => {
    server.script({ kind: 'silence' })
    const { tokens } = decomposerAt(server.url, catalog).estimate(input())
    const decomposer = metered({ QUOTA_TOKENS: 3 * tokens + 10 })
    const stopping = new AbortController()
    let answered = 0
    const calls = Array.from({ length: 40 }, () =>
      decomposer.decompose(input(), stopping.signal).then(() => answered++, () => {}),
    )
    await expect.poll(() => answered, { timeout: 10_000 }).toBe(37)
    expect(server.calls).toHaveLength(3)
    stopping.abort(new Error('stopping'))
    await Promise.all(calls)
    expect(server.calls).toHaveLength(3)
  })

  test('a local model is called and recorded although the quota is exhausted', async () => {
    server.script(good)
    const free = { OPENAI_INPUT_MICRO_USD_PER_1K: 0, OPENAI_OUTPUT_MICRO_USD_PER_1K: 0 }
    expect((await metered({ QUOTA_TOKENS: 0 }, free).decompose(input())).notice).toBeNull()
    expect(await booked()).toMatchObject([{ input_tokens: 1_000, cost_micro_usd: 0 }])
    expect(await account()).toEqual([])
  })

  test('a database that is away costs no call', async () => {
    server.script(good)
    const gone = createPool({ url: 'postgres://nobody@127.0.0.1:1/none', max: 1, logger: silentLogger, connectTimeoutMs: 500 })
    const openai = decomposerAt(server.url, catalog)
    const decomposer = createMeteredDecomposer({
      decomposer: openai, estimate: (asked) => openai.estimate(asked), catalogDecomposer, pool: gone, logger: silentLogger,
      ledger: createQuotaLedger({ QUOTA_PERIOD: 'day' }),
    })
    const result = await decomposer.decompose(input())
    expect(result.notice).toBe('The quota for external AI could not be checked; understood from the catalog alone.')
    expect(server.calls).toHaveLength(0)
    await gone.end()
  })

  test('without a request to book on there is no call', async () => {
    server.script(good)
    await expect(metered().decompose(ask('restart nginx'))).rejects.toThrow('a request and a user')
    expect(server.calls).toHaveLength(0)
  })
})
