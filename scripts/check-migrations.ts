/**
 * Exits with 1 if the entities, the schema snapshot and the migrations do not agree. Applies the migrations to an empty
 * database on a server of its own to see what they lead to.
 *
 *   node scripts/check-migrations.ts
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.ts'
import { migrate } from '../src/database/migrate.ts'
import { createOrm } from '../src/database/orm.ts'
import { findSchemaDrift } from '../src/database/schema-drift.ts'
import { createLogger } from '../src/logger.ts'

const logger = createLogger('error')
const dataDir = await mkdtemp(join(tmpdir(), 'planwright-check-'))
const server = await startEmbeddedPostgres({ dataDir, logger, fsync: false })
try {
  await migrate({ url: server.url, logger })
  const orm = await createOrm({ url: server.url })
  const faults = await findSchemaDrift(orm).finally(() => orm.close())
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
  else console.log('Entities, schema snapshot and migrations agree.')
} finally {
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
}
