import { mkdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { WorkRequested } from '../../messaging/messages.ts'
import type { TaskContext } from '../handler.ts'
import type { Redact } from './redact.ts'
import type { TemplateValues } from './fill-template.ts'
import { createSecretReader } from './secrets.ts'
import type { ReadSecret } from './secrets.ts'

/** Where and with what the bundled agent carries out capabilities. Paths are absolute. */
export type RunEnvironment = {
  /** Programs run here; files named by a `run` lie inside. */
  readonly projectRoot: string
  /** The agent's own folder: what tasks make and keep. */
  readonly dataDir: string
  /** PATH and HOME of the programs; they inherit nothing else. */
  readonly path: string
  readonly home: string
  readonly readSecret: ReadSecret
  /** From asking a program to end (SIGTERM) to ending it (SIGKILL), milliseconds. */
  readonly killGraceMs: number
}

/** One attempt as the executors see it. */
export type RunJob = {
  readonly environment: RunEnvironment
  readonly work: WorkRequested
  readonly context: TaskContext
  /** Parameters that have a value, secrets resolved. */
  readonly values: TemplateValues
  /** The resolved secrets, by parameter. */
  readonly secrets: ReadonlyMap<string, string>
  readonly redact: Redact
}

export type RunEnvironmentOptions = {
  /** Catalog file or folder; programs run in the folder that holds the catalog's folder. */
  readonly catalogPath: string
  /** Created where it is missing. */
  readonly dataDir: string
  readonly path: string
  readonly home: string
  /** Where secrets are looked for first: PLANWRIGHT_SECRET_<NAME>. */
  readonly variables: Readonly<Record<string, string | undefined>>
}

/** The environment of a bundled agent, its data folder ready. */
export async function prepareRunEnvironment(options: RunEnvironmentOptions): Promise<RunEnvironment> {
  const catalogPath = resolve(options.catalogPath)
  const catalogFolder = (await stat(catalogPath)).isDirectory() ? catalogPath : dirname(catalogPath)
  await mkdir(options.dataDir, { recursive: true })
  const dataDir = await realpath(options.dataDir)
  return {
    projectRoot: dirname(catalogFolder),
    dataDir,
    path: options.path,
    home: options.home,
    readSecret: createSecretReader(options.variables, join(dataDir, 'secrets')),
    killGraceMs: 2_000,
  }
}
