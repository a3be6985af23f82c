import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as documents from './harness/documents.ts'
import { clientOf, type Client } from './harness/planwright.ts'
import { startServiceProcess, type ServiceProcess } from './harness/service-process.ts'

/** `npm start` with nothing but itself: embedded PostgreSQL, in-process bus, bundled agent. */
describe('the embedded mode', () => {
  let dataDir: string
  let service: ServiceProcess
  let client: Client

  const start = async (environment: Readonly<Record<string, string>> = {}) => {
    service = await startServiceProcess({ DATA_DIR: dataDir, LEASE_SECONDS: '3', ...environment })
    client = clientOf(service.url)
  }

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'planwright-embedded-'))
  })
  afterEach(async () => {
    await client.dispose()
    await service.end('SIGKILL')
    await start().then(() => service.end('SIGTERM'), () => null)
    await rm(dataDir, { recursive: true, force: true })
  })

  const planFor = async (text: string) => {
    const { submitRequest } = await client.run(documents.submit, { input: { text, userId: 'ada' } })
    const { id } = submitRequest as { id: string }
    return (await client.run(documents.generate, { input: { requestId: id } })).generatePlan as { id: string; contentHash: string }
  }
  const approve = (plan: { id: string; contentHash: string }) =>
    client.run(documents.approve, { input: { planId: plan.id, contentHash: plan.contentHash, userId: 'ben' } })
  const watch = async (planId: string) => {
    const entries = []
    for await (const event of client.watch(documents.watchPlan, { id: planId, after: 0 })) {
      entries.push((event.planStatus as { entry: { sequence: number; kind: string } }).entry)
    }
    return entries
  }

  test('a plan approved just before a kill -9 is carried out after the next start, each task once', async () => {
    await start()
    const plan = await planFor('Deploy Kuma and add existing portals to config')
    await approve(plan)
    await service.end('SIGKILL')
    await start()
    const entries = await watch(plan.id)
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1))
    expect(entries.at(-1)).toMatchObject({ kind: 'PLAN_COMPLETED' })
    expect(entries.filter(({ kind }) => kind === 'PLAN_APPROVED')).toHaveLength(1)
    expect(entries.filter(({ kind }) => kind === 'TASK_SUCCEEDED')).toHaveLength(2)
  })

  test('SIGTERM ends it with 0 and the next start knows what was there', async () => {
    await start()
    const plan = await planFor('Deploy Kuma')
    expect(await service.end('SIGTERM')).toBe(0)
    await start()
    expect(await client.run(documents.planById, { id: plan.id })).toMatchObject({ plan: { id: plan.id, status: 'PENDING_APPROVAL' } })
  })

  test('another catalog is served with its own words', async () => {
    const file = join(dataDir, 'library.yaml')
    await writeFile(file, `
capabilities:
  - id: lend_book
    description: Lend a book of the library to a reader.
    work_type: lend_book
    agent_type: librarian
    estimated_minutes: 2
    parameters:
      - { name: title, type: string, required: true, description: Title of the book. }
      - { name: days, type: integer, description: For how many days. }
    examples:
      - Lend "Dune" for 14 days
      - I want to borrow "Emma"
`)
    await start({ CATALOG: file })
    const { submitRequest } = await client.run(documents.submit, { input: { text: 'Lend "Middlemarch" for 20 days', userId: 'ada' } })
    expect(submitRequest).toMatchObject({
      status: 'PARSING_COMPLETE',
      subtasks: [{ intent: 'lend_book', parameters: { title: 'Middlemarch', days: 20 } }],
    })
    const plan = (await client.run(documents.generate, { input: { requestId: (submitRequest as { id: string }).id } })).generatePlan
    expect(await approve(plan as { id: string; contentHash: string })).toMatchObject({ approvePlan: { code: 'INFEASIBLE_PLAN' } })
  })
})
