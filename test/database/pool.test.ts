import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { isTransient, isUnavailable } from '../../src/database/database-errors.ts'
import { createPool } from '../../src/database/pool.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/database.ts'

let database: TestDatabase
beforeAll(async () => (database = await createEmptyDatabase()))
afterAll(() => database.drop())

const warn = vi.fn<(details: object, message: string) => void>()
let pool: pg.Pool
beforeEach(() => {
  warn.mockClear()
  pool = createPool({ url: database.url, max: 2, logger: { warn }, statementTimeoutMs: 500, connectTimeoutMs: 500 })
})
afterEach(() => pool.end())

test('a bigint arrives as a number, and one that no number can hold is an error', async () => {
  const { rows } = await pool.query('select count(*) as rows, 9007199254740991::bigint as top')
  expect(rows).toEqual([{ rows: 1, top: Number.MAX_SAFE_INTEGER }])
  await expect(pool.query('select 9007199254740993::bigint')).rejects.toThrow(RangeError)
})

test('a statement that takes too long is ended and known as worth another try', async () => {
  const error: unknown = await pool.query('select pg_sleep(60)').catch((fault: unknown) => fault)
  expect([isTransient(error), isUnavailable(error)]).toEqual([true, false])
})

test('a wait for a connection ends as unavailability', async () => {
  const held = await Promise.all([pool.connect(), pool.connect()])
  const error: unknown = await pool.query('select 1').catch((fault: unknown) => fault)
  expect(isUnavailable(error)).toBe(true)
  for (const client of held) client.release()
})

test('an idle connection that the server closes is logged once and replaced', async () => {
  await pool.query('select 1')
  const other = createPool({ url: database.url, max: 1, logger: { warn } })
  await other.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  await other.end()
  await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1), { timeout: 10_000 })
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})
