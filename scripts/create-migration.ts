/**
 * Compares the entities with the schema snapshot and writes the difference as a new migration, and the new snapshot.
 * Needs no database. `--initial` makes the first migration anew and is for the time before the first release only.
 *
 *   node scripts/create-migration.ts [name] [--initial]
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import { parseArgs } from 'node:util'
import { createOrm, migrationsFolder } from '../src/database/orm.ts'

const options = { initial: { type: 'boolean', default: false } } as const
const { values, positionals } = parseArgs({ options, allowPositionals: true })
const snapshot = join(migrationsFolder, 'schema-snapshot.json')
const initial = readdirSync(migrationsFolder).find((file) => file.endsWith('_initial_schema.ts'))
const earlier = values.initial ? initial : undefined

if (values.initial) rmSync(snapshot, { force: true })
// Without a snapshot the difference would be taken from whatever the database at hand contains.
if (!existsSync(snapshot)) writeFileSync(snapshot, JSON.stringify({ namespaces: ['public'], tables: [] }))

// Never connected to: the comparison is between the entities and the snapshot.
const orm = await createOrm({ url: 'postgres://planwright@127.0.0.1:5432/planwright' })
try {
  const name = values.initial ? 'initial_schema' : positionals[0]
  const { fileName, code } = await orm.migrator.create(undefined, false, false, name)
  if (earlier !== undefined && fileName !== earlier) {
    // Later migrations build on it, so it keeps its place in the order.
    writeFileSync(join(migrationsFolder, earlier), code.replaceAll(parse(fileName).name, parse(earlier).name))
    rmSync(join(migrationsFolder, fileName))
  }
  if (fileName) console.log(`Wrote migrations/${earlier ?? fileName}. Read it before you commit it.`)
  else console.log('The entities have not changed.')
} finally {
  await orm.close()
}
