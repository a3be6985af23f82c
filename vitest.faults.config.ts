import { defineConfig } from 'vitest/config'
import { oneGraphql } from './test/harness/one-graphql.ts'

/** One group after the other: what only computes would slow down what waits for deadlines. */
const project = (name: string, groupOrder: number, settings: { readonly include: string[]; readonly exclude?: string[]; readonly retry?: number }) =>
  ({ extends: true as const, test: { name, ...settings, sequence: { groupOrder } } })

/** Faults against real processes, PostgreSQL and RabbitMQ: mostly waiting, so more files at once than processors. */
export default defineConfig({
  resolve: { alias: oneGraphql },
  test: {
    globalSetup: ['test/harness/global-setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    maxWorkers: 3,
    maxConcurrency: 3,
    // Real processes on a machine that others use too: one failure is looked at again before it counts, and is shown.
    retry: process.env['CI'] ? 1 : 0,
    projects: [
      project('faults', 0, { include: ['test/faults/*.test.ts'], exclude: ['test/faults/chaos.test.ts'] }),
      project('chaos', 1, { include: ['test/faults/chaos.test.ts'] }),
      // What is deterministic fails again.
      project('simulation', 2, { include: ['test/faults/simulation/*.test.ts'], retry: 0 }),
    ],
  },
})
