/**
 * How the service slows down with what it has to carry: finished plans in the database, then agents that joined. A
 * database without either is measured in turns with it, on the same PostgreSQL and RabbitMQ.
 *
 *   npm run bench:growth -- [--finished 1000000] [--agents 1000] [--plans 400] [--rounds 2]
 */
import { parseArgs } from 'node:util'
import { createLoadClient, runPlans } from './load.ts'
import { fillWithFinishedPlans } from './finished-plans.ts'
import { measureLatency, measureThroughput, type Figures } from './measure.ts'
import { machine, openVenue } from './venue.ts'
import { startProcess } from './processes.ts'
import { startService, type Place } from './servers.ts'
import { medians, table } from './statistics.ts'

const { values: given } = parseArgs({
  options: {
    finished: { type: 'string', default: '1000000' }, agents: { type: 'string', default: '1000' },
    plans: { type: 'string', default: '400' }, rounds: { type: 'string', default: '2' },
  },
})
const [finished, agents, plans, rounds] = [given.finished, given.agents, given.plans, given.rounds].map(Number) as [number, number, number, number]

const venue = await openVenue()
try {
  const [fresh, full] = [await venue.place('without'), await venue.place('filled')]
  await figuresOf(full)
  const filled = await fillWithFinishedPlans(full.databaseUrl, finished)
  console.error(`${filled} finished plans`)
  const results: Record<'fresh' | 'full' | 'crowded', Figures[]> = { fresh: [], full: [], crowded: [] }
  for (let round = 1; round <= rounds; round++) {
    results.fresh.push(await told('fresh', figuresOf(fresh)))
    results.full.push(await told('finished plans', figuresOf(full)))
    const crowd = await startProcess('bench/agents.ts', [String(agents)], { AMQP_URL: full.amqpUrl, AMQP_PREFIX: 'bench', NODE_ENV: 'production' })
    results.crowded.push(await told('and agents', figuresOf(full).finally(() => crowd.stop())))
  }
  const [few, many, crowded] = [medians(results.fresh), medians(results.full), medians(results.crowded)]
  console.log(`${machine()}; ${filled} finished plans, then ${agents} more agents; median of ${rounds} rounds\n`)
  const rows = Object.keys(few).map((name) => [name, few[name]!, many[name]!, many[name]! / few[name]!, crowded[name]!, crowded[name]! / few[name]!])
  console.log(table(['', 'fresh', 'finished plans', 'ratio', 'and agents', 'ratio'], rows))
} finally {
  await venue.stop()
}

/** Shows figures as they come: the whole takes long. */
async function told(what: string, measuring: Promise<Figures>): Promise<Figures> {
  const figures = await measuring
  console.error(`${what}: ${JSON.stringify(figures)}`)
  return figures
}

async function figuresOf(place: Place): Promise<Figures> {
  const server = await startService(place)
  const client = createLoadClient(server.url)
  try {
    await runPlans(client, { count: 100, tasks: 5, inFlight: 32 })
    return { ...(await measureThroughput(server, client, { plans, inFlight: 32 })), ...(await measureLatency(client)) }
  } finally {
    await client.stop()
    await server.stop()
  }
}
