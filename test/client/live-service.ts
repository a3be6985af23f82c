/** The whole service with an agent that does short steps, for clients to talk to. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlanwrightClient, PlanwrightPlan } from '../../src/client/index.ts'
import { createTestDatabase } from '../harness/database.ts'
import { startReplica } from '../harness/planwright.ts'

const catalog = `
version: 1
name: steps
capabilities:
  - id: take_step
    name: Take a step
    description: Take a short step.
    work_type: step
    agent_type: infra
    estimated_minutes: 1
    examples: [take a step]
    run: { kind: command, argv: [sleep, "0.2"] }
`

export type LiveService = { readonly url: string; stop(): Promise<void> }

/** `url` is that of the service, without a path; further settings as in the environment. */
export async function startLiveService(environment: Readonly<Record<string, string>> = {}): Promise<LiveService> {
  const folder = await mkdtemp(join(tmpdir(), 'planwright-steps-'))
  await writeFile(join(folder, 'steps.yaml'), catalog)
  const database = await createTestDatabase()
  const replica = await startReplica({ DATABASE_URL: database.url, CATALOG: join(folder, 'steps.yaml'), ...environment })
  return {
    url: replica.url,
    async stop() {
      await replica.stop()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A pending plan of steps, each after the one before. */
export async function planOfSteps(client: PlanwrightClient, count: number): Promise<PlanwrightPlan> {
  const subtasks = Array.from({ length: count }, (_, index) => ({ intent: 'take_step', parameters: {}, dependsOn: index === 0 ? [] : [index] }))
  const request = await client.submitAndWait({ subtasks })
  return client.plan(request.id)
}
