/**
 * Brings the database at DATABASE_URL to the newest schema, or says how far it is. `status` exits with 1 if something
 * is pending. The service migrates by itself when it starts; this is for doing it before.
 *
 *   node scripts/migrate.ts [up | status]
 */
import { migrate, pendingMigrations } from '../src/database/migrate.ts'
import { createLogger } from '../src/logger.ts'
import { readSettings } from '../src/settings.ts'

const { DATABASE_URL: url } = readSettings(process.env)
const logger = createLogger('warn')
const command = process.argv[2] ?? 'up'

if (url === undefined) {
  console.error('Set DATABASE_URL. The embedded database is migrated whenever the service starts.')
  process.exitCode = 1
} else if (command === 'up') {
  const applied = await migrate({ url, logger })
  console.log(applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`)
} else if (command === 'status') {
  const pending = await pendingMigrations(url)
  console.log(pending.length === 0 ? 'The schema is up to date.' : `Pending: ${pending.join(', ')}.`)
  if (pending.length > 0) process.exitCode = 1
} else {
  console.error(`Unknown command ${command}: up or status.`)
  process.exitCode = 1
}
