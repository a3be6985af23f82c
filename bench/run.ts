/**
 * Measures the service against the floor, in turns on the same PostgreSQL and RabbitMQ, and prints a table.
 *
 *   npm run bench -- [--rounds 3] [--plans 600] [--in-flight 32]
 */
import { parseArgs } from 'node:util'
import { createLoadClient, runPlans } from './load.ts'
import { measureAll, type Figures } from './measure.ts'
import { machine, openVenue } from './venue.ts'
import { startCountingRelay } from './round-trips.ts'
import { startFloorServer, startService, type Place } from './servers.ts'
import { medians, table } from './statistics.ts'

const { values: given } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, plans: { type: 'string', default: '600' }, 'in-flight': { type: 'string', default: '32' } },
})
const [rounds, plans, inFlight] = [given.rounds, given.plans, given['in-flight']].map(Number) as [number, number, number]

const venue = await openVenue()
try {
  const results: Record<'floor' | 'service', Figures[]> = { floor: [], service: [] }
  const places = { floor: await venue.place('floor'), service: await venue.place('service') }
  for (let round = 1; round <= rounds; round++) {
    for (const [name, start] of [['floor', startFloorServer], ['service', startService]] as const) {
      const server = await start(places[name])
      results[name].push(await measureAll(server, { plans, inFlight }).finally(() => server.stop()))
      console.error(`round ${round}, ${name}: ${results[name].at(-1)!['plans/s, 5 tasks']!.toFixed(0)} plans/s`)
    }
  }
  const [floor, service] = [medians(results.floor), medians(results.service)]
  floor['database round trips per plan'] = await roundTrips(startFloorServer, await venue.place('floor_trips'))
  service['database round trips per plan'] = await roundTrips(startService, await venue.place('service_trips'))
  console.log(`${machine()}; ${inFlight} plans in flight; median of ${rounds} rounds\n`)
  console.log(table(['', 'floor', 'service', 'ratio'], Object.keys(floor).map((name) => [name, floor[name]!, service[name]!, service[name]! / floor[name]!])))
} finally {
  await venue.stop()
}

async function roundTrips(start: typeof startService, place: Place): Promise<number> {
  const relay = await startCountingRelay(place.databaseUrl)
  const server = await start({ ...place, databaseUrl: relay.url })
  const client = createLoadClient(server.url)
  try {
    await runPlans(client, { count: 100, tasks: 5, inFlight })
    const before = relay.count()
    await runPlans(client, { count: plans, tasks: 5, inFlight })
    return (relay.count() - before) / plans
  } finally {
    await client.stop()
    await server.stop()
    relay.stop()
  }
}
