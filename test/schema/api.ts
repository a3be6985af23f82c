/** The API on a database of its own, with services that the test scripts. */
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Catalog } from '../../src/catalog/capability.ts'
import { createOrm } from '../../src/database/orm.ts'
import { createPool } from '../../src/database/pool.ts'
import { createHttpServer, type HttpServerOptions } from '../../src/http-server.ts'
import type { Logger } from '../../src/logger.ts'
import { schema } from '../../src/schema/index.ts'
import type { Services } from '../../src/services/services.ts'
import { createRowReader } from '../../src/services/watching/row-reader.ts'
import { readSettings } from '../../src/settings.ts'
import { createTestDatabase } from '../harness/database.ts'
import { createGraphqlClient, type GraphqlClient } from '../harness/graphql-client.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { catalogOf, seedCapabilities } from '../harness/plan-builder.ts'

export type ApiOptions = Partial<Pick<HttpServerOptions, 'authenticate' | 'health'>> & {
  readonly services?: Partial<Services>
  readonly environment?: Readonly<Record<string, string>>
  readonly schema?: HttpServerOptions['schema']
}

export type LogLine = { readonly level: string; readonly details: object; readonly message: string }

export type Api = {
  readonly url: string
  readonly port: number
  readonly databaseUrl: string
  readonly client: GraphqlClient
  readonly orm: MikroORM
  /** Statements of the row reader so far. */
  readonly statements: string[]
  readonly catalog: Catalog
  /** What was logged so far. */
  readonly log: LogLine[]
  /** Writes rows through MikroORM. */
  write(rows: (em: EntityManager) => void): Promise<void>
  stop(): Promise<void>
}

export async function startApi({ services = {}, environment = {}, ...options }: ApiOptions = {}): Promise<Api> {
  const database = await createTestDatabase()
  const orm = await createOrm({ url: database.url })
  const pool = createPool({ url: database.url, max: 4, logger: silentLogger })
  const statements: string[] = []
  const catalog = catalogOf(seedCapabilities)
  const log: LogLine[] = []
  const server = createHttpServer({
    schema,
    orm,
    rows: createRowReader({ orm, database: { query: (statement) => { statements.push(statement.text); return pool.query(statement) } } }),
    catalog,
    settings: readSettings({ PORT: '0', ...environment }),
    services: scripted(services),
    logger: recordingLogger(log),
    health: async () => ({ ready: true, dependencies: {} }),
    ...options,
  })
  const { port } = await server.start()
  const url = `http://127.0.0.1:${port}`
  const client = createGraphqlClient(url)
  return {
    url, port, databaseUrl: database.url, client, orm, statements, catalog, log,
    async write(rows) {
      const em = orm.em.fork()
      rows(em)
      await em.flush()
    },
    async stop() {
      await client.close()
      await server.stop()
      await orm.close(true)
      await pool.end()
      await database.drop()
    },
  }
}

/** What a test does not script fails like any unexpected error. */
const scripted = (services: Partial<Services>): Services =>
  new Proxy({ agentStatus: async () => 'ONLINE', ...services } as Services, {
    get: (target, name) => Reflect.get(target, name) ?? (() => { throw new Error(`The test scripts no ${String(name)}.`) }),
  })

function recordingLogger(log: LogLine[]): Logger {
  const writer = (level: string) => (details: object, message: string) => void log.push({ level, details, message })
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') }
}
