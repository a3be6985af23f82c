import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const bootLimitMs = 90_000

/** A broker of our own: its data, ports, name service and processes are shared with nobody. */
export type PrivateNode = {
  readonly url: string
  readonly dataDir: string
  /** Runs `rabbitmqctl` against it and returns what it prints. */
  ctl(args: readonly string[]): Promise<string>
  /** Starts it again on the same data and port after `kill`. */
  start(): Promise<void>
  /**
   * Whether a quorum queue would survive `kill` now. RabbitMQ writes the names of new quorum queues to disk a second
   * or so after it confirmed their declaration; one that is killed before comes back with that queue unusable.
   */
  remembers(queue: string): Promise<boolean>
  /** Ends it at once (SIGKILL), as a power failure would. The data stays. */
  kill(): Promise<void>
  /** Ends everything and removes the data. May be called twice. */
  stop(): Promise<void>
}

/**
 * Runs a command and ends its whole process group when the command ends or when standard input closes, which
 * happens however the parent dies. The guard of the last process to go also removes the data.
 */
const guard = '("$@" <&-; kill -KILL 0) & cat >/dev/null; eval "$AT_END"; kill -KILL 0'
const removeData = 'rm -rf "$DATA_DIR" || { sleep 1; rm -rf "$DATA_DIR"; }'

/** Creates and starts a broker from the scripts in `scriptsDir`. */
export async function startPrivateNode(scriptsDir: string): Promise<PrivateNode> {
  const dataDir = await mkdtemp(join(tmpdir(), 'planwright-rabbitmq-'))
  const [port, distPort, epmdPort] = await freePorts()
  const env = await writeConfiguration(dataDir, port, distPort, epmdPort)
  const epmd = spawnGuarded(['epmd', '-port', String(epmdPort), '-address', '127.0.0.1'], env, dataDir, removeData)
  let node: ChildProcess | null = null

  async function start(): Promise<void> {
    await untilListening(epmdPort, epmd, 'epmd', null)
    node = spawnGuarded([join(scriptsDir, 'rabbitmq-server')], env, dataDir)
    await untilListening(port, node, 'RabbitMQ', join(dataDir, 'output.log'))
  }

  async function kill(): Promise<void> {
    await end(node)
    node = null
  }

  async function stop(): Promise<void> {
    await kill()
    await end(epmd)
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }

  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    dataDir,
    async ctl(args) {
      const { stdout } = await run(join(scriptsDir, 'rabbitmqctl'), ['-q', ...args], { env, timeout: 60_000 })
      return stdout
    },
    async remembers(queue) {
      const files = await readdir(join(dataDir, 'data'), { recursive: true })
      const names = files.filter((file) => file.endsWith('names.dets'))
      const contents = await Promise.all(names.map((file) => readFile(join(dataDir, 'data', file), 'latin1')))
      return contents.some((content) => content.includes(queue))
    },
    start,
    kill,
    stop,
  }
}

async function writeConfiguration(dataDir: string, port: number, distPort: number, epmdPort: number) {
  await mkdir(join(dataDir, 'home'))
  const file = (name: string) => join(dataDir, name)
  await writeFile(file('enabled_plugins'), '[].\n')
  await writeFile(file('env.conf'), '')
  await writeFile(
    file('rabbitmq.conf'),
    [
      `listeners.tcp.local = 127.0.0.1:${port}`,
      'disk_free_limit.absolute = 20MB',
      // Write-ahead logs of quorum queues take this much memory and disk each.
      'raft.wal_max_size_bytes = 33554432',
      'queue_index_embed_msgs_below = 4096',
      'log.console = false',
      'log.file.level = warning',
      '',
    ].join('\n'),
  )
  return {
    PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`,
    LANG: 'C.UTF-8',
    HOME: file('home'),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `planwright-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_MNESIA_BASE: file('data'),
    RABBITMQ_LOG_BASE: file('log'),
    RABBITMQ_PID_FILE: file('node.pid'),
    RABBITMQ_CONFIG_FILE: file('rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: file('env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins'),
    // Makes the start script become the node instead of a shell that waits for it.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +A 8',
  }
}

function spawnGuarded(command: readonly string[], env: NodeJS.ProcessEnv, dataDir: string, atEnd = ':'): ChildProcess {
  const script = `exec >>"${join(dataDir, 'output.log')}" 2>&1; ${guard}`
  // Detached: a process group of its own, which the guard can end as a whole.
  const child = spawn('/bin/sh', ['-c', script, 'guard', ...command], {
    env: { ...env, DATA_DIR: dataDir, AT_END: atEnd },
    cwd: tmpdir(),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin?.on('error', () => {})
  child.unref()
  return child
}

async function end(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.ref()
  child.stdin?.end()
  await ended
}

/** Waits until the port greets (AMQP) or accepts (epmd); fails with the output when the process ends before. */
async function untilListening(port: number, child: ChildProcess, name: string, output: string | null): Promise<void> {
  const deadline = Date.now() + bootLimitMs
  while (!(await answers(port, output !== null))) {
    if (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      await pause(50)
      continue
    }
    const printed = output ? await readFile(output, 'utf8').catch(() => '') : ''
    throw new Error(`${name} did not start on port ${port}.\n${printed.slice(-4_000)}`)
  }
}

/** An AMQP broker sends bytes only once it is ready for clients. */
function answers(port: number, withGreeting: boolean): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(2_000, () => socket.destroy())
  socket.on('connect', () => (withGreeting ? socket.write('AMQP\u0000\u0000\u0009\u0001') : resolve(true)))
  socket.on('data', () => resolve(true))
  socket.on('error', () => resolve(false))
  socket.on('close', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

async function freePorts(): Promise<[number, number, number]> {
  const ports = new Set<number>()
  while (ports.size < 3) {
    // Below what systems give to outgoing connections: none of those takes the port while the broker is down, not even
    // one to this very port, which would then answer itself.
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) ports.add(port)
  }
  const [port, distPort, epmdPort] = ports
  return [port!, distPort!, epmdPort!]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  )
  if (free) await once(server.close(), 'close')
  return free
}
