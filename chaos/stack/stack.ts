/** The system under chaos, as real processes: PostgreSQL, RabbitMQ, replicas of the service, agents. */
import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startPrivateRabbitMq, type PrivateNode } from '../../scripts/rabbitmq.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import type { Logger } from '../../src/logger.ts'
import { startTcpProxy, type TcpProxy } from '../../test/harness/tcp-proxy.ts'
import { startSupervised, type Supervised } from './supervised.ts'

export type StackOptions = {
  /** Takes the ledgers, the logs and the database of the run. */
  readonly directory: string
  readonly replicas: number
  readonly agents: number
  readonly agentSlots: number
  readonly leaseSeconds: number
  readonly heartbeatMs: number
  readonly repeatPercent: number
  /** What agents tell while they work. */
  readonly onAgentMessage: (message: unknown) => void
  readonly logger: Logger
}

/** A replica, its address, and the network between it and the database. */
export type Replica = Supervised & { readonly url: string; readonly databaseProxy: TcpProxy }

export type Stack = {
  readonly database: EmbeddedPostgres
  readonly broker: PrivateNode
  readonly prefix: string
  readonly replicas: readonly Replica[]
  readonly agents: readonly Supervised[]
  /** Exit codes of the replicas after SIGTERM; null where one had to be killed. */
  stopReplicas(): Promise<(number | null)[]>
  stopAgents(): Promise<(number | null)[]>
  /** Ends everything that is left. */
  stop(): Promise<void>
}

const prefix = 'chaos'
const root = join(import.meta.dirname, '../..')
const catalog = join(root, 'chaos/catalog.yaml')

export async function startStack(options: StackOptions): Promise<Stack> {
  const { directory, logger } = options
  const [database, broker] = await Promise.all([
    startEmbeddedPostgres({ dataDir: join(directory, 'postgres'), logger, extraSettings: { max_connections: 200 } }),
    startPrivateRabbitMq(),
    compile(options),
  ])
  const ending = new AbortController()
  process.once('exit', () => {
    ending.abort()
    database.kill()
  })
  const replicas: Replica[] = []
  const agents: Supervised[] = []
  const stack: Stack = {
    database, broker, prefix, replicas, agents,
    stopReplicas: () => Promise.all(replicas.map((replica) => replica.end())),
    stopAgents: () => Promise.all(agents.map((agent) => agent.end())),
    async stop() {
      await Promise.all([...replicas, ...agents].map((process) => process.end()))
      await Promise.all(replicas.map(({ databaseProxy }) => databaseProxy.stop()))
      await Promise.all([database.stop(), broker.stop()])
    },
  }
  try {
    // One after the other: the first one migrates and declares, and two cores start one process as fast as three.
    for (let number = 1; number <= options.replicas; number++) replicas.push(await startReplica(options, stack, number, ending.signal))
    agents.push(...(await Promise.all(Array.from({ length: options.agents }, (_, index) => startAgent(options, stack, index + 1, ending.signal)))))
    await Promise.all(['results', 'dead-letters', ...agents.map(({ name }) => `agent.${name}`)].map((name) => untilRemembered(stack, name)))
  } catch (error) {
    await stack.stop()
    throw error
  }
  return stack
}

const compiled = ({ directory }: StackOptions) => join(directory, 'compiled')

/** Compiles once what is started again and again: processes that are killed leave nothing behind for the next ones. */
async function compile(options: StackOptions): Promise<void> {
  const imports = ['src/app.ts', 'src/agent/index.ts', 'src/messaging/rabbitmq-bus.ts'].map((file) => `await import(${JSON.stringify(join(root, file))})`)
  const environment = { PATH: process.env.PATH, NODE_COMPILE_CACHE: compiled(options) }
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', imports.join('\n')], { env: environment })
}

async function startReplica(options: StackOptions, { database, broker }: Stack, number: number, abandoned: AbortSignal): Promise<Replica> {
  const databaseProxy = await startTcpProxy(database.url)
  const port = await freePort()
  const name = `replica-${number}`
  const base = `http://127.0.0.1:${port}`
  const supervised = await startSupervised({
    name,
    abandoned,
    script: join(root, 'src/main.ts'),
    environment: {
      PORT: String(port),
      DATABASE_URL: databaseProxy.url,
      AMQP_URL: broker.url,
      AMQP_PREFIX: prefix,
      CATALOG: catalog,
      DATA_DIR: join(options.directory, name),
      LEASE_SECONDS: String(options.leaseSeconds),
      LOG_LEVEL: 'warn',
      NODE_COMPILE_CACHE: compiled(options),
    },
    logFile: join(options.directory, `${name}.log`),
    ready: (child) => untilReady(base, () => child.exitCode !== null || child.signalCode !== null),
  })
  return Object.assign(supervised, { url: `${base}/graphql`, databaseProxy })
}

function startAgent(options: StackOptions, { broker }: Stack, number: number, abandoned: AbortSignal): Promise<Supervised> {
  const name = `agent-${number}`
  return startSupervised({
    name,
    abandoned,
    script: join(root, 'chaos/agent/main.ts'),
    environment: {
      AMQP_URL: broker.url,
      AMQP_PREFIX: prefix,
      CATALOG: catalog,
      AGENT_NAME: name,
      AGENT_SLOTS: String(options.agentSlots),
      HEARTBEAT_MS: String(options.heartbeatMs),
      // Half of the agents repeat themselves.
      REPEAT_PERCENT: String(number % 2 === 0 ? options.repeatPercent : 0),
      LEDGER: join(options.directory, `ledger-${name}.jsonl`),
      NODE_COMPILE_CACHE: compiled(options),
    },
    logFile: join(options.directory, `${name}.log`),
    onMessage: options.onAgentMessage,
    ready: (child) => new Promise((resolve) => child.on('message', (message) => isOnline(message) && resolve())),
  })
}

const isOnline = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'event' in message && message.event === 'online'

async function untilReady(base: string, isGone: () => boolean): Promise<void> {
  while (!isGone()) {
    const response = await fetch(`${base}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
    await response?.text().catch(() => '')
    if (response?.ok) return
    await sleep(100)
  }
}

/** A broker that is killed right after a quorum queue was declared loses it: waits until it is on the disk. */
export async function untilRemembered({ broker }: Pick<Stack, 'broker'>, name: string): Promise<void> {
  while (!(await broker.remembers(`${prefix}.${name}`))) await sleep(100)
}

/** Below what systems give to outgoing connections, so that none takes the port while its process is down. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    const server = createServer()
    server.listen(port, '127.0.0.1')
    if (!(await once(server, 'listening').then(() => true, () => false))) continue
    await once(server.close(), 'close')
    return port
  }
}
