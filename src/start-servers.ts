/** Opens what a replica serves: the API by its role, health always, metrics where they are allowed. */
import type { MikroORM } from '@mikro-orm/postgresql'
import type pg from 'pg'
import type { Catalog } from './catalog/capability.ts'
import { createHttpServer } from './http-server.ts'
import type { Authenticate } from './http/authenticate.ts'
import { createBearerAuthentication } from './http/bearer-authentication.ts'
import { createJwtVerifier } from './http/jwt-verifier.ts'
import { createProbeServer } from './http/probe-server.ts'
import { createHealthCheck, type HealthSources } from './http/probes.ts'
import type { Logger } from './logger.ts'
import type { ServiceBus } from './messaging/port.ts'
import type { Metrics, MetricsSources } from './metrics.ts'
import { schema } from './schema/index.ts'
import { findApiToken } from './services/access/api-tokens.ts'
import type { Services } from './services/services.ts'
import type { RowReader } from './services/watching/row-reader.ts'
import { isLoopback, type Settings } from './settings.ts'
import type { StartSpan } from './span.ts'

export type ServerParts = {
  readonly settings: Settings
  readonly logger: Logger
  readonly catalog: Catalog
  readonly orm: MikroORM
  readonly rows: RowReader
  readonly pool: pg.Pool
  readonly bus: ServiceBus
  readonly services: Services
  readonly metrics: Metrics
  readonly backlog: MetricsSources['backlog']
  readonly startSpan: StartSpan | undefined
  /** Called for each server that was started, in the order of their start. */
  readonly onStop: (close: () => Promise<void>) => void
}

const starting = { status: 503, code: 'UNAVAILABLE', message: 'The service is starting. Try again shortly.' }

/**
 * Says on PORT, until it is closed, that the replica is not ready and what it waits for; a port that is to be picked is
 * picked later. Rejects where the address is taken.
 */
export async function serveWhileStarting({ HOST: host, PORT: port }: Settings, logger: Logger, sources: HealthSources): Promise<() => Promise<void>> {
  if (port === 0) return async () => {}
  const check = createHealthCheck(sources)
  const health = async () => ({ ...(await check()), ready: false })
  const server = createProbeServer({ host, port, health, metrics: null, rules: null, givesWay: starting, logger })
  await server.start()
  return () => server.stop()
}

/** Answers where the API is, or health where this replica has no API. */
export async function startServers(parts: ServerParts): Promise<string> {
  const { settings, logger, pool, bus, metrics, backlog, onStop } = parts
  const { HOST: host, PORT: port, METRICS_PORT: metricsPort } = settings
  const checkHealth = createHealthCheck({ database: pool, broker: () => bus.health() })
  const sources = { database: pool, bus, backlog }
  // Figures tell about everybody's work: beyond this machine they have a port of their own, for a network of their own.
  const onMainPort = metricsPort === 0 && isLoopback(settings) ? metrics.render : null
  if (metricsPort !== 0) {
    const server = createProbeServer({ host, port: metricsPort, health: checkHealth, metrics: metrics.render, rules: null, logger })
    logger.info(await server.start(), 'metrics are served')
    onStop(() => server.stop())
  }
  if (!settings.ROLES.includes('api')) {
    metrics.connect(sources)
    const rules = { host, allowedHosts: settings.ALLOWED_HOSTS, allowedOrigins: settings.ALLOWED_ORIGINS }
    const server = createProbeServer({ host, port, health: checkHealth, metrics: onMainPort, rules, logger })
    onStop(() => server.stop())
    return (await server.start()).url
  }
  const authenticate = settings.AUTHENTICATION ? createAuthentication(settings, logger, pool) : null
  const { catalog, orm, rows, services, startSpan } = parts
  const server = createHttpServer({
    settings, schema, services, orm, rows, catalog, logger,
    ...(authenticate && { authenticate }), ...(startSpan && { startSpan }),
    health: checkHealth,
    metrics: onMainPort,
  })
  metrics.connect({ ...sources, subscriptions: () => server.subscriptions() })
  const { url } = await server.start()
  onStop(() => server.stop())
  return url
}

function createAuthentication(settings: Settings, logger: Logger, pool: pg.Pool): Authenticate {
  const { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_USER_CLAIM: userClaim, JWT_ROLES_CLAIM: rolesClaim } = settings
  return createBearerAuthentication({
    findApiToken: (token) => findApiToken(pool, token),
    verifyJwt: jwksUrl && issuer && audience ? createJwtVerifier({ jwksUrl, issuer, audience, userClaim, rolesClaim }, logger) : null,
  })
}
