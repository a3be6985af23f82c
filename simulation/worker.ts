/** Plays its seeds one after the other on its own database and sends each result. */
import { parentPort, workerData } from 'node:worker_threads'
import { createBackends } from './database/backends.ts'
import { simulate } from './simulate.ts'
import { simulationLogger } from './simulation-logger.ts'

export type WorkerInput = { readonly url: string; readonly seeds: readonly number[]; readonly withTrace: boolean }
export type SeedResult = { readonly seed: number; readonly violations: readonly string[]; readonly trace: readonly string[]; readonly virtualMs: number }

const { url, seeds, withTrace } = workerData as WorkerInput
const backends = createBackends(url, simulationLogger)
for (const seed of seeds) {
  const { violations, trace, virtualMs } = await simulate(seed, backends)
  parentPort!.postMessage({ seed, violations, virtualMs, trace: withTrace ? trace : [] } satisfies SeedResult)
}
await backends.end()
