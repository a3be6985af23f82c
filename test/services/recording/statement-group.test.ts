import { afterAll, beforeAll, expect, test } from 'vitest'
import pg from 'pg'
import { createStatementGroups } from '../../../src/services/recording/statement-group.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('create temporary table a (id int primary key); create temporary table b (id int primary key, word text)')
})

afterAll(async () => {
  await client?.end()
  await database?.drop()
})

const groups = createStatementGroups()
const addTo = (table: string, ...values: unknown[]) => ({ name: `add_to_${table}`, text: `insert into ${table} values (${values.map((_, index) => `$${index + 1}`).join()})`, values })
const counts = async () => (await client.query('select (select count(*)::int from a) a, (select count(*)::int from b) b')).rows[0] as object

test('writes of a group leave as one statement', async () => {
  const sent: string[] = []
  const group = groups.open({ query: (statement) => (sent.push(statement.name), client.query(statement)) })
  const done = [group.query(addTo('a', 1)), group.query(addTo('b', 1, 'one'))]
  group.send()
  await Promise.all(done)
  expect(sent).toHaveLength(1)
  expect(await counts()).toEqual({ a: 1, b: 1 })
})

test('a group that cannot be written fails as a whole', async () => {
  const group = groups.open(client)
  const done = [group.query(addTo('a', 2)), group.query(addTo('b', 1, 'again'))]
  group.send()
  expect((await Promise.allSettled(done)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await counts()).toEqual({ a: 1, b: 1 })
})
