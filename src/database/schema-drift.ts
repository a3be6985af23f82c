import type { MikroORM } from '@mikro-orm/postgresql'

// Migrations written by hand add these on top of what the entities say.
const handWritten = /^drop (index|trigger|function) /i

/**
 * Why the entities, the schema snapshot and the migrations do not agree; empty if they do.
 * @param orm connected to a database that all migrations were applied to
 */
export async function findSchemaDrift(orm: MikroORM): Promise<string[]> {
  const faults: string[] = []
  if (await orm.migrator.checkSchema()) {
    faults.push('The entities differ from the schema snapshot: run `npm run migration:create -- <name>`.')
  }
  const statements = (await orm.schema.getUpdateSchemaSQL({ wrap: false }))
    .split(';\n')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '' && !handWritten.test(statement))
  if (statements.length > 0) {
    faults.push(`The migrations do not lead to the schema of the entities. What is missing:\n${statements.join(';\n')}`)
  }
  return faults
}
