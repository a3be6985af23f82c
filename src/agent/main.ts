/** The bundled agent as a process of its own: `npm run agent`. */
import { CatalogError } from '../catalog/catalog-error.ts'
import { loadCatalog } from '../catalog/load-catalog.ts'
import { createLogger, type Logger } from '../logger.ts'
import { createRabbitMqAgentBus } from '../messaging/rabbitmq-bus.ts'
import { SettingsError } from '../settings.ts'
import { createShutdown } from '../shutdown.ts'
import { startTracing } from '../tracing.ts'
import { readAgentSettings, type AgentSettings } from './agent-settings.ts'
import { createBundledAgent, runnableAgentTypes } from './bundled-agent.ts'
import { prepareRunEnvironment } from './run/run-environment.ts'
import { createWorkVerifier } from './verify-work.ts'
import type { VerifyEvent } from './work-intake.ts'

async function main(): Promise<void> {
  const settings = readAgentSettings(process.env)
  const logger = createLogger(settings.LOG_LEVEL)
  const shutdown = createShutdown({ logger, timeoutMs: 9_500 })
  const catalog = await loadCatalog(settings.CATALOG)
  const verify = await verifierOf(settings, logger)
  const agentType = agentTypeOf(settings.AGENT_TYPE, runnableAgentTypes(catalog))
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = settings
  const tracing = endpoint === undefined ? null : await startTracing({ endpoint, serviceName })
  const agent = createBundledAgent({
    name: settings.AGENT_NAME,
    agentType,
    slots: settings.AGENT_SLOTS,
    bus: createRabbitMqAgentBus({
      url: settings.AMQP_URL,
      prefix: settings.AMQP_PREFIX,
      agentName: settings.AGENT_NAME,
      logger,
    }),
    catalog,
    environment: await prepareRunEnvironment({
      catalogPath: settings.CATALOG,
      dataDir: settings.DATA_DIR,
      path: settings.PATH,
      home: settings.HOME,
      variables: process.env,
    }),
    logger,
    ...(verify && { verify }),
    ...(tracing && { startSpan: tracing.startSpan }),
  })
  const starting = new AbortController()
  shutdown.add('start', () => starting.abort())
  shutdown.add('agent', () => agent.stop())
  if (tracing) shutdown.add('traces', () => tracing.stop())
  shutdown.onSignals()
  await agent.start(starting.signal).catch((error: unknown) => {
    if (!starting.signal.aborted) throw error
  })
}

async function verifierOf({ SERVICE_KEYS: keyFile, AGENT_NAME: name }: AgentSettings, logger: Logger): Promise<VerifyEvent | null> {
  if (keyFile === undefined) return null
  return createWorkVerifier({ name, keyFile, logger }).catch((error: unknown) => {
    throw new SettingsError(`SERVICE_KEYS: ${error instanceof Error ? error.message : String(error)}`)
  })
}

function agentTypeOf(asked: string | undefined, runnable: readonly string[]): string {
  const agentType = asked ?? (runnable.includes('infra') ? 'infra' : runnable[0])
  if (agentType !== undefined && runnable.includes(agentType)) return agentType
  const choice = runnable.length > 0 ? `AGENT_TYPE may be ${runnable.join(', ')}.` : 'No capability has a run.'
  throw new SettingsError(`The catalog says of nothing for agent type ${asked ?? 'infra'} how to run it. ${choice}`)
}

try {
  await main()
} catch (error) {
  // Faults of the installation are told in their own words; anything else keeps its stack.
  const isOwn = error instanceof SettingsError || error instanceof CatalogError
  console.error(isOwn ? error.message : error)
  process.exit(1)
}
