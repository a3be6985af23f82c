/**
 * How the service slows down with what it has to carry: finished plans in the database, then agents that joined.
 *
 *   npm run bench:growth -- [--finished 1000000] [--agents 1000] [--plans 400]
 */
import { parseArgs } from 'node:util'
import { createLoadClient, runPlans } from './load.ts'
import { fillWithFinishedPlans } from './finished-plans.ts'
import { measureLatency, measureThroughput, type Figures } from './measure.ts'
import { machine, openVenue } from './venue.ts'
import { startProcess } from './processes.ts'
import { startService, type Place } from './servers.ts'
import { table } from './statistics.ts'

const { values: given } = parseArgs({
  options: { finished: { type: 'string', default: '1000000' }, agents: { type: 'string', default: '1000' }, plans: { type: 'string', default: '400' } },
})
const [finished, agents, plans] = [given.finished, given.agents, given.plans].map(Number) as [number, number, number]

const venue = await openVenue()
try {
  const place = await venue.place('growth')
  const fresh = await figuresOf(place)
  const filled = await fillWithFinishedPlans(place.databaseUrl, finished)
  console.error(`${filled} finished plans`)
  const full = await figuresOf(place)
  const crowd = await startProcess('bench/agents.ts', [String(agents)], { AMQP_URL: place.amqpUrl, AMQP_PREFIX: 'bench', NODE_ENV: 'production' })
  const crowded = await figuresOf(place)
  await crowd.stop()
  console.log(`${machine()}; ${filled} finished plans, then ${agents} more agents\n`)
  const rows = Object.keys(fresh).map((name) => [name, fresh[name]!, full[name]!, full[name]! / fresh[name]!, crowded[name]!, crowded[name]! / fresh[name]!])
  console.log(table(['', 'fresh', 'finished plans', 'ratio', 'and agents', 'ratio'], rows))
} finally {
  await venue.stop()
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
