import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { catalogOf } from '../../harness/plan-builder.ts'
import { startService, until, type Service } from '../../harness/service.ts'

const token = `${'ghp_'}${'a1B2'.repeat(9)}`

let database: TestDatabase
let service: Service
beforeAll(async () => {
  database = await createTestDatabase()
  service = await startService(database.url, catalogOf([{ id: 'copy' }]), { LEASE_SECONDS: '60' })
})
afterAll(async () => {
  await service?.stop()
  await database?.drop()
})

test('what an agent of any make sends is stored without known secrets', async () => {
  const agent = await service.playAgent('infra-1')
  const plan = await service.plan({ intent: 'copy' })
  await service.decide(plan)
  const work = await until('the work', () => agent.received.find(({ type }) => type === 'planwright.work.requested'))
  const { taskId, attempt } = work.data
  await agent.report({ taskId, attempt }, 'succeeded', { output: { log: `cloned with ${token}`, password: 'hunter2', files: 3 } })
  expect(await service.taskReaches(plan.id, 1, 'SUCCEEDED')).toMatchObject({
    output: { log: 'cloned with [redacted]', password: '[redacted]', files: 3 },
  })
  // Late, so that it is kept as evidence.
  await agent.report({ taskId, attempt }, 'succeeded', { output: { log: token } })
  const { sample } = await until('the evidence', async () => (await service.pool.query('select sample from evidence where plan_id = $1', [plan.id])).rows[0] as { sample: object } | undefined)
  expect(JSON.stringify(sample)).toContain('[redacted]')
  expect(JSON.stringify(sample)).not.toContain(token)
})
