/** The service: reads the settings, starts the app, waits for a signal, stops it. */
import { startApp } from './app.ts'
import { CatalogError } from './catalog/catalog-error.ts'
import { EmbeddedPostgresUnavailableError } from './database/postgres-binaries.ts'
import { createLogger } from './logger.ts'
import { readSettings, SettingsError } from './settings.ts'
import { createShutdown } from './shutdown.ts'
import { SigningKeyError } from './signing-key.ts'

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  const logger = createLogger(settings.LOG_LEVEL)
  const shutdown = createShutdown({ logger, timeoutMs: 9_500 })
  const stopping = new AbortController()
  const starting = startApp({ settings, logger, environment: process.env, signal: stopping.signal })
  shutdown.add('service', async () => {
    stopping.abort()
    const app = await starting.catch(() => null)
    await app?.stop()
  })
  shutdown.onSignals()
  const started = await starting.catch((error: unknown) => {
    if (stopping.signal.aborted) return null
    throw error
  })
  if (!started) return
  const { url, embedded } = started
  logger.info({ url, ...embedded, roles: settings.ROLES }, 'Planwright is ready')
  if (!settings.ROLES.includes('api')) return
  if (settings.AUTHENTICATION) {
    console.log(`
Planwright is ready at ${url}/graphql. Callers need a token: npm run token -- create --user ada --role requester --role approver
docs/security.md has the roles. Ctrl-C stops.
`)
    return
  }
  console.log(`
Planwright is ready: open ${url} in a browser and try

  mutation { submitRequest(input: { text: "Deploy Kuma and add existing portals to config", userId: "me" }) {
    ... on Request { id status subtasks { name } } ... on Error { code message } } }

then generatePlan, approvePlan and the planStatus subscription. README.md has them ready to paste. Ctrl-C stops.
`)
}

try {
  await main()
} catch (error) {
  // Faults of the installation are told in their own words; anything else keeps its stack.
  const isOwn = error instanceof SettingsError || error instanceof CatalogError || error instanceof EmbeddedPostgresUnavailableError || error instanceof SigningKeyError
  console.error(isOwn ? error.message : error)
  process.exit(1)
}
