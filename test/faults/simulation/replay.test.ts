import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBackends, type Backends } from '../../../simulation/database/backends.ts'
import { startSimulationServer, type SimulationServer } from '../../../simulation/database/server.ts'
import { simulate } from '../../../simulation/simulate.ts'
import { silentLogger } from '../../harness/silent-logger.ts'

let server: SimulationServer
let databases: Backends[]

beforeAll(async () => {
  server = await startSimulationServer(silentLogger)
  databases = [createBackends(await server.createDatabase('first'), silentLogger), createBackends(await server.createDatabase('second'), silentLogger)]
}, 300_000)

afterAll(async () => {
  for (const database of databases) await database.end()
  await server.stop()
})

test('a seed plays the same to the byte, on whatever database and after whatever other seeds', async () => {
  const [first, second] = databases as [Backends, Backends]
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
  const played = new Map<number, string>()
  for (const seed of seeds) played.set(seed, (await simulate(seed, first)).trace.join('\n'))
  for (const seed of seeds.toReversed()) {
    const again = (await simulate(seed, second)).trace.join('\n')
    expect(again.length).toBeGreaterThan(1_000)
    expect(again).toBe(played.get(seed))
  }
  expect(new Set(played.values()).size).toBe(seeds.length)
}, 900_000)
