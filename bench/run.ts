/**
 * Measures the service against the floor, in turns on the same PostgreSQL and RabbitMQ, and prints a table.
 *
 *   npm run bench -- [--rounds 3] [--plans 600] [--in-flight 32] [--json FILE]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startPrivateRabbitMq } from '../scripts/rabbitmq.ts'
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.ts'
import { createLogger } from '../src/logger.ts'
import { createLoadClient, runPlans } from './load.ts'
import { cpuMsOf, residentMiB } from './processes.ts'
import { startFloorServer, startService, type Measured, type Place } from './servers.ts'
import { median, percentile, table } from './statistics.ts'

const { values: given } = parseArgs({
  options: { rounds: { type: 'string' }, plans: { type: 'string' }, 'in-flight': { type: 'string' }, json: { type: 'string' } },
})
const rounds = Number(given.rounds ?? 3)
const plans = Number(given.plans ?? 600)
const inFlight = Number(given['in-flight'] ?? 32)

type Figures = Record<string, number>

async function measure(server: Measured): Promise<Figures> {
  const client = createLoadClient(server.url)
  const database = new pg.Client({ connectionString: server.databaseUrl })
  await database.connect()
  try {
    await runPlans(client, { count: 100, tasks: 5, inFlight })
    const [cpu, transactions, start] = [cpuOf(server), await writeTransactions(database), performance.now()]
    await runPlans(client, { count: plans, tasks: 5, inFlight })
    const seconds = (performance.now() - start) / 1_000
    const figures: Figures = {
      'plans/s, 5 tasks': plans / seconds,
      'CPU ms per plan, service and agent': (cpuOf(server) - cpu) / plans,
      'write transactions per plan': ((await writeTransactions(database)) - transactions) / plans,
    }
    const alone = await runPlans(client, { count: 100, tasks: 5, inFlight: 1 })
    for (const [name, key] of [['first task seen', 'startedMs'], ['completed', 'completedMs']] as const) {
      const times = alone.map((one) => one[key])
      figures[`approval to ${name}, p50 ms`] = percentile(times, 0.5)
      figures[`approval to ${name}, p99 ms`] = percentile(times, 0.99)
    }
    for (const tasks of [100, 1_000]) {
      const [best] = (await runPlans(client, { count: 5, tasks, inFlight: 1 })).map((one) => one.completedMs).toSorted((a, b) => a - b)
      figures[`tasks/s, one plan of ${tasks}`] = (tasks / best!) * 1_000
    }
    figures['resident MiB'] = residentMiB(server.pids[0]!)
    return figures
  } finally {
    await client.stop()
    await database.end()
  }
}

const cpuOf = ({ pids }: Measured) => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0)

/** Transactions that wrote something, in the whole cluster: only they are given a number. */
async function writeTransactions(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ next: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as next')
  return Number(rows[0]!.next)
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}

const dataDir = await mkdtemp(join(tmpdir(), 'planwright-bench-'))
const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), logger: createLogger('warn') })
const broker = await startPrivateRabbitMq()
try {
  const results = new Map<string, Figures[]>()
  const place = async (name: string): Promise<Place> => ({ databaseUrl: await createDatabase(postgres.url, name), amqpUrl: broker.url, dataDir })
  const places = { floor: await place('floor'), service: await place('service') }
  for (let round = 1; round <= rounds; round++) {
    for (const start of [() => startFloorServer(places.floor), () => startService(places.service)]) {
      const server = await start()
      const figures = await measure(server).finally(() => server.stop())
      results.set(server.name, [...(results.get(server.name) ?? []), figures])
      console.error(`round ${round}: ${server.name} ${figures['plans/s, 5 tasks']!.toFixed(0)} plans/s`)
    }
  }
  const [floor, service] = [results.get('floor')!, results.get('service')!].map(medians) as [Figures, Figures]
  console.log(`${cpus().length} cores (${cpus()[0]!.model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${inFlight} plans in flight, median of ${rounds} rounds\n`)
  console.log(table(['', 'floor', 'service', 'ratio'], Object.keys(floor).map((name) => [name, floor[name]!, service[name]!, service[name]! / floor[name]!])))
  if (given.json) await writeFile(given.json, JSON.stringify({ floor: results.get('floor'), service: results.get('service') }, null, 2))
} finally {
  await broker.stop()
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}

function medians(rows: readonly Figures[]): Figures {
  return Object.fromEntries(Object.keys(rows[0]!).map((name) => [name, median(rows.map((row) => row[name]!))]))
}
