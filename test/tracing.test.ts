import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogger } from '../src/logger.ts'
import { createTestDatabase, type TestDatabase } from './harness/database.ts'
import * as documents from './harness/documents.ts'
import { clientOf, startReplica } from './harness/planwright.ts'
import { until } from './harness/service.ts'
import { startTraceCollector, type TraceCollector } from './harness/trace-collector.ts'

type Line = { requestId?: string; traceId?: string; msg: string; operation?: string; type?: string; taskId?: string }

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('one request through service and agent', () => {
  let database: TestDatabase
  let collector: TraceCollector
  let replica: Awaited<ReturnType<typeof startReplica>>
  const lines: Line[] = []
  const logger = createLogger('debug', { write: (line) => void lines.push(JSON.parse(line) as Line) })

  async function run(query: string, variables: object, headers: Record<string, string>): Promise<{ id: string }> {
    const response = await fetch(`${replica.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }),
    })
    expect(response.headers.get('x-request-id')).toBe(headers['x-request-id'])
    const { data } = (await response.json()) as { data: Record<string, { id: string }> }
    return Object.values(data)[0]!
  }

  beforeAll(async () => {
    database = await createTestDatabase()
    collector = await startTraceCollector()
    replica = await startReplica({ DATABASE_URL: database.url, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, { logger })
    const request = await run(documents.submit, { input: { text: 'Deploy Kuma and add existing portals to config', userId: 'ada' } }, { 'x-request-id': 'submit-1' })
    const plan = await run(documents.generate, { input: { requestId: request.id } }, { 'x-request-id': 'generate-1' })
    await run(documents.approve, { input: { planId: plan.id, userId: 'ben' } }, { 'x-request-id': 'approve-1', traceparent: `00-${traceId}-00f067aa0ba902b7-01` })
    const client = clientOf(replica.url)
    for await (const _ of client.watch(documents.watchPlan, { id: plan.id }));
    await client.dispose()
    await replica.stop()
  })
  afterAll(async () => {
    await collector?.stop()
    await database?.drop()
  })

  test('its id stands in the lines of service and agent, for every task that followed from it', () => {
    const ofRequest = lines.filter(({ requestId }) => requestId === 'approve-1')
    expect(ofRequest.find(({ msg }) => msg === 'an operation was answered')).toMatchObject({ operation: 'mutation approvePlan', traceId })
    const begun = ofRequest.filter(({ msg }) => msg === 'an attempt begins')
    expect(new Set(begun.map(({ taskId }) => taskId)).size).toBe(2)
    const applied = ofRequest.filter(({ msg }) => msg === 'a report was applied')
    expect(applied.filter(({ type }) => type === 'planwright.work.succeeded').map(({ taskId }) => taskId)).toEqual(begun.map(({ taskId }) => taskId))
    expect(lines.some(({ requestId, operation }) => requestId === 'generate-1' && operation === 'mutation generatePlan')).toBe(true)
  })

  test('its trace goes from the caller through dispatch and agent to the dispatch of the next task', async () => {
    const spans = await until('all spans', () => {
      const found = collector.spans.filter((span) => span.traceId === traceId)
      return found.filter(({ name }) => name.startsWith('carry out')).length === 2 && found
    })
    const byId = new Map(spans.map((span) => [span.spanId, span]))
    const way = (name: string): string[] => {
      const names = []
      for (let span = spans.find((one) => one.name === name); span; span = byId.get(span.parentSpanId ?? '')) names.push(span.name)
      return names
    }
    expect(way('carry out add_portals_to_config')).toEqual([
      'carry out add_portals_to_config', 'dispatch add_portals_to_config', 'apply planwright.work.succeeded', 'carry out deploy_kuma', 'dispatch deploy_kuma', 'mutation approvePlan',
    ])
    expect(spans.find(({ name }) => name === 'mutation approvePlan')).toMatchObject({ parentSpanId: '00f067aa0ba902b7' })
    const resolved = spans.find(({ name }) => name === 'graphql.resolve')
    expect(byId.get(resolved?.parentSpanId ?? '')).toMatchObject({ name: 'mutation approvePlan' })
  })

  test('spans carry ids and names, nothing that anybody wrote', () => {
    const keys = new Set(collector.spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)))
    expect([...keys].sort()).toEqual([
      'graphql.field.name', 'graphql.field.path', 'graphql.field.type',
      'planwright.agent', 'planwright.attempt', 'planwright.plan.id', 'planwright.request.id', 'planwright.task.id',
    ])
    expect(collector.spans.length).toBeGreaterThan(10)
  })
})
