import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { provideBroker, type TestBroker } from '../harness/broker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'
import { startReplica } from '../harness/planwright.ts'

const environments = {
  development: {},
  // Four of the statements are tried with an introspection query, so that stays on.
  production: { HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true', GRAPHIQL: 'false', INTROSPECTION: 'true' },
}

/** A whole replica: with what comes with it, or on a PostgreSQL and a RabbitMQ. */
const modes = ['embedded', 'full'] as const

describe.each(modes.flatMap((mode) => Object.entries(environments).map(([name, environment]) => ({ mode, name, environment }))))('$mode, with $name settings', ({ mode, environment }) => {
  let replica: Awaited<ReturnType<typeof startReplica>>
  let database: TestDatabase | undefined
  let broker: TestBroker | undefined
  beforeAll(async () => {
    if (mode === 'full') [database, broker] = await Promise.all([createTestDatabase(), provideBroker()])
    replica = await startReplica({ ...environment, ...(database && { DATABASE_URL: database.url }), ...(broker && { AMQP_URL: broker.url, AMQP_PREFIX: broker.prefix }) })
  })
  afterAll(async () => {
    await replica?.stop()
    await broker?.remove()
    await database?.drop()
  })

  const audits = serverAudits({ url: () => `${replica.url.replace('0.0.0.0', '127.0.0.1')}/graphql` })

  test('the audit has 61 statements', () => {
    expect(audits).toHaveLength(61)
  })

  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_id, _name, audit) => {
    const result = await audit.fn()
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok')
  })
})
