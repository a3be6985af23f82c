import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPool } from '../../../src/database/pool.ts'
import { withTransaction } from '../../../src/database/transaction.ts'
import { createExternalAiFallback } from '../../../src/services/planning/external-ai-fallback.ts'
import type { FallbackQuestion } from '../../../src/services/planning/external-ai-fallback.ts'
import { createQuotaLedger } from '../../../src/services/planning/quota-ledger.ts'
import type { QuotaSettings } from '../../../src/services/planning/quota-ledger.ts'
import { createTestDatabase } from '../../harness/database.ts'
import { silentLogger } from '../../harness/silent-logger.ts'

const now = new Date('2026-11-23T12:00:00.000Z')
const closed = { query: () => Promise.reject(new Error('no statement was expected')) }
const tasks = [{ intent: 'deploy', parameters: { host: 'alpha' } }, { intent: 'restart', parameters: {} }]

const plan = (over: Partial<FallbackQuestion> = {}): FallbackQuestion => ({
  planId: randomUUID(), requestId: randomUUID(), userId: 'ada', complexity: 'COMPLEX', confidence: 0.9, tasks, ...over,
})

const fallbackWith = (quota: Partial<QuotaSettings> = {}, { EXTERNAL_AI = true, price = 1_000 } = {}) =>
  createExternalAiFallback({
    settings: { EXTERNAL_AI, EXTERNAL_AI_MICRO_USD_PER_1K: price },
    newId: randomUUID,
    ledger: createQuotaLedger({
      QUOTA_PERIOD: 'month', QUOTA_TOKENS: undefined, QUOTA_MICRO_USD: undefined, USER_QUOTA_TOKENS: undefined,
      USER_QUOTA_MICRO_USD: undefined, ...quota,
    }),
  })

describe('ExternalAiFallback', () => {
  let pool: pg.Pool
  beforeAll(async () => {
    const database = await createTestDatabase()
    pool = createPool({ url: database.url, max: 20, logger: silentLogger })
    return async () => {
      await pool.end()
      await database.drop()
    }
  })
  beforeEach(() => pool.query('truncate quota_account, quota_reservation'))
  const inTransaction = <Result>(work: (client: pg.PoolClient) => Promise<Result>) => withTransaction(pool, work)
  const reserved = async () =>
    (await pool.query<{ key: string }>('select key from quota_reservation order by key')).rows.map((row) => row.key)

  test('a simple and confident plan stays local without a statement', async () => {
    const answer = await fallbackWith().decide(closed, plan({ complexity: 'SIMPLE', confidence: 0.9 }), now)
    expect(answer).toMatchObject({ useExternalAi: false, failure: null, reason: 'Not worth its price: simple plan, confidence 0.90.' })
  })

  test('without external AI every plan stays local, and the decision says so', async () => {
    const answer = await fallbackWith({}, { EXTERNAL_AI: false }).decide(closed, plan(), now)
    expect(answer).toMatchObject({ useExternalAi: false, reason: 'External AI is not configured.' })
  })

  test.each([
    { complexity: 'SIMPLE', confidence: 0.51, worth: false },
    { complexity: 'SIMPLE', confidence: 0.49, worth: true },
    { complexity: 'MEDIUM', confidence: 0.76, worth: false },
    { complexity: 'MEDIUM', confidence: 0.74, worth: true },
    { complexity: 'COMPLEX', confidence: 1, worth: true },
  ] as const)('a $complexity plan of confidence $confidence is worth its price: $worth', async ({ worth, ...over }) => {
    const question = plan(over)
    const answer = await inTransaction((client) => fallbackWith().decide(client, question, now))
    expect(answer.useExternalAi).toBe(worth)
    expect(await reserved()).toEqual(worth ? [`plan:${question.planId}`] : [])
  })

  test('a complex plan reserves its price, and the row holds complexity, confidence, quota left, price and reason', async () => {
    const question = plan()
    const answer = await inTransaction((client) => fallbackWith({ QUOTA_TOKENS: 100_000 }).decide(client, question, now))
    const { rows } = await pool.query('select key, user_id, tokens, cost_micro_usd from quota_reservation')
    expect(rows).toEqual([{ key: `plan:${question.planId}`, user_id: 'ada', tokens: 6_014, cost_micro_usd: 6_014 }])
    expect(answer.row).toEqual({
      id: expect.any(String), plan_id: question.planId, use_external_ai: true, complexity: 'COMPLEX', confidence: 0.9,
      estimated_tokens: 6_014, estimated_cost_micro_usd: 6_014, tokens_left: 100_000, cost_left_micro_usd: null,
      reason: 'Worth its price: complex plan, confidence 0.90; the quota has room.', decided_at: now.toISOString(),
    })
  })

  test('the row has every column of its table', async () => {
    const answer = await fallbackWith().decide(closed, plan({ complexity: 'SIMPLE' }), now)
    const { rows } = await pool.query<{ column_name: string }>(
      "select column_name from information_schema.columns where table_name = 'fallback_decision' order by 1",
    )
    expect(Object.keys(answer.row).sort()).toEqual(rows.map((row) => row.column_name))
  })

  test('an exhausted quota is a decision with its reason, and the transaction goes on', async () => {
    const { answer, two } = await inTransaction(async (client) => ({
      answer: await fallbackWith({ QUOTA_TOKENS: 10 }).decide(client, plan(), now),
      two: (await client.query<{ two: number }>('select 1 + 1 as two')).rows[0]!.two,
    }))
    expect(answer).toMatchObject({ useExternalAi: false, failure: null })
    expect(answer.reason).toBe('Worth its price (complex plan, confidence 0.90), but the quota of the installation is exhausted.')
    expect(answer.row).toMatchObject({ tokens_left: 10, use_external_ai: false })
    expect(two).toBe(2)
    expect(await reserved()).toEqual([])
  })

  test('100 concurrent decisions against room for 10 give exactly 10', async () => {
    const fallback = fallbackWith({ QUOTA_MICRO_USD: 10 * 6_014 + 5 })
    const answers = await Promise.all(Array.from({ length: 100 }, () => inTransaction((client) => fallback.decide(client, plan(), now))))
    expect(answers.filter((answer) => answer.useExternalAi)).toHaveLength(10)
    expect(await reserved()).toHaveLength(10)
  })

  test('100 decisions in one transaction against room for 10 give exactly 10, each for its own plan', async () => {
    const fallback = fallbackWith({ QUOTA_MICRO_USD: 10 * 6_014 })
    const questions = Array.from({ length: 100 }, (_, index) => plan({ complexity: index % 2 ? 'COMPLEX' : 'SIMPLE' }))
    const answers = await inTransaction((client) => fallback.decideAll(client, questions, now))
    expect(answers.map((answer) => answer.row.plan_id)).toEqual(questions.map((question) => question.planId))
    expect(answers.map((answer) => answer.useExternalAi)).toEqual(questions.map((_, index) => index % 2 === 1 && index < 20))
  })

  test('a local model at price 0 is used although the quota is exhausted', async () => {
    const answer = await inTransaction((client) => fallbackWith({ QUOTA_TOKENS: 0 }, { price: 0 }).decide(client, plan(), now))
    expect(answer.useExternalAi).toBe(true)
  })

  test('a check that fails leaves the transaction and the plan usable, and the decision says so', async () => {
    const failing = createExternalAiFallback({
      settings: { EXTERNAL_AI: true, EXTERNAL_AI_MICRO_USD_PER_1K: 1_000 },
      newId: randomUUID,
      ledger: {
        async reserve(client) {
          await client.query({ name: 'broken', text: 'select 1 / 0', values: [] })
          return []
        },
      },
    })
    const answer = await inTransaction(async (client) => {
      await client.query("insert into quota_account values ('installation', '2026-11-01', 1, 0, 0, 0)")
      return failing.decide(client, plan(), now)
    })
    expect(answer).toMatchObject({ useExternalAi: false, reason: 'The quota could not be checked; external AI is not used.' })
    expect(answer.failure?.message).toContain('division by zero')
    expect((await pool.query('select tokens_used from quota_account')).rows).toEqual([{ tokens_used: 1 }])
  })
})
