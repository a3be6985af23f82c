import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type pg from 'pg'
import { isUnavailable } from '../../src/database/database-errors.ts'
import { createPool } from '../../src/database/pool.ts'
import { withTransaction } from '../../src/database/transaction.ts'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.drop())

describe.each([{ pipeline: false }, { pipeline: true }])('withTransaction, %o', ({ pipeline }) => {
  let pool: pg.Pool
  beforeAll(async () => {
    pool = createPool({ url: database.url, max: 4, logger: pino({ level: 'silent' }), pipeline })
    await pool.query('create table if not exists counter (id int primary key, value int not null)')
    return () => pool.end()
  })
  beforeEach(() => pool.query('truncate counter; insert into counter values (1, 0), (2, 0)'))
  const values = async () =>
    (await pool.query<{ value: number }>('select value from counter order by id')).rows.map(({ value }) => value)

  test('what the work did is there once it has returned', async () => {
    const result = await withTransaction(pool, async (client) => {
      await client.query('update counter set value = 5 where id = 1')
      return 'done'
    })
    expect(result).toBe('done')
    expect(await values()).toEqual([5, 0])
  })

  test('work that throws leaves nothing behind, and its connection goes on to serve', async () => {
    const fault = new Error('no')
    const failing = withTransaction(pool, async (client) => {
      await client.query('update counter set value = 5')
      throw fault
    })
    await expect(failing).rejects.toBe(fault)
    expect(await values()).toEqual([0, 0])
    expect(pool.totalCount).toBe(pool.idleCount)
  })

  test('a commit after a failed statement whose error was swallowed is an error', async () => {
    const failing = withTransaction(pool, async (client) => {
      await client.query('update counter set value = 5')
      await client.query('select 1 / 0').catch(() => {})
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await values()).toEqual([0, 0])
  })

  test('of two transactions in a deadlock both commit in the end', async () => {
    let runs = 0
    const bothHoldOne = Promise.withResolvers<void>()
    const add = (first: number, second: number) =>
      withTransaction(pool, async (client) => {
        await client.query('update counter set value = value + 1 where id = $1', [first])
        if (++runs === 2) bothHoldOne.resolve()
        await bothHoldOne.promise
        await client.query('update counter set value = value + 1 where id = $1', [second])
      })
    await Promise.all([add(1, 2), add(2, 1)])
    expect(runs).toBeGreaterThan(2)
    expect(await values()).toEqual([2, 2])
  })

  test('a serialization failure is tried again, and given up after the given tries', async () => {
    let runs = 0
    const stale = withTransaction(
      pool,
      async (client) => {
        runs++
        await client.query('select value from counter where id = 1')
        await pool.query('update counter set value = value + 1 where id = 1')
        await client.query('update counter set value = 100 where id = 1')
      },
      { isolation: 'serializable', tries: 3 },
    )
    await expect(stale).rejects.toMatchObject({ code: '40001' })
    expect(runs).toBe(3)
    expect(await values()).toEqual([3, 0])
  })

  test('a connection lost during the work is replaced, and the error is known as unavailability', async () => {
    const failing = withTransaction(pool, async (client) => {
      await client.query('update counter set value = 5')
      await client.query('select pg_terminate_backend(pg_backend_pid())')
    })
    expect(isUnavailable(await failing.catch((error: unknown) => error))).toBe(true)
    expect(await values()).toEqual([0, 0])
  })
})
