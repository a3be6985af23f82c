import { fileURLToPath } from 'node:url'
import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import { entities } from '../entities/index.ts'

/** The folder of the generated migrations and of the schema snapshot they were made from. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

export type OrmSettings = {
  /** PostgreSQL connection string; its parameters (`sslmode`, …) count. */
  readonly url: string
  /** Largest number of connections (10). */
  readonly max?: number
  /** Milliseconds after which the server ends a statement (15,000). */
  readonly statementTimeoutMs?: number
  /** Prints every statement. */
  readonly debug?: boolean
}

/**
 * Settings to a MikroORM, for the app, scripts and tests alike. Does not connect: the first statement does.
 * Each operation, message and job forks its own entity manager; the global one throws.
 */
export function createOrm(settings: OrmSettings): Promise<MikroORM> {
  const { url, max = 10, statementTimeoutMs = 15_000, debug = false } = settings
  return MikroORM.init({
    clientUrl: url,
    entities,
    extensions: [Migrator],
    forceUtcTimezone: true,
    debug,
    pool: { min: 0, max, idleTimeoutMillis: 30_000 },
    driverOptions: {
      // The driver takes host, port, user and database from the URL but drops its parameters.
      connectionString: url,
      application_name: 'planwright-orm',
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    },
    migrations: {
      path: migrationsFolder,
      pathTs: migrationsFolder,
      glob: '*.ts',
      tableName: 'schema_migration',
      snapshotName: 'schema-snapshot',
      // Only the script that makes a migration writes the snapshot.
      snapshotOnMigrate: false,
      disableForeignKeys: false,
      silent: true,
    },
  })
}
