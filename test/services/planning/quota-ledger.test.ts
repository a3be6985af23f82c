import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPool } from '../../../src/database/pool.ts'
import { withTransaction } from '../../../src/database/transaction.ts'
import { createQuotaLedger } from '../../../src/services/planning/quota-ledger.ts'
import type { QuotaLedger, QuotaSettings, UsageBooking } from '../../../src/services/planning/quota-ledger.ts'
import { createTestDatabase } from '../../harness/database.ts'
import type { TestDatabase } from '../../harness/database.ts'
import { silentLogger } from '../../harness/silent-logger.ts'

const now = new Date('2026-11-23T12:00:00.000Z')
const later = new Date('2026-12-02T00:00:00.000Z')

const ledgerWith = (settings: Partial<QuotaSettings>): QuotaLedger =>
  createQuotaLedger({
    QUOTA_PERIOD: 'month', QUOTA_TOKENS: undefined, QUOTA_MICRO_USD: undefined, USER_QUOTA_TOKENS: undefined,
    USER_QUOTA_MICRO_USD: undefined, ...settings,
  })

const usageOf = (plan: string, tokens: number, costMicroUsd: number, over: Partial<UsageBooking> = {}): UsageBooking => ({
  key: `task:${randomUUID()}:1`, reservation: `plan:${plan}`, requestId: randomUUID(), planId: randomUUID(), taskId: randomUUID(), attempt: 1,
  intent: 'deploy', userId: 'ada', model: 'm', inputTokens: tokens, outputTokens: 0, costMicroUsd, ...over,
})
const ask = (key: string, tokens = 100, costMicroUsd = 50, userId = 'ada') => ({ key, userId, tokens, costMicroUsd })

describe.each([{ pipeline: false }, { pipeline: true }])('the quota ledger, %o', ({ pipeline }) => {
  let database: TestDatabase
  let pool: pg.Pool
  beforeAll(async () => {
    database = await createTestDatabase()
    pool = createPool({ url: database.url, max: 20, logger: silentLogger, pipeline })
    return async () => {
      await pool.end()
      await database.drop()
    }
  })
  beforeEach(() => pool.query('truncate quota_account, quota_reservation, ai_usage'))
  const inTransaction = <Result>(work: (client: pg.PoolClient) => Promise<Result>) => withTransaction(pool, work)
  const read = (ledger: QuotaLedger, at = now) => inTransaction((client) => ledger.read(client, null, at))

  test('100 concurrent reservations against room for 10 give exactly 10', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 1_099, QUOTA_MICRO_USD: 10_000 })
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        inTransaction(async (client) => (await ledger.reserve(client, [ask(`plan:${index}`, 100, 50, `user${index % 7}`)], now))[0]!),
      ),
    )
    expect(answers.filter((answer) => answer.granted)).toHaveLength(10)
    expect(answers.filter((answer) => answer.refusedBy === 'installation')).toHaveLength(90)
    expect((await read(ledger)).tokens).toEqual({ limit: 1_099, used: 0, reserved: 1_000, left: 99 })
    const { rows } = await pool.query('select count(*) as count from quota_reservation')
    expect(rows).toEqual([{ count: 10 }])
  })

  test('100 reservations in one batch against money for 10 give the first 10', async () => {
    const ledger = ledgerWith({ QUOTA_MICRO_USD: 500 })
    const requests = Array.from({ length: 100 }, (_, index) => ask(`plan:${index}`))
    const answers = await inTransaction((client) => ledger.reserve(client, requests, now))
    expect(answers.map((answer) => answer.granted)).toEqual(requests.map((_, index) => index < 10))
    expect(answers[3]).toMatchObject({ tokensLeft: null, costLeftMicroUsd: 350 })
  })

  test('a user whose own quota is exhausted is refused while others go on', async () => {
    const ledger = ledgerWith({ USER_QUOTA_TOKENS: 150 })
    const requests = [ask('plan:1'), ask('plan:2'), ask('plan:3', 100, 50, 'bob')]
    const answers = await inTransaction((client) => ledger.reserve(client, requests, now))
    expect(answers.map((answer) => answer.refusedBy)).toEqual([null, 'user', null])
    const state = await inTransaction((client) => ledger.read(client, 'ada', now))
    expect(state).toMatchObject({ owner: 'user:ada', period: '2026-11-01', tokens: { limit: 150, reserved: 100, left: 50 } })
  })

  test('a free model is never blocked and holds no room', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 0, QUOTA_MICRO_USD: 0 })
    const requests = [ask('plan:1', 1e6, 0), ask('plan:2', 1, 1)]
    const answers = await inTransaction((client) => ledger.reserve(client, requests, now))
    expect(answers.map((answer) => answer.granted)).toEqual([true, false])
    expect((await read(ledger)).tokens.reserved).toBe(0)
  })

  test('a key reserves once, also when two transactions ask at the same time', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 1_000 })
    await Promise.all(Array.from({ length: 5 }, () => inTransaction((client) => ledger.reserve(client, [ask('plan:1')], now))))
    expect((await read(ledger)).tokens.reserved).toBe(100)
  })

  test('usage moves from reserved to used, once for each key, and the rest returns at the release', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 1_000, QUOTA_MICRO_USD: 1_000 })
    const usage = usageOf('p', 60, 20)
    await inTransaction((client) => ledger.reserve(client, [ask('plan:p')], now))
    await Promise.all([1, 2, 3].map(() => inTransaction((client) => ledger.book(client, [usage, usage], now))))
    expect((await read(ledger)).tokens).toEqual({ limit: 1_000, used: 60, reserved: 40, left: 900 })
    await Promise.all([1, 2, 3].map(() => inTransaction((client) => ledger.release(client, ['plan:p', 'plan:unknown'], now))))
    const state = await read(ledger)
    expect(state.tokens).toEqual({ limit: 1_000, used: 60, reserved: 0, left: 940 })
    expect(state.costMicroUsd).toEqual({ limit: 1_000, used: 20, reserved: 0, left: 980 })
  })

  test('an overrun is booked and blocks the next decision', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 200 })
    await inTransaction((client) => ledger.reserve(client, [ask('plan:p')], now))
    await inTransaction((client) => ledger.book(client, [usageOf('p', 60, 1), usageOf('p', 190, 60)], now))
    expect((await read(ledger)).tokens).toEqual({ limit: 200, used: 250, reserved: 0, left: -50 })
    const [answer] = await inTransaction((client) => ledger.reserve(client, [ask('plan:q', 1, 1)], now))
    expect(answer).toEqual({ granted: false, tokensLeft: -50, costLeftMicroUsd: null, refusedBy: 'installation' })
  })

  test('a result that arrives after the release is booked in full', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 200 })
    await inTransaction((client) => ledger.reserve(client, [ask('plan:p')], now))
    await inTransaction((client) => ledger.release(client, ['plan:p'], now))
    await inTransaction((client) => ledger.book(client, [usageOf('p', 70, 7)], now))
    expect((await read(ledger)).tokens).toEqual({ limit: 200, used: 70, reserved: 0, left: 130 })
  })

  test('what was reserved in one period counts there, its overrun in the period it happens', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 200 })
    await inTransaction((client) => ledger.reserve(client, [ask('plan:p')], now))
    await inTransaction((client) => ledger.book(client, [usageOf('p', 130, 50)], later))
    expect((await read(ledger)).tokens).toMatchObject({ used: 100, reserved: 0 })
    expect((await read(ledger, later)).tokens).toMatchObject({ used: 30, left: 170 })
  })

  test('usage of a free model without a reservation is recorded and counts against no quota', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 10 })
    await inTransaction((client) => ledger.book(client, [usageOf('p', 500, 0)], now))
    expect((await read(ledger)).tokens.used).toBe(0)
    const { rows } = await pool.query('select input_tokens, user_id from ai_usage')
    expect(rows).toEqual([{ input_tokens: 500, user_id: 'ada' }])
  })

  test('what a decomposition in a killed process held is returned at a later reservation, what a plan holds is not', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 250 })
    await inTransaction((client) => ledger.reserve(client, [ask('request:r:1'), ask('plan:p')], now))
    const soon = new Date(now.getTime() + 60_000)
    const muchLater = new Date(now.getTime() + 6 * 60_000)
    const tryAt = (key: string, at: Date) => inTransaction((client) => ledger.reserve(client, [ask(key)], at))
    expect((await tryAt('plan:q', soon))[0]!.granted).toBe(false)
    expect((await tryAt('plan:r', muchLater))[0]!.granted).toBe(true)
    expect((await read(ledger)).tokens).toMatchObject({ reserved: 200, left: 50 })
  })

  test('concurrent bookings, releases and reservations of many plans leave accounts that add up', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 1e6 })
    const plans = Array.from({ length: 30 }, (_, index) => `p${index}`)
    await Promise.all(
      plans.map(async (plan, index) => {
        const userId = `user${index % 4}`
        await inTransaction((client) => ledger.reserve(client, [ask(`plan:${plan}`, 100, 50, userId)], now))
        await inTransaction((client) => ledger.book(client, [usageOf(plan, 40, 10, { userId }), usageOf(plan, 5, 1, { userId })], now))
        await inTransaction((client) => ledger.release(client, [`plan:${plan}`, `plan:${plans[(index + 1) % 2]}`], now))
      }),
    )
    const { rows } = await pool.query<{ owner: string; tokens_used: number; tokens_reserved: number }>('select * from quota_account')
    const ofInstallation = rows.find((row) => row.owner === 'installation')!
    const users = rows.filter((row) => row.owner !== 'installation')
    expect(ofInstallation).toMatchObject({ tokens_used: 30 * 45, tokens_reserved: 0 })
    expect(users.reduce((sum, row) => sum + row.tokens_used, 0)).toBe(30 * 45)
    expect(users.every((row) => row.tokens_reserved === 0)).toBe(true)
  })

  test('nothing to do sends no statement', async () => {
    const ledger = ledgerWith({ QUOTA_TOKENS: 1 })
    const closed = { query: () => Promise.reject(new Error('no statement was expected')) }
    await ledger.book(closed, [], now)
    await ledger.release(closed, [], now)
    expect(await ledger.reserve(closed, [ask('plan:1', 5, 0)], now)).toMatchObject([{ granted: true }])
  })
})
