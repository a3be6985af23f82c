import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Faults against real processes, PostgreSQL and RabbitMQ: mostly waiting, so more files at once than processors. */
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['test/faults/**/*.test.ts'],
    globalSetup: ['test/harness/global-setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 3,
    maxConcurrency: 3,
  },
})
