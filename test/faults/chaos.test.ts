import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runChaos } from '../../chaos/chaos-run.ts'
import { silentLogger } from '../harness/silent-logger.ts'

test('replicas, agents, broker and database that are killed and frozen while plans run break no promise', { timeout: 600_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'planwright-chaos-'))
  const { violations, balance, figures } = await runChaos({
    plans: 60, seed: 20_261_123, kills: 15, kinds: null, minutes: 4, inFlight: 24, slowPercent: 10, leaseSeconds: 6, directory, logger: silentLogger,
  })
  expect(violations).toEqual([])
  expect(Object.values(balance.counted).reduce((sum, count) => sum + count, 0)).toBe(balance.expected)
  expect(figures.processesKilled).toBeGreaterThanOrEqual(15)
  await rm(directory, { recursive: true, force: true })
})
