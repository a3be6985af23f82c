import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { silentLogger } from '../harness/silent-logger.ts'

let folder: string
let servers: EmbeddedPostgres[]
let launchers: ChildProcess[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planwright-embedded-'))
  servers = []
  launchers = []
})
afterEach(async () => {
  // A server stays up for as long as any other process has it, so those go first.
  await Promise.all(launchers.map(kill))
  for (const server of servers) await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const dataDir = () => join(folder, 'postgres')

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: dataDir(), logger: silentLogger, fsync: false })
  servers.push(server)
  return server
}

/** Another process with a server, under another account where this one may choose; as by default, a relative path names the folder. */
async function launch(uid?: number): Promise<{ url: string; process: ChildProcess }> {
  const account = uid === undefined ? {} : { uid, gid: uid }
  const launcher = spawn(process.execPath, [join(import.meta.dirname, 'launcher.ts'), 'postgres'], {
    ...account,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  launchers.push(launcher)
  const ended = once(launcher, 'exit').then(([code]) => Promise.reject(new Error(`The launcher ended with ${code}.`)))
  const [output] = (await Promise.race([once(launcher.stdout, 'data'), ended])) as [Buffer]
  return { url: output.toString().trim(), process: launcher }
}

async function kill(launcher: ChildProcess): Promise<void> {
  if (launcher.exitCode !== null || launcher.signalCode !== null) return
  launcher.kill('SIGKILL')
  await once(launcher, 'exit')
}

async function terminate(launcher: ChildProcess): Promise<void> {
  launcher.kill('SIGTERM')
  await once(launcher, 'exit')
}

async function query(url: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<unknown[]>({ text, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end().catch(() => {})
  }
}

const bornAt = (url: string) => query(url, 'select pg_postmaster_start_time()::text')
const answers = (url: string) => vi.waitFor(() => query(url, 'select 1'), { timeout: 30_000, interval: 50 })
const whyNot = (url: string) => query(url, 'select 1').catch((error: unknown) => error)
const refused = { code: 'ECONNREFUSED' }

test('a new folder becomes a PostgreSQL 18 that answers on 127.0.0.1 to its password only', async () => {
  const { url, port } = await start()
  expect(await query(url, 'show server_version')).toMatch(/^18\./)
  expect(await query(url, 'show listen_addresses')).toBe('127.0.0.1')
  expect(await query(url, 'show unix_socket_directories')).toBe('')
  const wrong = new URL(url)
  wrong.password = 'guess'
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  expect(Number(new URL(url).port)).toBe(port)
})

test('rows, address and password survive a stop and a start', async () => {
  const first = await start()
  await query(first.url, 'create table kept as select 7 as value')
  await first.stop()
  expect(await whyNot(first.url)).toMatchObject(refused)
  const second = await start()
  expect(second.url).toBe(first.url)
  expect(await query(second.url, 'select value from kept')).toBe(7)
})

test('a server that is killed comes back at the same address with what was committed', async () => {
  const server = await start()
  const onExit = vi.fn<() => void>()
  server.onExit(onExit)
  await query(server.url, 'create table kept as select 7 as value')
  server.kill()
  await vi.waitFor(() => expect(onExit).toHaveBeenCalledTimes(1), { timeout: 30_000 })
  await answers(server.url)
  expect(await query(server.url, 'select value from kept')).toBe(7)
})

test('a server that is killed again and again comes back each time', async () => {
  const server = await start()
  for (let round = 0; round < 3; round++) {
    const before = await bornAt(server.url)
    server.kill()
    await vi.waitFor(async () => expect(await bornAt(server.url)).not.toBe(before), { timeout: 30_000, interval: 50 })
  }
})

test('a stop right after a kill leaves no server', async () => {
  const server = await start()
  server.kill()
  await server.stop()
  expect(await whyNot(server.url)).toMatchObject(refused)
})

test('a server outlives a launcher that is killed, and the next start takes it over and may stop it', async () => {
  const { url, process: launcher } = await launch()
  const born = await bornAt(url)
  await kill(launcher)
  const next = await start()
  expect(next.url).toBe(url)
  expect(await bornAt(next.url)).toBe(born)
  next.kill()
  await answers(next.url)
  await next.stop()
  expect(await whyNot(url)).toMatchObject(refused)
})

test('a second process shares the server of a living one and leaves it running when it stops', async () => {
  const { url } = await launch()
  const second = await start()
  expect(second.url).toBe(url)
  await second.stop()
  expect(await query(url, 'select 1')).toBe(1)
  const third = await start()
  expect(third.url).toBe(url)
})

test('two first starts at once end with one server', async () => {
  const [first, second] = await Promise.all([launch(), start()])
  expect(first.url).toBe(second.url)
  expect(await bornAt(first.url)).toBe(await bornAt(second.url))
})

test('a lock file that names an unrelated process does not keep the server from starting', async () => {
  const server = await start()
  await query(server.url, 'create table kept as select 7 as value')
  const lock = join(dataDir(), 'data', 'postmaster.pid')
  const content = await readFile(lock, 'utf8')
  await server.stop()
  await writeFile(lock, content.replace(/^\d+/, String(process.pid)))
  expect(await query((await start()).url, 'select value from kept')).toBe(7)
})

test('a folder that only its owner can enter serves, whoever that is', async () => {
  await chmod(folder, 0o700)
  expect(await query((await start()).url, 'select 1')).toBe(1)
})

test('a user without rights beyond the own folder can run it, and so can root on the same data afterwards', async () => {
  const uid = process.getuid?.() === 0 ? 65_534 : undefined
  await chmod(folder, 0o755)
  await mkdir(dataDir())
  if (uid !== undefined) await chown(dataDir(), uid, uid)
  const first = await launch(uid)
  expect(await query(first.url, 'select 1')).toBe(1)
  await terminate(first.process)
  expect(await whyNot(first.url)).toMatchObject(refused)

  const second = await start()
  expect(await query(second.url, 'select 1')).toBe(1)
  await second.stop()

  const third = await launch(uid)
  expect(third.url).toBe(first.url)
  await terminate(third.process)
})
