import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Plan } from '../../src/entities/index.ts'
import { toGlobalId } from '../../src/global-id.ts'
import { startApi, type Api } from './api.ts'
import * as rows from './rows.ts'

let api: Api
let watched: Plan
const taskIds: string[] = []
let everybodyIsThere = Promise.resolve()
let laterEvents = [2]

beforeAll(async () => {
  api = await startApi({
    services: {
      async watchPlan(_principal, { planId }) {
        return (async function* () {
          yield { planId, sequence: 1, entry: null, changedTaskIds: taskIds }
          await everybodyIsThere
          for (const sequence of laterEvents) yield { planId, sequence, entry: null, changedTaskIds: taskIds }
        })()
      },
    },
  })
    await api.write((em) => {
    const agents = [1, 2, 3].map((number) => rows.agentRow(em, `infra-${number}`))
    for (const agent of agents) rows.performanceRow(em, agent)
    for (let index = 0; index < 12; index++) {
      const request = rows.requestRow(em, { createdAt: new Date(Date.UTC(2026, 10, 1, index)) })
      const plan = rows.planRow(em, request, { createdAt: new Date(Date.UTC(2026, 10, 1, index)) })
      watched = plan
      rows.approvalRow(em, plan)
      rows.fallbackRow(em, plan)
      const tasks = [1, 2, 3, 4].map((order) => rows.taskRow(em, plan, order, { attempt: 1, agentId: agents[order % 3]!.id }))
      for (const task of tasks) {
        rows.attemptRow(em, task, agents[task.order % 3]!)
        rows.routingRow(em, task, agents[task.order % 3]!)
        rows.evidenceRow(em, task)
      }
      if (index === 11) taskIds.push(...tasks.map((task) => task.id))
      rows.logRows(em, plan.id, 'PLAN', tasks.map((task) => ({ taskId: task.id, attempt: 1 })))
    }
  })
  const logger = api.orm.config.getLogger()
  logger.setDebugMode(['query'])
  logger.logQuery = ({ query }) => void api.statements.push(query ?? '')
})
afterAll(() => api.stop())

const deepest = (first: number) => `{
  requests(first: ${first}) { nodes { id latestPlan { id } plans(first: 5) { nodes {
    id sequence
    request { text }
    approvals { decidedBy }
    fallbackDecision { reason }
    tasks {
      order
      dependsOn { name }
      agent { name performance { successRate } }
      attempts { number agent { status } usage { model } }
      routingDecisions { candidates { name } agent { name } }
    }
    log(first: 10) { nodes { sequence task { name } agent { name } usage { model } approval { decidedBy } } }
  } } } }
}`

async function statementsOf(query: string): Promise<number> {
  api.statements.length = 0
  await api.client.data(query)
  return api.statements.length
}

test('the deepest useful query takes the same few statements for 12 requests as for 1', async () => {
  const one = await statementsOf(deepest(1))
  const twelve = await statementsOf(deepest(12))
  expect(twelve).toBe(one)
  expect(twelve).toBeLessThanOrEqual(18)
})

test('the audit trail with all it names takes a few statements', async () => {
  const count = await statementsOf(`{ auditTrail(from: "2026-01-01T00:00:00Z", first: 40) {
    nodes { sequence plan { status } request { text } task { name } agent { name } usage { model } }
    evidence { reason task { name } } usage { model }
  } }`)
  expect(count).toBeLessThanOrEqual(10)
})

test('each event of a subscription takes three statements, and none is answered from an earlier event', async () => {
  api.statements.length = 0
  const query = 'subscription ($id: ID!) { planStatus(planId: $id) { sequence plan { status sequence tasks { status } } changedTasks { status } } }'
  let events = 0
  for await (const { errors } of api.client.overWebSocket(query, { id: toGlobalId('Plan', watched.id) })) {
    expect(errors).toBeUndefined()
    events++
  }
  expect(events).toBe(2)
  expect(api.statements).toHaveLength(6)
})

test('an event takes as many statements for fifty subscribers as for one', async () => {
  const query = 'subscription ($id: ID!) { planStatus(planId: $id) { sequence plan { status tasks { status } } changedTasks { status } } }'
  const gate = Promise.withResolvers<void>()
  everybodyIsThere = gate.promise
  laterEvents = [2, 3, 4, 5]
  const streams = Array.from({ length: 50 }, () => api.client.overWebSocket(query, { id: toGlobalId('Plan', watched.id) }))
  await Promise.all(streams.map((stream) => stream.next()))
  api.statements.length = 0
  gate.resolve()
  const seen = await Promise.all(streams.map(async (stream) => {
    const sequences: number[] = []
    for await (const { data } of stream) sequences.push(data.planStatus.sequence)
    return sequences
  }))
  expect(seen).toEqual(streams.map(() => laterEvents))
  expect(api.statements).toHaveLength(3 * laterEvents.length)
})
