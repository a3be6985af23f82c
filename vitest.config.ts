import { defineConfig } from 'vitest/config'
import { oneGraphql } from './test/harness/one-graphql.ts'

export default defineConfig({
  resolve: { alias: oneGraphql },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/faults/**'],
    globalSetup: ['test/harness/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
    // Real processes on a machine that others use too: one failure is looked at again before it counts, and is shown.
    retry: process.env['CI'] ? 1 : 0,
  },
})
