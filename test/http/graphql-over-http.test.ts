import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { replicaKinds, startReplicaOf } from '../harness/replica-kinds.ts'

describe.each(replicaKinds)('$mode, with $settings settings', (kind) => {
  let replica: Awaited<ReturnType<typeof startReplicaOf>>
  // Four of the statements are tried with an introspection query, so that stays on.
  beforeAll(async () => void (replica = await startReplicaOf(kind, { INTROSPECTION: 'true' })))
  afterAll(() => replica?.stop())

  const audits = serverAudits({ url: () => `${replica.url}/graphql` })

  test('the audit has 61 statements', () => {
    expect(audits).toHaveLength(61)
  })

  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_id, _name, audit) => {
    const result = await audit.fn()
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok')
  })
})
