import type { TestProject } from 'vitest/node'
import { startTestBrokerLauncher } from './broker.ts'
import { startTestServer } from './database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the migrated database that test databases are copied from. */
    databaseUrl: string
  }
}

/** Starts what all test files of a run share, and ends it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer()
  project.provide('databaseUrl', server.url)
  const brokerLauncher = await startTestBrokerLauncher()
  project.provide('brokerLauncher', brokerLauncher.url)
  return async () => {
    await Promise.all([server.stop(), brokerLauncher.stop()])
  }
}
