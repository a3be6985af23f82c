import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { isUnavailable } from './database-errors.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { account, type PostgresCluster } from './postgres-cluster.ts'
import { handOver, placeOf } from './postgres-user.ts'

/** A server that answers: one that was started here, or one that was found running on the same data. */
export type PostgresProcess = { readonly pid: number; readonly port: number; readonly exited: Promise<void> }

export type ServerSettings = Readonly<Record<string, string | number | boolean>>

const readyWithinMs = 120_000
const refusedForMs = 5_000
const pollMs = 25
const largestLogBytes = 1024 * 1024

/** The connection string of a database on this server; the server's own database by default. */
export function urlOf(cluster: PostgresCluster, port: number, database = 'postgres'): string {
  return `postgres://${account}:${cluster.password}@127.0.0.1:${port}/${database}`
}

/** Finds the server that is running on the cluster, if one is: it outlives a launcher that was killed. */
export async function findRunning(cluster: PostgresCluster): Promise<PostgresProcess | undefined> {
  const lock = readLockFile(cluster)
  if (!lock || !isAlive(lock.pid)) return undefined
  if (!isPostgres(lock.pid)) {
    // The number went to another process after a power cut; PostgreSQL would wait for that one for ever.
    rmSync(lockFile(cluster), { force: true })
    return undefined
  }
  // It may still be another server: only ours accepts our password.
  if (!(await answersWithin(urlOf(cluster, lock.port), readyWithinMs, () => isAlive(lock.pid)))) return undefined
  return { ...lock, exited: waitForEnd(lock.pid) }
}

/**
 * Starts a server and returns it once it answers; undefined if it ended first, as it does where another one has the
 * data, or if the signal called it off.
 */
export async function spawnServer(
  binaries: PostgresBinaries,
  cluster: PostgresCluster,
  port: number,
  settings: ServerSettings,
  signal: AbortSignal,
): Promise<PostgresProcess | undefined> {
  const { cwd, name } = placeOf(cluster.folder, cluster.user)
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const log = openLog(cluster)
  let child: ChildProcess
  try {
    child = spawn(binaries.postgres, ['-D', name, '-c', `port=${port}`, ...flags], {
      ...cluster.user,
      cwd,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      // Its own session and a file to write to: neither the terminal's Ctrl-C nor our end takes it down.
      detached: true,
      stdio: ['ignore', log, log],
    })
  } finally {
    closeSync(log)
  }
  child.unref()
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const isWanted = () =>
    !signal.aborted && child.pid !== undefined && child.exitCode === null && child.signalCode === null
  const ready = await answersWithin(urlOf(cluster, port), readyWithinMs, isWanted)
  if (ready && child.pid !== undefined) return { pid: child.pid, port, exited }
  child.kill('SIGKILL')
  return undefined
}

/** The end of what the server wrote, for the message about why it does not start. */
export function logTail(cluster: PostgresCluster): string {
  try {
    return readFileSync(logFile(cluster), 'utf8').trim().split('\n').slice(-8).join('\n')
  } catch {
    return '(no log)'
  }
}

/** Ends a server, rolling back what is open; one that does not end in time is killed and recovers at its next start. */
export async function endServer(server: PostgresProcess, withinMs: number): Promise<void> {
  for (const [signal, share] of [['SIGINT', 0.7], ['SIGQUIT', 0.3], ['SIGKILL', 1]] as const) {
    if (!signalTo(server.pid, signal)) return
    const timer = new AbortController()
    const timeout = sleep(withinMs * share, false, { signal: timer.signal }).catch(() => false)
    const ended = await Promise.race([server.exited.then(() => true), timeout])
    timer.abort()
    if (ended) return
  }
}

/** Ends whichever server has the data now at once, as a crash would. */
export function killRunning(cluster: PostgresCluster): void {
  const lock = readLockFile(cluster)
  if (lock) signalTo(lock.pid, 'SIGKILL')
}

/** Sends a signal; false if the process is gone. Signal 0 only asks. */
function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A process that ended but was not collected by its parent still takes signals; that is no life. */
const isAlive = (pid: number) => signalTo(pid, 0) && !/^State:\s*Z/m.test(readProc(pid, 'status'))

const isPostgres = (pid: number) => process.platform !== 'linux' || readProc(pid, 'comm').startsWith('postgres')

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

const lockFile = (cluster: PostgresCluster) => join(cluster.folder, 'postmaster.pid')
const logFile = (cluster: PostgresCluster) => join(cluster.folder, 'planwright-server.log')

function openLog(cluster: PostgresCluster): number {
  const file = logFile(cluster)
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestLogBytes) renameSync(file, `${file}.1`)
  const log = openSync(file, 'a', 0o600)
  handOver(file, cluster.user)
  return log
}

function readLockFile(cluster: PostgresCluster): { pid: number; port: number } | undefined {
  try {
    const [pid, , , port] = readFileSync(lockFile(cluster), 'utf8').split('\n').map(Number)
    return pid !== undefined && pid > 0 && port !== undefined && port > 0 ? { pid, port } : undefined
  } catch {
    return undefined
  }
}

async function waitForEnd(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(200, undefined, { ref: false })
}

async function answersWithin(url: string, withinMs: number, worthWaiting: () => boolean): Promise<boolean> {
  const start = Date.now()
  while (worthWaiting() && Date.now() - start < withinMs) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return true
    } catch (error) {
      // A server that recovers takes connections early and says so; one that takes none for long is not ours.
      const recovers = error instanceof DatabaseError
      if (!isUnavailable(error) || (!recovers && Date.now() - start > refusedForMs)) return false
      await sleep(pollMs)
    } finally {
      await client.end().catch(() => {})
    }
  }
  return false
}
