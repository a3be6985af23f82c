/**
 * A chaos run: `npm run chaos -- --plans 200 --kills 20 --seed 7`. Ends with 1 where a promise was not kept.
 *
 *   --plans N      plans to live (200)              --seed S       of load and faults (a random one)
 *   --kills K      processes to kill (plans / 10)   --faults A,B   only these kinds of faults
 *   --in-flight P  plans at once (24)               --slow N       slow steps in a hundred (10)
 *   --lease S      LEASE_SECONDS of the service (8) --minutes M    begins no plan later than this (60)
 *   --out FILE     writes the figures, FILE.json and FILE.md
 *   --keep         leaves everything the run wrote in place
 */
import { randomInt } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createLogger } from '../src/logger.ts'
import { runChaos } from './chaos-run.ts'
import type { FaultKind } from './draws/draw-faults.ts'
import { formatResult } from './report.ts'

const { values } = parseArgs({
  options: {
    plans: { type: 'string', default: '200' }, seed: { type: 'string' }, kills: { type: 'string' }, faults: { type: 'string' },
    'in-flight': { type: 'string', default: '24' }, slow: { type: 'string', default: '10' }, lease: { type: 'string', default: '8' },
    minutes: { type: 'string', default: '60' }, out: { type: 'string' }, keep: { type: 'boolean', default: false },
  },
})
const plans = Number(values.plans)
const options = {
  plans,
  seed: values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed),
  kills: values.kills === undefined ? Math.ceil(plans / 10) : Number(values.kills),
  kinds: values.faults === undefined ? null : (values.faults.split(',') as FaultKind[]),
  minutes: Number(values.minutes),
  inFlight: Number(values['in-flight']),
  slowPercent: Number(values.slow),
  leaseSeconds: Number(values.lease),
}
// Nothing that was started outlives the run: each part ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const directory = await mkdtemp(join(tmpdir(), 'planwright-chaos-'))
console.log(`seed ${options.seed}, ${options.plans} plans, ${options.kills} kills, in ${directory}`)
const result = await runChaos({ ...options, directory, logger: createLogger('error'), onProgress: (line) => console.log(line) })
const text = formatResult(options, result)
console.log(text)
if (values.out) {
  await writeFile(`${values.out}.md`, text)
  await writeFile(`${values.out}.json`, `${JSON.stringify({ ...options, ...result }, null, 2)}\n`)
}
if (!values.keep) await rm(directory, { recursive: true, force: true })
process.exit(result.violations.length === 0 ? 0 : 1)
