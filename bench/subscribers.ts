/**
 * Measures how fast one service process delivers the events of one plan to many watchers, and how late.
 *
 *   npx node bench/subscribers.ts [--subscribers 5000] [--clients 2] [--tasks 60]
 */
import { spawn } from 'node:child_process'
import { loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createPlanwrightClient } from '../src/client/index.ts'
import { cpuMsOf, residentMiB } from './processes.ts'
import { startReplica, startService, type Measured } from './servers.ts'
import { percentile, table } from './statistics.ts'
import { machine, openVenue } from './venue.ts'

const { values: given } = parseArgs({ options: { subscribers: { type: 'string' }, clients: { type: 'string' }, tasks: { type: 'string' } } })
const subscribers = Number(given.subscribers ?? 5_000)
const clients = Number(given.clients ?? 2)

type Totals = { deliveries: number; faults: number; latenciesMs: number[] }

/** Starts one process of watchers; resolves once all have their first event. */
function startWatchers(url: string, planId: string, count: number): Promise<{ totals: Promise<Totals> }> {
  const child = spawn(process.execPath, ['bench/subscriber-clients.ts', url, planId, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const totals = Promise.withResolvers<Totals>()
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve({ totals: totals.promise })
      else totals.resolve(JSON.parse(line.slice('totals '.length)) as Totals)
    })
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`The watchers ended with ${code}.`))
    })
  })
}

/** Everybody watches one plan from before its approval to its end; its tasks are done all at once, or each after the last. */
async function measure(server: Measured, tasks: number, chained: boolean, waitMs = 0, watched = server) {
  const client = createPlanwrightClient({ url: `${server.url}/graphql`, userId: 'bench' })
  const subtasks = Array.from({ length: tasks }, (_, index) => ({ intent: 'step', parameters: waitMs > 0 ? { wait_ms: waitMs } : {}, dependsOn: chained && index > 0 ? [index] : [] }))
  const request = await client.submitAndWait({ subtasks })
  const plan = await client.plan(request.id)
  const begun = performance.now()
  const watchers = await Promise.all(Array.from({ length: clients }, () => startWatchers(`${watched.url}/graphql`, plan.id, subscribers / clients)))
  const joinSeconds = (performance.now() - begun) / 1_000
  const [pid] = watched.pids
  const [cpu, start] = [cpuMsOf(pid!), performance.now()]
  await client.approve(plan)
  const totals = await Promise.all(watchers.map(({ totals }) => totals))
  const seconds = (performance.now() - start) / 1_000
  client.close()
  const deliveries = totals.reduce((sum, one) => sum + one.deliveries, 0)
  const latencies = totals.flatMap(({ latenciesMs }) => latenciesMs)
  return [
    deliveries, deliveries / seconds, deliveries / ((cpuMsOf(pid!) - cpu) / 1_000), percentile(latencies, 0.5), percentile(latencies, 0.99),
    totals.reduce((sum, one) => sum + one.faults, 0), joinSeconds, residentMiB(pid!),
  ]
}

const venue = await openVenue()
const place = await venue.place('subscribers')
const server = await startService(place)
try {
  const head = ['', 'deliveries', 'deliveries/s', 'deliveries per CPU second of the service', 'p50 ms', 'p99 ms', 'gaps and repeats', 'seconds to join', 'resident MiB']
  const tasks = Number(given.tasks ?? 60)
  const wide = await measure(server, tasks, false)
  const chain = await measure(server, 10, true)
  const slow = await measure(server, 10, true, 500)
  const replica = await startReplica(place)
  const elsewhere = await measure(server, 10, true, 500, replica).finally(() => replica.stop())
  console.log(`${machine()}; load average ${loadavg().map((one) => one.toFixed(1)).join(', ')}\n`)
  console.log(table(head, [
    [`${subscribers} watch ${tasks} tasks at a time`, ...wide],
    [`${subscribers} watch 10 tasks one after the other`, ...chain],
    [`${subscribers} watch 10 tasks of 500 ms one after the other`, ...slow],
    ['the same, on another replica than the one that approves', ...elsewhere],
  ]))
} finally {
  await server.stop()
  await venue.stop()
}
