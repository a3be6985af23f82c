import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPool } from '../../../src/database/pool.ts'
import { emptyHead } from '../../../src/services/recording/execution-log.ts'
import { appendLog } from '../../../src/services/recording/rows.ts'
import { withTransaction } from '../../../src/database/transaction.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { silentLogger } from '../../harness/silent-logger.ts'

const stream = '00000000-0000-4000-8000-0000000000aa'

describe('what is written stays as it was written', () => {
  let database: TestDatabase
  let pool: ReturnType<typeof createPool>
  beforeAll(async () => {
    database = await createTestDatabase()
    pool = createPool({ url: database.url, max: 4, logger: silentLogger, pipeline: true })
    const draft = { stream, streamKind: 'REQUEST', kind: 'REQUEST_SUBMITTED', actor: 'user:ann', message: 'Submitted.' } as const
    await withTransaction(pool, (client) => Promise.all(appendLog(client, new Map([[stream, emptyHead(stream, 'REQUEST')]]), [draft], new Date()).writes))
    await pool.query(`insert into checkpoint values (1, 'p', now(), 1, 'h', 'k', 'd', 's', now())`)
    await pool.query(`insert into checkpoint_head values ($1, 1, 1, '\\x00')`, [stream])
  })
  afterAll(async () => {
    await pool?.end()
    await database?.drop()
  })

  test.each([
    ['execution_log_entry', 'message'], ['checkpoint', 'digest'], ['checkpoint_head', 'sequence'],
  ])('rows of %s can be neither changed nor removed', async (table, column) => {
    const contents = async () => (await pool.query(`select * from ${table}`)).rows
    const before = await contents()
    expect(before).toHaveLength(1)
    for (const statement of [`update ${table} set ${column} = ${column}`, `delete from ${table}`, `truncate ${table}`, `truncate ${table} cascade`]) {
      await expect(pool.query(statement)).rejects.toMatchObject({ code: '23001', message: expect.stringContaining('append-only') })
    }
    expect(await contents()).toEqual(before)
  })

  test('an entry cannot be written over by an insert that meets it', async () => {
    const again = `insert into execution_log_entry select * from execution_log_entry`
    await expect(pool.query(again)).rejects.toMatchObject({ code: '23505' })
    await expect(pool.query(`${again} on conflict (stream, sequence) do update set message = 'other'`)).rejects.toMatchObject({ code: '23001' })
  })
})
