/** Everything that runs in one world: replicas that are started again when they end, and agents with their successors. */
import type { Catalog } from '../src/catalog/capability.ts'
import { readSettings, type Settings } from '../src/settings.ts'
import { startAgent, type SimulatedAgent } from './agents/agent.ts'
import { createLedger, type Ledger } from './agents/ledger.ts'
import { createBroker, type Broker } from './bus/broker.ts'
import { simulatedCatalog, simulatedIntents } from './catalog.ts'
import type { Backends } from './database/backends.ts'
import { createSimulatedDatabase, type SimulatedDatabase } from './database/simulated-pool.ts'
import type { createFaults } from './faults.ts'
import { startReplica, type Replica } from './replica.ts'
import type { World } from './world.ts'

export type Installation = {
  readonly world: World
  readonly faults: ReturnType<typeof createFaults>
  readonly broker: Broker
  readonly database: SimulatedDatabase
  readonly ledger: Ledger
  readonly catalog: Catalog
  readonly settings: Settings
  /** Those that are up, or seem so. */
  replicas(): Replica[]
  agents(): SimulatedAgent[]
  /** Ends an agent at once, and starts another under its name after so many milliseconds. */
  killAgent(index: number, backAfterMs: number): void
  /** What the engine itself reported as unexpected. */
  readonly errors: readonly string[]
}

type Place<Kind> = { readonly name: string; present: Kind | null }

export function createInstallation(world: World, faults: ReturnType<typeof createFaults>, backends: Backends): Installation {
  const random = world.random('installation')
  const leaseSeconds = random.pick([4, 8, 15])
  const settings = readSettings({
    LEASE_SECONDS: String(leaseSeconds), AMQP_URL: 'amqp://simulated', EXTERNAL_AI: 'true', QUOTA_TOKENS: '100000', USER_QUOTA_TOKENS: '60000',
    PLAN_EXPIRES_HOURS: random.chance(0.3) ? '0.005' : '0',
  })
  const catalog = simulatedCatalog()
  const broker = createBroker(world, faults)
  const database = createSimulatedDatabase(world, backends, faults)
  const ledger = createLedger()
  const errors: string[] = []
  const replicaParts = {
    world, broker, database, faults, catalog, settings,
    onError(process: { readonly name: string }, details: object, message: string) {
      const error = 'err' in details && details.err instanceof Error ? `: ${details.err.message}` : ''
      errors.push(`${message}${error}`)
      world.note(process.name, `reports an error: ${message}${error}`)
    },
  }
  const agentParts = { world, broker, faults, ledger, intents: simulatedIntents, heartbeatMs: leaseSeconds * 250 }

  const replicaPlaces = places('replica', 1 + random.below(3))
  const agentPlaces = places('agent', 2 + random.below(2))
  for (const place of replicaPlaces) occupyReplica(place)
  for (const place of agentPlaces) world.at(null, random.between(0, 500), () => occupyAgent(place))

  function places(kind: string, count: number): Place<never>[] {
    return Array.from({ length: count }, (_, index) => ({ name: `${kind}-${index + 1}`, present: null }))
  }

  function occupyReplica(place: Place<Replica>): void {
    const replica = startReplica(replicaParts, place.name)
    place.present = replica
    // One that could not start, or that is killed, has a successor.
    replica.process.onKill(() => {
      place.present = null
      world.at(null, random.between(200, 3_000), () => {
        if (!place.present) occupyReplica(place)
      })
    })
  }

  function occupyAgent(place: Place<SimulatedAgent>): void {
    place.present = startAgent({ ...agentParts, name: place.name, slots: 1 + random.below(3) })
  }

  return {
    world, faults, broker, database, ledger, catalog, settings, errors,
    replicas: () => replicaPlaces.flatMap(({ present }: Place<Replica>) => present ?? []),
    agents: () => agentPlaces.flatMap(({ present }: Place<SimulatedAgent>) => present ?? []),
    killAgent(index, backAfterMs) {
      const place: Place<SimulatedAgent> = agentPlaces[index % agentPlaces.length]!
      place.present?.process.kill()
      place.present = null
      world.at(null, backAfterMs, () => {
        if (!place.present) occupyAgent(place)
      })
    },
  }
}
