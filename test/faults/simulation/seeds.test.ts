import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

/** Ends with an error, and the seeds that do not hold, where one does not. */
async function simulate(...options: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['simulation/run.ts', ...options], { maxBuffer: 64 * 1_048_576 })
  return stdout
}

test('a thousand seeds of faults break no invariant', async () => {
  expect(await simulate('--seeds', '1000')).toContain('1000 seeds from 1: 0 failed')
}, 1_800_000)

test('one seed is told with everything that happened', async () => {
  const told = await simulate('--seed', '12')
  expect(told).toContain('sql begin, lock_log_streams')
  expect(told).toContain('end all invariants hold')
}, 300_000)
