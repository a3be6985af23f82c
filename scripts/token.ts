/**
 * API tokens of the database at DATABASE_URL, else of the embedded one in DATA_DIR, which may be running.
 *
 *   npm run token -- create --user ada --role approver [--role requester] [--label laptop] [--expires 90d]
 *   npm run token -- list
 *   npm run token -- revoke <id> | --user ada
 *
 * `create` prints the token, and only the token, on standard output; it is shown once and stored nowhere.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.ts'
import { migrate } from '../src/database/migrate.ts'
import { createPool } from '../src/database/pool.ts'
import { createLogger } from '../src/logger.ts'
import { createApiToken, listApiTokens, revokeApiToken, type ListedToken } from '../src/services/access/api-tokens.ts'
import { readSettings } from '../src/settings.ts'

const usage = 'Use create --user NAME --role ROLE [--role ROLE] [--label TEXT] [--expires 90d], list, or revoke ID | --user NAME.'

/** The command line, or how to write one. */
function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        user: { type: 'string' },
        role: { type: 'string', multiple: true, default: [] },
        label: { type: 'string' },
        expires: { type: 'string' },
      },
    })
  } catch {
    console.error(usage)
    process.exit(1)
  }
}

const { positionals, values } = readArguments()
const [command, id] = positionals

async function create(pool: pg.Pool): Promise<void> {
  const draft = { userId: values.user ?? '', roles: values.role, label: values.label ?? null, expiresAt: endOf(values.expires) }
  const { id: made, token } = await createApiToken(pool, draft)
  console.error(`Token ${made} of ${draft.userId} as ${draft.roles.join(', ')}. It is shown this once:`)
  console.log(token)
}

async function list(pool: pg.Pool): Promise<void> {
  for (const token of await listApiTokens(pool)) {
    const expires = token.expiresAt ? `until ${token.expiresAt.toISOString()}` : 'without end'
    console.log([token.id, stateOf(token), token.userId, token.roles.join(','), token.createdAt.toISOString(), expires, token.label ?? ''].join('\t').trimEnd())
  }
}

async function revoke(pool: pg.Pool): Promise<void> {
  const ofUser = async () => (await listApiTokens(pool)).filter((token) => token.userId === values.user && !token.revokedAt).map((token) => token.id)
  const ids = id !== undefined ? [id] : await ofUser()
  for (const one of ids) {
    const { userId } = await revokeApiToken(pool, one)
    console.log(`Token ${one} of ${userId} is revoked. What it had open ends within a minute.`)
  }
  if (ids.length === 0) console.log('Nothing to revoke.')
}

const stateOf = ({ revokedAt, expiresAt }: ListedToken): string =>
  revokedAt ? 'revoked' : expiresAt && expiresAt <= new Date() ? 'expired' : 'valid'

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 }

/** `90d` or `12h` from now; an RFC 3339 time as it is. */
function endOf(text: string | undefined): Date | null {
  if (text === undefined) return null
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? []
  const end = count && unit ? new Date(Date.now() + Number(count) * unitMs[unit]!) : new Date(text)
  if (Number.isNaN(end.getTime())) throw new Error(`${text} is no time: use 90d, 12h or 2027-01-31T00:00:00Z.`)
  return end
}

async function main(): Promise<void> {
  const commands = new Map([['create', create], ['list', list], ['revoke', revoke]])
  const run = commands.get(command ?? '')
  if (!run || (command === 'revoke' && (id === undefined) === (values.user === undefined))) throw new Error(usage)
  const settings = readSettings(process.env)
  const logger = createLogger('error')
  const embedded = settings.DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: join(settings.DATA_DIR, 'postgres'), logger })
  const url = settings.DATABASE_URL ?? embedded!.url
  try {
    await migrate({ url, logger })
    const pool = createPool({ url, max: 2, logger, applicationName: 'planwright-token' })
    await run(pool).finally(() => pool.end())
  } finally {
    await embedded?.stop()
  }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
