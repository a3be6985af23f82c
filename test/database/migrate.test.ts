import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate, pendingMigrations } from '../../src/database/migrate.ts'
import { createOrm, migrationsFolder } from '../../src/database/orm.ts'
import { findSchemaDrift } from '../../src/database/schema-drift.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/database.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { startTcpProxy } from '../harness/tcp-proxy.ts'

let database: TestDatabase
beforeEach(async () => (database = await createEmptyDatabase()))
afterEach(() => database.drop())

async function query(text: string): Promise<void> {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

async function drift(): Promise<string[]> {
  const orm = await createOrm({ url: database.url })
  return findSchemaDrift(orm).finally(() => orm.close())
}

test('three processes that migrate at once apply each migration once', async () => {
  const program = join(import.meta.dirname, 'migrator.ts')
  const runs = await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, [program, database.url])))
  const applied = runs.flatMap(({ stdout }) => JSON.parse(stdout) as string[])
  const files = (await readdir(migrationsFolder)).filter((file) => file.endsWith('.ts'))
  expect(applied.toSorted()).toEqual(files.map((file) => parse(file).name).toSorted())
})

test('what is pending is known before, and nothing is afterwards', async () => {
  const pending = await pendingMigrations(database.url)
  expect(pending.length).toBeGreaterThan(0)
  expect(await migrate({ url: database.url, logger: silentLogger })).toEqual(pending)
  expect(await pendingMigrations(database.url)).toEqual([])
  expect(await migrate({ url: database.url, logger: silentLogger })).toEqual([])
})

test('the migrations lead to the schema of the entities', async () => {
  await migrate({ url: database.url, logger: silentLogger })
  expect(await drift()).toEqual([])
})

test.each([
  ['table', 'drop table outbox_message', 'create table "outbox_message"'],
  ['column', 'alter table plan drop column summary', 'add "summary"'],
  ['index', 'drop index plan_created_at_id_index', 'create index "plan_created_at_id_index"'],
  ['constraint', 'alter table task drop constraint task_plan_id_position_unique', 'unique ("plan_id", "position")'],
])('a %s that the migrations forget is reported', async (_what, forgetful, missing) => {
  await migrate({ url: database.url, logger: silentLogger })
  await query(forgetful)
  expect((await drift()).join()).toContain(missing)
})

test.each(['update %s set actor = actor', 'delete from %s', 'truncate %s'])('the log refuses: %s', async (statement) => {
  await migrate({ url: database.url, logger: silentLogger })
  const attempt = query(statement.replace('%s', 'execution_log_entry'))
  await expect(attempt).rejects.toThrow('The execution log is append-only')
})

test.each([4, 12, 20, 30])('connections lost in the middle of it, after %i messages, are an error, not a wait', async (messages) => {
  const proxy = await startTcpProxy(database.url)
  let seen = 0
  proxy.hold(({ direction }) => {
    if (direction === 'toServer' && ++seen === messages) setImmediate(() => proxy.cut())
    return false
  })
  try {
    await expect(migrate({ url: proxy.url, logger: silentLogger })).rejects.toThrow(/ECONNRESET|terminated/)
    expect(seen).toBeGreaterThanOrEqual(messages)
  } finally {
    await proxy.stop()
  }
})

test('an unreachable database is an error, not a wait', async () => {
  const failing = migrate({ url: 'postgres://nobody@127.0.0.1:1/none', logger: silentLogger })
  await expect(failing).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
