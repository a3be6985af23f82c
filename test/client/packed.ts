/** What is published, as `npm pack` makes it, installed in the consumer project of examples/. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const root = join(import.meta.dirname, '../..')

const run = promisify(execFile)

/** A folder in which the consumer's dependencies, this package among them, are installed. */
export async function installConsumer(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'planwright-consumer-'))
  await cp(join(root, 'examples/consumer'), folder, { recursive: true })
  await npm(root, 'pack', '--pack-destination', folder)
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (!packed) throw new Error('npm pack made nothing.')
  await rename(join(folder, packed), join(folder, 'planwright.tgz'))
  await npm(folder, 'install', '--ignore-scripts', '--omit=optional', '--prefer-offline', '--no-audit', '--no-fund')
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

const npm = (cwd: string, ...words: string[]) => run('npm', [...words, '--loglevel=error'], { cwd, timeout: 240_000 })

/** Runs a program on this Node and returns what it wrote; fails with what it wrote where it fails. */
export async function runNode(cwd: string, file: string, ...words: string[]): Promise<string> {
  try {
    return (await run(process.execPath, [file, ...words], { cwd, timeout: 120_000 })).stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${file} failed.\n${stdout}${stderr}`, { cause: error })
  }
}
