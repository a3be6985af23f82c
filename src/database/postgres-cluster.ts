import { execFile } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedPostgresUnavailableError, type PostgresBinaries } from './postgres-binaries.ts'
import { handOver, placeOf, type ServerUser } from './postgres-user.ts'

/** The data of one embedded server on disk, and how to log in to it. */
export type PostgresCluster = {
  readonly folder: string
  readonly password: string
  readonly user: ServerUser | undefined
}

/** The one account of the embedded server. */
export const account = 'planwright'

const draftPrefix = '.initdb-'
const draftLifeMs = 10 * 60_000

/**
 * Returns the cluster in `dataDir`, making it first if there is none. It is made under another name and renamed when it
 * is complete: a process killed half-way leaves nothing that looks like data, and of two processes one wins.
 */
export async function openCluster(
  binaries: PostgresBinaries,
  dataDir: string,
  user: ServerUser | undefined,
): Promise<PostgresCluster> {
  const folder = dataFolder(dataDir)
  await mkdir(dataDir, { recursive: true })
  await removeOldDrafts(dataDir)
  if (!existsSync(folder)) await createCluster(binaries, dataDir, folder, user)
  try {
    return { folder, password: readFileSync(passwordFile(folder), 'utf8').trim(), user }
  } catch (error) {
    throw new EmbeddedPostgresUnavailableError(`${folder} cannot be read by this account: ${error}`, { cause: error })
  }
}

/** Where the data is, below the folder that belongs to the server. */
export const dataFolder = (dataDir: string) => resolve(dataDir, 'data')

const passwordFile = (folder: string) => join(folder, 'planwright-password')

async function createCluster(binaries: PostgresBinaries, dataDir: string, folder: string, user?: ServerUser) {
  const draft = await mkdtemp(resolve(dataDir, draftPrefix))
  const data = join(draft, 'data')
  const password = randomBytes(24).toString('hex')
  await mkdir(data, { mode: 0o700 })
  await writeFile(join(draft, 'password'), password, { mode: 0o600 })
  for (const path of [draft, data, join(draft, 'password')]) handOver(path, user)
  const { cwd, name } = placeOf(data, user)
  const options = ['-D', name, '-U', account, `--pwfile=${name}/../password`, '--auth=scram-sha-256', '-E', 'UTF8']
  // The same order and case rules on every platform, whatever locales the machine has.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  try {
    await promisify(execFile)(binaries.initdb, [...options, ...locale], { ...user, cwd, env: { LC_ALL: 'C' } })
    await rename(join(draft, 'password'), passwordFile(data))
    await rename(data, folder)
  } catch (error) {
    if (!existsSync(folder)) throw new EmbeddedPostgresUnavailableError(reasonOf(error), { cause: error })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
  return `its data folder could not be made: ${stderr || String(error)}`
}

/** What a killed process left; young ones may belong to a process that is at work. */
async function removeOldDrafts(dataDir: string): Promise<void> {
  for (const name of (await readdir(dataDir)).filter((entry) => entry.startsWith(draftPrefix))) {
    const path = join(dataDir, name)
    const changed = await stat(path).catch(() => undefined)
    if (changed && Date.now() - changed.mtimeMs > draftLifeMs) await rm(path, { recursive: true, force: true })
  }
}

/** The port of the last start if it is free, else another one, which is remembered in turn. */
export async function choosePort(cluster: PostgresCluster): Promise<number> {
  const file = join(cluster.folder, 'planwright-port')
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined
  if (last !== undefined && Number.isInteger(last) && (await isFree(last))) return last
  for (;;) {
    // Below what systems give to outgoing connections, so that none takes the port while the server restarts.
    const port = randomInt(20_000, 32_000)
    if (!(await isFree(port))) continue
    await writeFile(file, String(port), { mode: 0o600 })
    handOver(file, cluster.user)
    return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
