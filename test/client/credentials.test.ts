import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPlanwrightClient, type PlanwrightClient } from '../../src/client/index.ts'
import type { Plan } from '../../src/entities/index.ts'
import { UnauthenticatedError } from '../../src/errors.ts'
import { toGlobalId } from '../../src/global-id.ts'
import { startApi, type Api } from '../schema/api.ts'
import * as rows from '../schema/rows.ts'

let api: Api
let plan: Plan
const asked: (string | null)[] = []

beforeAll(async () => {
  api = await startApi({
    services: {
      watchPlan: async (_principal, { planId }) => (async function* () {
        yield { planId, sequence: 1, entry: null, changedTaskIds: [] }
      })(),
    },
    async authenticate({ authorization }) {
      asked.push(authorization)
      if (authorization !== 'Bearer good') throw new UnauthenticatedError()
      return { userId: 'ada', roles: ['viewer', 'admin'], authenticated: true, credential: 'one' }
    },
  })
  await api.write((em) => {
    plan = rows.planRow(em, rows.requestRow(em))
  })
})
afterAll(() => api.stop())

const clientWith = (token: () => string | Promise<string>, transport: 'websocket' | 'sse') =>
  createPlanwrightClient({ url: `${api.url}/graphql`, token, transport })
const id = () => toGlobalId('Plan', plan.id)

async function sequences(client: PlanwrightClient): Promise<number[]> {
  const seen: number[] = []
  for await (const { sequence } of client.watchPlan(id())) seen.push(sequence)
  client.close()
  return seen
}

test.each(['websocket', 'sse'] as const)('over %s a refused token throws UNAUTHENTICATED and is not tried for ever', async (transport) => {
  const client = clientWith(() => 'bad', transport)
  await expect(client.watchPlan(id()).next()).rejects.toMatchObject({ name: 'PlanwrightApiError', code: 'UNAUTHENTICATED' })
  await expect(client.readPlan(id())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  client.close()
})

test.each(['websocket', 'sse'] as const)('over %s the token is asked for anew for each connection', async (transport) => {
  const tokens = ['good', 'bad']
  const client = clientWith(async () => tokens.shift() ?? 'none', transport)
  expect(await sequences(client)).toEqual([1])
  await expect(client.readPlan(id())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(asked.at(-1)).toBe('Bearer bad')
})
