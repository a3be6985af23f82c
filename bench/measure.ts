/** What is measured of a server, the floor or the service alike. */
import pg from 'pg'
import { createLoadClient, runPlans, type LoadClient } from './load.ts'
import { cpuMsOf, residentMiB, treeOf } from './processes.ts'
import type { Measured } from './servers.ts'
import { percentile } from './statistics.ts'

export type Figures = Record<string, number>

/** Plans of 5 tasks with many in flight: how many a second, and what one costs. */
export async function measureThroughput(server: Measured, client: LoadClient, { plans, inFlight }: { plans: number; inFlight: number }): Promise<Figures> {
  const database = new pg.Client({ connectionString: server.databaseUrl })
  await database.connect()
  try {
    await runPlans(client, { count: 100, tasks: 5, inFlight })
    const [cpu, allCpu, transactions, start] = [cpuOf(server), cpuOfAll(), await writeTransactions(database), performance.now()]
    await runPlans(client, { count: plans, tasks: 5, inFlight })
    const seconds = (performance.now() - start) / 1_000
    return {
      'plans/s, 5 tasks': plans / seconds,
      'CPU ms per plan, service and agent': (cpuOf(server) - cpu) / plans,
      'CPU ms per plan, with PostgreSQL and RabbitMQ': (cpuOfAll() - allCpu) / plans,
      'write transactions per plan': ((await writeTransactions(database)) - transactions) / plans,
    }
  } finally {
    await database.end()
  }
}

/** Plans of 5 tasks, one after the other. */
export async function measureLatency(client: LoadClient, plans = 100): Promise<Figures> {
  const alone = await runPlans(client, { count: plans, tasks: 5, inFlight: 1 })
  const figures: Figures = {}
  for (const [name, key] of [['first task seen', 'startedMs'], ['completed', 'completedMs']] as const) {
    const times = alone.map((one) => one[key])
    figures[`approval to ${name}, p50 ms`] = percentile(times, 0.5)
    figures[`approval to ${name}, p99 ms`] = percentile(times, 0.99)
  }
  return figures
}

export async function measureAll(server: Measured, load: { plans: number; inFlight: number }): Promise<Figures> {
  const client = createLoadClient(server.url)
  try {
    const figures = { ...(await measureThroughput(server, client, load)), ...(await measureLatency(client)) }
    for (const tasks of [100, 1_000]) {
      const times = (await runPlans(client, { count: 5, tasks, inFlight: 1 })).map((one) => one.completedMs)
      figures[`tasks/s, one plan of ${tasks}`] = (tasks / Math.min(...times)) * 1_000
    }
    return { ...figures, 'resident MiB': residentMiB(server.pids[0]!) }
  } finally {
    await client.stop()
  }
}

const cpuOf = ({ pids }: Measured) => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0)

/** Everything that this process started: the server, its agent, the database and the broker, but not the load itself. */
const cpuOfAll = () => treeOf(process.pid).reduce((sum, pid) => (pid === process.pid ? sum : sum + cpuMsOf(pid)), 0)

/** Transactions that wrote something, in the whole cluster: only they are given a number. */
async function writeTransactions(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ next: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as next')
  return Number(rows[0]!.next)
}
