import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Plan, Task, type Request } from '../../src/entities/index.ts'
import { InvalidInputError, NotFoundError } from '../../src/errors.ts'
import { toGlobalId } from '../../src/global-id.ts'
import type { GraphqlClient, GraphqlResult } from '../harness/graphql-client.ts'
import type { PlanStatusEvent, WatchPlanInput } from '../../src/services/watching/watch-plan.ts'
import { startApi, type Api } from './api.ts'
import * as rows from './rows.ts'

let api: Api
let request: Request
let plan: Plan
let task: Task
let watched: WatchPlanInput[] = []
let open = 0

/** Three events; before the second and the third, the rows change. */
async function* planEvents(planId: string, signal: AbortSignal | undefined): AsyncGenerator<PlanStatusEvent> {
  open++
  try {
    yield { planId, sequence: 1, entry: null, changedTaskIds: [] }
    for (const [sequence, status, taskStatus] of [[2, 'EXECUTING', 'RUNNING'], [3, 'COMPLETED', 'SUCCEEDED']] as const) {
      const em = api.orm.em.fork()
      await em.nativeUpdate(Plan, { id: planId }, { status })
      await em.nativeUpdate(Task, { id: task.id }, { status: taskStatus })
      yield { planId, sequence, entry: null, changedTaskIds: [task.id] }
    }
    if (planId !== plan.id) await new Promise((resolve) => signal?.addEventListener('abort', resolve))
  } finally {
    open--
  }
}

let endlessPlan = ''

beforeAll(async () => {
  api = await startApi({
    services: {
      async watchPlan(_principal, input, signal) {
        watched.push(input)
        if (![plan.id, endlessPlan].includes(input.planId)) throw new NotFoundError('plan', input.planId)
        if ((input.afterSequence ?? 0) > 3) throw new InvalidInputError([{ path: 'afterSequence', rule: 'range', message: 'Beyond the log.' }])
        return planEvents(input.planId, signal)
      },
      async *watchPlans() {
        yield plan.id
        await api.orm.em.fork().nativeUpdate(Plan, { id: plan.id }, { status: 'PENDING_APPROVAL' })
        yield plan.id
      },
      async watchRequest(_principal, requestId) {
        return (async function* () {
          yield requestId
        })()
      },
    },
  })
  await api.write((em) => {
    request = rows.requestRow(em)
    plan = rows.planRow(em, request, { status: 'APPROVED' })
    task = rows.taskRow(em, plan, 1)
    endlessPlan = rows.planRow(em, request, { revision: 2 }).id
  })
})
afterAll(() => api.stop())

const query = `subscription ($id: ID!, $after: Int) {
  planStatus(planId: $id, afterSequence: $after) { sequence plan { status tasks { status } } changedTasks { status } entry { kind } }
}`
const transports = { WebSocket: 'overWebSocket', SSE: 'overSse' } as const
const over = (transport: keyof typeof transports, ...args: Parameters<GraphqlClient['overSse']>) => api.client[transports[transport]](...args)

async function all(stream: AsyncIterable<GraphqlResult>): Promise<GraphqlResult[]> {
  const results = []
  for await (const result of stream) results.push(result)
  return results
}

test.each(['WebSocket', 'SSE'] as const)('over %s each event sees the rows as they are, and the stream completes by itself', async (transport) => {
  await api.orm.em.fork().nativeUpdate(Plan, { id: plan.id }, { status: 'APPROVED' })
  await api.orm.em.fork().nativeUpdate(Task, { id: task.id }, { status: 'PENDING' })
  const results = await all(over(transport, query, { id: toGlobalId('Plan', plan.id) }))
  expect(results.map(({ data }) => data.planStatus)).toMatchObject([
    { sequence: 1, plan: { status: 'APPROVED', tasks: [{ status: 'PENDING' }] }, changedTasks: [] },
    { sequence: 2, plan: { status: 'EXECUTING', tasks: [{ status: 'RUNNING' }] }, changedTasks: [{ status: 'RUNNING' }] },
    { sequence: 3, plan: { status: 'COMPLETED', tasks: [{ status: 'SUCCEEDED' }] }, changedTasks: [{ status: 'SUCCEEDED' }] },
  ])
})

test.each(['WebSocket', 'SSE'] as const)('over %s an unknown or malformed plan is one NOT_FOUND and no stream', async (transport) => {
  for (const id of [`Plan_${randomUUID()}`, 'garbage', `Task_${randomUUID()}`]) {
    const results = await all(over(transport, query, { id }))
    expect(results).toMatchObject([{ errors: [{ extensions: { code: 'NOT_FOUND' } }] }])
    expect(results[0]?.data ?? null).toBeNull()
  }
})

test.each(['WebSocket', 'SSE'] as const)('over %s a number beyond the log is INVALID_INPUT', async (transport) => {
  const results = await all(over(transport, query, { id: toGlobalId('Plan', plan.id), after: 99 }))
  expect(results).toMatchObject([{ errors: [{ extensions: { code: 'INVALID_INPUT', issues: [{ path: 'afterSequence' }] } }] }])
  expect(watched.at(-1)).toEqual({ planId: plan.id, afterSequence: 99 })
})

test.each(['WebSocket', 'SSE'] as const)('over %s the source ends when the subscriber leaves', async (transport) => {
  const stream = over(transport, query, { id: toGlobalId('Plan', endlessPlan) })
  let seen = 0
  for await (const _ of stream) if (++seen === 3) break
  await expect.poll(() => open, { timeout: 10_000 }).toBe(0)
})

test('plansChanged sends only plans with one of the statuses', async () => {
  await api.orm.em.fork().nativeUpdate(Plan, { id: plan.id }, { status: 'APPROVED' })
  const results = await all(api.client.overWebSocket('subscription { plansChanged(status: [PENDING_APPROVAL]) { id status } }'))
  expect(results).toMatchObject([{ data: { plansChanged: { id: toGlobalId('Plan', plan.id), status: 'PENDING_APPROVAL' } } }])
})

test('requestChanged sends the request', async () => {
  const results = await all(api.client.overSse('subscription ($id: ID!) { requestChanged(requestId: $id) { id text } }', { id: toGlobalId('Request', request.id) }))
  expect(results).toMatchObject([{ data: { requestChanged: { id: toGlobalId('Request', request.id) } } }])
})
