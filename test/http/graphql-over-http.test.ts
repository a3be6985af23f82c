import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Api } from '../schema/api.ts'

const environments = {
  development: {},
  // Four of the statements are tried with an introspection query, so that stays on.
  production: { HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true', GRAPHIQL: 'false', INTROSPECTION: 'true' },
}

describe.each(Object.entries(environments))('with %s settings', (_name, environment) => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ environment })
  })
  afterAll(() => api.stop())

  const audits = serverAudits({ url: () => `${api.url}/graphql` })

  test('the audit has 61 statements', () => {
    expect(audits).toHaveLength(61)
  })

  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_id, _name, audit) => {
    const result = await audit.fn()
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok')
  })
})
