import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import type { Logger } from '../logger.ts'
import { EmbeddedPostgresUnavailableError, locatePostgres } from './postgres-binaries.ts'
import { account, choosePort, dataFolder, openCluster } from './postgres-cluster.ts'
import * as processes from './postgres-process.ts'
import { claimServer } from './postgres-claim.ts'
import { serverUser } from './postgres-user.ts'

export type EmbeddedPostgresOptions = {
  /** Folder that belongs to the server; made if missing. */
  readonly dataDir: string
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
  /** False for throw-away data: what is committed survives the server's end, but not the machine's (true). */
  readonly fsync?: boolean
  /** More PostgreSQL settings, by name. */
  readonly extraSettings?: processes.ServerSettings
}

export type EmbeddedPostgres = {
  /** Connection string of the database `planwright`; stays the same when the server is restarted. */
  readonly url: string
  readonly port: number
  /** Calls back each time the server has ended by itself; it is being restarted then. */
  onExit(listener: () => void): void
  /** Ends the server process at once, as a crash would; it is restarted. For tests of that. */
  kill(): void
  /** Ends the server and its supervision; a server that another living process started stays. May be called twice. */
  stop(): Promise<void>
}

const firstStartWithinMs = 20_000
const longestDelayMs = 5_000
const stopWithinMs = 8_000

/**
 * Runs a PostgreSQL of its own on a port of 127.0.0.1, with a random password that is kept beside the data, and starts
 * it again whenever it ends. A server that was left running by a launcher that was killed is taken over.
 * Throws EmbeddedPostgresUnavailableError if it cannot run on this machine.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, logger } = options
  const user = serverUser(dataFolder(dataDir))
  const binaries = locatePostgres(user, dataDir)
  const cluster = await openCluster(binaries, dataDir, user)
  const settings = settingsOf(options)
  const stopping = new AbortController()
  const listeners: (() => void)[] = []

  /** Takes over the running server or starts one; right after a crash the old one's processes may still be there. */
  async function bringUp(choose: () => Promise<number>, withinMs: number): Promise<processes.PostgresProcess> {
    const start = Date.now()
    for (let delay = 100; ; delay = Math.min(delay * 2, longestDelayMs)) {
      const found = await processes.findRunning(cluster)
      if (found) return found
      const started = await processes.spawnServer(binaries, cluster, await choose(), settings, stopping.signal)
      if (started) return started
      const reason = `the server does not start: ${processes.logTail(cluster)}`
      if (Date.now() - start > withinMs) throw new EmbeddedPostgresUnavailableError(reason)
      logger.warn({ reason }, 'The embedded PostgreSQL did not start; trying again.')
      await sleep(delay * (0.5 + Math.random() / 2), undefined, { signal: stopping.signal })
    }
  }

  let server = await bringUp(() => choosePort(cluster), firstStartWithinMs)
  const { port } = server
  await createDatabase(processes.urlOf(cluster, port))
  let claim = await claimServer(processes.urlOf(cluster, port))
  let restart = Promise.resolve()

  async function bringBack(): Promise<void> {
    claim.release()
    logger.error({ pid: server.pid }, 'The embedded PostgreSQL ended unexpectedly and is being started again.')
    for (const listener of listeners) listener()
    server = await bringUp(async () => port, Infinity)
    claim = await claimServer(processes.urlOf(cluster, port))
    logger.info({ pid: server.pid, port }, 'The embedded PostgreSQL answers again.')
  }

  async function supervise(): Promise<void> {
    for (;;) {
      await server.exited
      if (stopping.signal.aborted) return
      restart = bringBack()
      await restart
    }
  }
  supervise().catch((error: unknown) => {
    if (!stopping.signal.aborted) logger.error({ err: error }, 'The embedded PostgreSQL is no longer supervised.')
  })

  async function stop(): Promise<void> {
    stopping.abort()
    await restart.catch(() => {})
    if (!claim.isHeld()) claim = await claimServer(processes.urlOf(cluster, port))
    if (claim.isHeld()) await processes.endServer(server, stopWithinMs)
    claim.release()
  }
  let stopped: Promise<void> | undefined

  return {
    url: processes.urlOf(cluster, port, account),
    port,
    onExit: (listener) => listeners.push(listener),
    kill: () => processes.killRunning(cluster),
    stop: () => (stopped ??= stop()),
  }
}

function settingsOf({ fsync = true, extraSettings = {} }: EmbeddedPostgresOptions): processes.ServerSettings {
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Failed statements are their caller's to log; without them the log stays small.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    jit: 'off',
    ...(fsync ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...extraSettings,
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [account])
    if (rowCount === 0) await client.query(`create database ${account}`)
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof DatabaseError && (error.code === '42P04' || error.code === '23505'))) throw error
  } finally {
    await client.end()
  }
}
