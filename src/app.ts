/** The one place where parts meet: settings to a running service. It alone knows embedded from full. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { createBundledAgent, runnableAgentTypes } from './agent/bundled-agent.ts'
import { prepareRunEnvironment } from './agent/run/run-environment.ts'
import { loadCatalog } from './catalog/load-catalog.ts'
import { isOutOfReach } from './database/database-errors.ts'
import { startEmbeddedPostgres } from './database/embedded-postgres.ts'
import { migrate } from './database/migrate.ts'
import { createOrm } from './database/orm.ts'
import { createPool } from './database/pool.ts'
import { createEngine } from './engine.ts'
import type { Logger } from './logger.ts'
import { createInProcessBroker } from './messaging/in-process-bus.ts'
import type { AgentBus, ServiceBus } from './messaging/port.ts'
import { createRabbitMqServiceBus } from './messaging/rabbitmq-bus.ts'
import { createWorkSigner, type SignWork } from './messaging/work-signature.ts'
import { createMetrics } from './metrics.ts'
import { systemScheduler } from './scheduler.ts'
import { createServices } from './create-services.ts'
import { createRowReader } from './services/watching/row-reader.ts'
import { createCheckpoints } from './services/evidence/checkpoints.ts'
import { isLoopback, SettingsError, type Settings } from './settings.ts'
import { openSigningKey } from './signing-key.ts'
import type { StartSpan } from './span.ts'
import { serveWhileStarting, startServers } from './start-servers.ts'
import { startTracing } from './tracing.ts'

export type App = {
  /** Where the API is, or health alone where this replica has no API: `http://127.0.0.1:4000`. */
  readonly url: string
  /** Intents somebody can carry out now; empty where no agent has joined yet. */
  readonly embedded: { readonly database: boolean; readonly bus: boolean }
  /** Ends intake first, then the engine, the bus and the database. May be called twice. */
  stop(): Promise<void>
}

export type AppOptions = {
  readonly settings: Settings
  readonly logger: Logger
  /** The process's environment, for the programs of the bundled agent. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Gives up waiting for the broker. */
  readonly signal?: AbortSignal
}

/** Starts everything the settings ask for; what was started is stopped again when a later part fails. */
export async function startApp(options: AppOptions): Promise<App> {
  const { settings } = options
  if (settings.ROLES.includes('api') && !isLoopback(settings) && !settings.AUTHENTICATION && !settings.ALLOW_ANONYMOUS) {
    throw new SettingsError('HOST: beyond loopback the service needs AUTHENTICATION=true or ALLOW_ANONYMOUS=true, or keep HOST=127.0.0.1.')
  }
  const closers: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (let close = closers.pop(); close; close = closers.pop()) {
      await close().catch((error: unknown) => options.logger.error({ err: error }, 'a part could not be stopped'))
    }
  }
  try {
    const url = await start(options, (close) => closers.push(close))
    return { url, embedded: { database: !settings.DATABASE_URL, bus: !settings.AMQP_URL }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Parts are stopped in the reverse order of their start. */
async function start({ settings, logger, environment, signal }: AppOptions, onStop: (close: () => Promise<unknown>) => void): Promise<string> {
  const catalog = await loadCatalog(settings.CATALOG)
  const there: { pool?: pg.Pool; bus?: ServiceBus } = {}
  const endEarlyHealth = await serveWhileStarting(settings, logger, {
    database: { query: async (text) => (there.pool ? there.pool.query(text) : Promise.reject(new Error('not connected'))) },
    broker: () => there.bus?.health() ?? { connected: false, blocked: false },
  })
  onStop(endEarlyHealth)
  const databaseUrl = settings.DATABASE_URL ?? (await embeddedDatabase(settings, logger, onStop))
  await migrate({ url: databaseUrl, logger }).catch((error: unknown) => {
    throw isOutOfReach(error) ? new SettingsError(`DATABASE_URL: the database does not let us in: ${told(error)}. Start it, or correct the setting.`) : error
  })
  const orm = await createOrm({ url: databaseUrl })
  onStop(() => orm.close())
  const pool = createPool({ url: databaseUrl, max: 16, logger, pipeline: true })
  onStop(() => pool.end())
  there.pool = pool
  if (!settings.AMQP_URL) onStop(await admitOneProcess(pool))
  const { serviceBus, agentBus } = createBuses(settings, logger)
  there.bus = serviceBus
  onStop(() => serviceBus.stop())
  await serviceBus.start(signal)

  // Stopped after the engine: the last checkpoint is over all that it has written.
  if (settings.ROLES.includes('engine')) onStop(await startCheckpoints(settings, logger, pool))
  const signWork = settings.WORK_KEY_FILE === undefined ? null : await openWorkSigner(settings.WORK_KEY_FILE)
  const metrics = createMetrics({ logger })
  const startSpan = await startSpans(settings, onStop)
  const engine = createEngine({
    settings, logger, catalog, pool, bus: serviceBus, observer: metrics.observer, ...(signWork && { signWork }), ...(startSpan && { startSpan }),
  })
  const rows = createRowReader({ orm, database: pool })
  // Learning a large catalog takes seconds in which nothing else moves: no connection and no lease waits meanwhile.
  const services = createServices({ settings, logger, catalog, rows, pool, engine })
  await engine.start()
  onStop(() => engine.stop())
  services.start()
  onStop(() => services.stop())
  if (agentBus) await startBundledAgent({ settings, logger, environment, catalog, bus: agentBus, engine, startSpan, onStop })

  await endEarlyHealth()
  return startServers({
    settings, logger, catalog, orm, rows, pool, bus: serviceBus, services: services.operations, metrics, startSpan, onStop, backlog: () => engine.backlog(),
  })
}

/** Of several addresses that were tried in vain, only the code tells. */
const told = (error: unknown): string => (error instanceof Error && error.message) || String((error as { code?: unknown }).code)

/** Replicas must not each make a key of their own, so this one has to be there. */
async function openWorkSigner(file: string): Promise<SignWork> {
  await access(file).catch(() => {
    throw new SettingsError(`WORK_KEY_FILE: ${file} cannot be read. Make a key by npm run work-key -- FILE, and give every replica the same.`)
  })
  return createWorkSigner(await openSigningKey(file))
}

/** Loads OpenTelemetry only where a collector is named. */
async function startSpans({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName }: Settings, onStop: (close: () => Promise<unknown>) => void): Promise<StartSpan | undefined> {
  if (endpoint === undefined) return undefined
  const tracing = await startTracing({ endpoint, serviceName })
  onStop(() => tracing.stop())
  return tracing.startSpan
}

async function startCheckpoints(settings: Settings, logger: Logger, pool: pg.Pool): Promise<() => Promise<void>> {
  const key = await openSigningKey(settings.LOG_KEY_FILE ?? join(settings.DATA_DIR, 'keys', 'log.pem'))
  logger.info({ keyId: key.id, publicKey: key.publicPem }, 'checkpoints of the log are signed with this key')
  const checkpoints = createCheckpoints({ pool, key, logger, everySeconds: checkpointSeconds, scheduler: systemScheduler })
  checkpoints.start()
  return () => checkpoints.stop()
}

async function embeddedDatabase(settings: Settings, logger: Logger, onStop: (close: () => Promise<unknown>) => void): Promise<string> {
  const server = await startEmbeddedPostgres({ dataDir: join(settings.DATA_DIR, 'postgres'), logger })
  onStop(() => server.stop())
  return server.url
}

/** Least time between two checkpoints of the log. */
const checkpointSeconds = 10

/** Any number, the same in every version: whoever holds it is the one process of an installation with the in-process bus. */
const admissionLock = 7_305_441

/** With the in-process bus a second process on the same database would lose messages: it says so and stops. */
async function admitOneProcess(pool: pg.Pool): Promise<() => Promise<void>> {
  const client = await pool.connect()
  for (let tries = 1; ; tries++) {
    const { rows } = await client.query<{ admitted: boolean }>('select pg_try_advisory_lock($1) as admitted', [admissionLock])
    if (rows[0]?.admitted) return async () => client.release(true)
    if (tries === 10) break
    await sleep(500)
  }
  client.release()
  throw new SettingsError('Another Planwright process uses this database with the in-process bus. Stop it, or set AMQP_URL to run several.')
}

function createBuses(settings: Settings, logger: Logger): { serviceBus: ServiceBus; agentBus: AgentBus | null } {
  if (settings.AMQP_URL) {
    return { serviceBus: createRabbitMqServiceBus({ url: settings.AMQP_URL, prefix: settings.AMQP_PREFIX, logger }), agentBus: null }
  }
  const broker = createInProcessBroker({ maxQueueLength: 50_000, logger })
  return { serviceBus: broker.serviceBus(), agentBus: broker.agentBus(bundledAgentName) }
}

const bundledAgentName = 'bundled'
const bundledAgentSlots = 4

type BundledAgentParts = AppOptions & {
  readonly catalog: Awaited<ReturnType<typeof loadCatalog>>
  readonly bus: AgentBus
  readonly engine: ReturnType<typeof createEngine>
  readonly startSpan: StartSpan | undefined
  readonly onStop: (close: () => Promise<unknown>) => void
}

/** Runs the bundled agent in this process and waits until it has joined, so that the first plan finds it. */
async function startBundledAgent({ settings, logger, environment, catalog, bus, engine, startSpan, onStop }: BundledAgentParts): Promise<void> {
  const agentType = runnableAgentTypes(catalog)[0]
  if (!agentType) {
    logger.warn({}, 'no capability of the catalog has a run: the bundled agent stays away')
    return
  }
  const agent = createBundledAgent({
    name: bundledAgentName,
    agentType,
    slots: bundledAgentSlots,
    bus,
    catalog,
    environment: await prepareRunEnvironment({
      catalogPath: settings.CATALOG, dataDir: join(settings.DATA_DIR, 'agent'), path: environment.PATH ?? '', home: environment.HOME ?? '/', variables: environment,
    }),
    logger,
    ...(startSpan && { startSpan }),
  })
  await agent.start()
  onStop(() => agent.stop())
  for (let waited = 0; waited < 5_000; waited += 50) {
    engine.agentPool.invalidate()
    if ([...(await engine.agentPool.read()).values()].some(({ name, online }) => online && name === bundledAgentName)) return
    await sleep(50)
  }
}
