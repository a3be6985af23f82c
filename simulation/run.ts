/**
 * Plays seeds and checks what they did.
 *   npm run simulate -- --seeds 1000 [--from 1] [--workers 2] [--until WORDS]   many seeds; tells which do not hold, up to the first that says so in words like these (a regular expression)
 *   npm run simulate -- --seed 17                               one seed, with everything that happened
 */
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { startSimulationServer } from './database/server.ts'
import { simulationLogger } from './simulation-logger.ts'
import type { SeedResult, WorkerInput } from './worker.ts'

const { values } = parseArgs({ options: {
  seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' }, workers: { type: 'string', default: '2' }, seed: { type: 'string' },
  until: { type: 'string' },
} })

function whole(name: string, text: string, most: number): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1 && number <= most) return number
  console.error(`--${name}: a whole number from 1 to ${most}`)
  process.exit(2)
}

const only = values.seed === undefined ? null : whole('seed', values.seed, 2 ** 31)
const from = only ?? whole('from', values.from, 2 ** 31)
const count = only ? 1 : whole('seeds', values.seeds, 10_000_000)
const workers = Math.min(count, whole('workers', values.workers, 64))

const wanted = values.until === undefined ? null : new RegExp(values.until)

const playing: Worker[] = []

/** One worker takes every n-th seed on a database of its own. */
function play(url: string, offset: number, onResult: (result: SeedResult) => void): Promise<void> {
  const seeds = Array.from({ length: Math.ceil((count - offset) / workers) }, (_, index) => from + offset + index * workers)
  const workerData: WorkerInput = { url, seeds, withTrace: only !== null }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData })
  playing.push(worker)
  worker.on('message', onResult)
  return new Promise((resolve, reject) => {
    worker.on('error', reject)
    worker.on('exit', (code) => (code === 0 || isEnough() ? resolve() : reject(new Error(`a worker ended with ${code}`))))
  })
}

const begun = performance.now()
const server = await startSimulationServer(simulationLogger)
let played = 0
let failed = 0
let virtualMs = 0
let found = false
const isEnough = () => found
try {
  const urls: string[] = []
  for (let index = 0; index < workers; index++) urls.push(await server.createDatabase(`simulation_${index}`))
  await Promise.all(urls.map((url, index) => play(url, index, (result) => {
    if (isEnough()) return
    played++
    virtualMs += result.virtualMs
    for (const line of result.trace) console.log(line)
    if (result.violations.length === 0) return
    failed++
    console.log(`seed ${result.seed} does not hold:\n  ${result.violations.join('\n  ')}\n  npm run simulate -- --seed ${result.seed}`)
    found = wanted !== null && result.violations.some((violation) => wanted.test(violation))
    if (found) for (const worker of playing) void worker.terminate()
  })))
} finally {
  await server.stop()
}
const seconds = (performance.now() - begun) / 1_000
console.log(`${played} ${played === 1 ? 'seed' : 'seeds'} from ${from}: ${failed} failed; ${Math.round(virtualMs / 60_000)} virtual minutes in ${seconds.toFixed(1)} s.`)
process.exitCode = failed > 0 ? 1 : 0
