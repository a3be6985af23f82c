import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agentMessage, formatReport } from '../../src/agent/report.ts'
import { parseMessage } from '../../src/messaging/cloud-event.ts'
import type { WorkRequested } from '../../src/messaging/messages.ts'
import type { AgentBus } from '../../src/messaging/port.ts'
import { createRabbitMqAgentBus } from '../../src/messaging/rabbitmq-bus.ts'
import { provideBroker, type TestBroker } from '../harness/broker.ts'
import { startInstallation, type Answer, type Installation } from '../harness/installation.ts'
import { until } from '../harness/service.ts'
import { silentLogger as logger } from '../harness/silent-logger.ts'

const size = 9
const price = size * 3_002
const reporter = { name: 'thinker', instance: randomUUID() }

let broker: TestBroker
let home: Installation
let bus: AgentBus
let beating: NodeJS.Timeout
const received: WorkRequested[] = []

beforeAll(async () => {
  broker = await provideBroker()
  home = await startInstallation({
    capabilities: [{ id: 'think', max_attempts: 2 }, { id: 'write', max_attempts: 2 }],
    environment: { AMQP_URL: broker.url, AMQP_PREFIX: broker.prefix, EXTERNAL_AI: 'true', QUOTA_TOKENS: String(3 * price) },
  })
  bus = createRabbitMqAgentBus({ url: broker.url, prefix: broker.prefix, agentName: reporter.name, logger })
  await bus.start()
  const beat = () => bus.publish([agentMessage(reporter, 'heartbeat', {
    instance: reporter.instance, agentType: 'infra', slots: 100, intents: ['think', 'write'], workTypes: ['work'],
    resources: { cpuFree: 4, memoryFreeMb: 4_096, gpus: 0 }, attempts: received.map(({ taskId, attempt }) => ({ taskId, attempt })),
  }, {})])
  await beat()
  beating = setInterval(() => void beat().catch(() => {}), 1_000)
  await until('the agent', async () => (await home.query('{ agents { nodes { status } } }')).agents.nodes.length > 0)
  await bus.consumeWork(reporter.name, async (deliveries) => {
    for (const delivery of deliveries) {
      const parsed = parseMessage(delivery.body, ['planwright.work.requested', 'planwright.work.granted', 'planwright.work.cancelled'])
      if (parsed.ok && parsed.event.type === 'planwright.work.requested') received.push(parsed.event.data)
      delivery.ack()
    }
  }, { prefetch: 200 })
})
afterAll(async () => {
  clearInterval(beating)
  await bus?.stop()
  await home?.stop()
  await broker?.remove([reporter.name])
})

type Report = Parameters<typeof formatReport>[2]
const used = (tokens: number, model = 'big') => ({ usage: { model, inputTokens: tokens - 10, outputTokens: 10, costMicroUsd: tokens } })
const report = async (work: WorkRequested, word: Report, data: object, times = 1): Promise<void> => {
  const message = formatReport(reporter, work, word, data as never)
  await bus.publish(Array.from({ length: times }, () => message))
}
const accepted = (work: WorkRequested) => report(work, 'accepted', { leaseSeconds: 60 })
const workOf = (planId: string, attempt = 1, count = size): Promise<WorkRequested[]> =>
  until('the work', () => {
    const found = received.filter((work) => work.planId === planId && work.attempt === attempt)
    return found.length >= count && found
  })
const startPlan = async (userId: string, intent = 'think'): Promise<Answer> => {
  const plan = await home.planFor(Array.from({ length: size }, () => ({ intent })), userId)
  expect(plan.willUseExternalAi).toBe(true)
  await home.approve({ planId: plan.id, userId: 'bob' })
  return plan
}
const costs = async (groupBy: string): Promise<Answer[]> =>
  (await home.query('query ($groupBy: CostGroup!) { costReport(groupBy: $groupBy) { rows { key calls inputTokens outputTokens costMicroUsd } } }', { groupBy })).costReport.rows
const total = async (): Promise<number> => (await home.quota()).used.tokens

test('usage is booked once for each attempt, whatever is repeated, and also where the result is refused', async () => {
  const plan = await startPlan('ann')
  const [first, second, third, ...others] = await workOf(plan.id)
  expect(first!.useExternalAi).toBe(true)
  await accepted(first!)
  // The first attempt fails and is repeated by the broker; the second succeeds; a late word about the first changes nothing.
  await report(first!, 'failed', { error: { code: 'HICCUP', message: 'not now', retryable: true }, ...used(1_000) }, 3)
  const [again] = await workOf(plan.id, 2, 1)
  await report(again!, 'succeeded', { output: {}, ...used(2_000) }, 2)
  await report(first!, 'succeeded', { output: {}, ...used(5_000) })
  await expect.poll(total, { timeout: 30_000 }).toBe(3_000)
  expect(await home.quota()).toMatchObject({ used: { tokens: 3_000, costMicroUsd: 3_000 }, reserved: { tokens: price - 3_000 } })

  for (const work of [second!, third!]) await accepted(work)
  await report(second!, 'stopped', { outcome: 'finished', ...used(100) })
  await report(third!, 'failed', { error: { code: 'NO', message: 'never', retryable: false }, ...used(200) })
  await Promise.all(others.map((work) => report(work, 'succeeded', { output: {} })))
  await expect.poll(total, { timeout: 30_000 }).toBe(3_300)
  await home.cancel({ planId: plan.id, userId: 'ann' })
  await until('the end', async () => ['FAILED', 'CANCELLED'].includes((await home.plan(plan.id)).status))
  expect(await home.quota()).toMatchObject({ used: { tokens: 3_300 }, reserved: { tokens: 0 }, user: { used: { tokens: 3_300 }, reserved: { tokens: 0 } } })

  // The plan is over and its reservation released; the money is spent all the same.
  await report(again!, 'failed', { error: { code: 'LATE', message: 'late', retryable: true }, ...used(50) })
  await report({ ...others[0]!, attempt: 1 }, 'failed', { error: { code: 'LATE', message: 'late', retryable: true }, ...used(70) })
  await expect.poll(total, { timeout: 30_000 }).toBe(3_370)
})

test('an overrun is booked in full and blocks the next decision until there is room again', async () => {
  const plan = await startPlan('cleo', 'write')
  const work = await workOf(plan.id)
  await Promise.all(work.map((one, index) => report(one, 'succeeded', { output: {}, ...(index === 0 ? used(3 * price, 'huge') : {}) })))
  await home.planReaches(plan.id, 'COMPLETED')
  expect(await home.quota('cleo')).toMatchObject({ used: { tokens: 3 * price + 3_370 }, reserved: { tokens: 0 }, left: { tokens: 0 }, user: { used: { tokens: 3 * price } } })
  const next = await home.planFor(Array.from({ length: size }, () => ({ intent: 'think' })), 'dora')
  expect(next).toMatchObject({ willUseExternalAi: false, fallbackDecision: { useExternalAi: false, tokensLeft: -3_370, reason: expect.stringMatching(/exhausted/) } })
  expect(next.tasks.some(({ useExternalAi }: Answer) => useExternalAi)).toBe(false)
})

test('the cost report adds up by day, user, model, plan and capability', async () => {
  const sum = { calls: 6, inputTokens: 3 * price + 3_370 - 60, outputTokens: 60, costMicroUsd: 3 * price + 3_370 }
  expect(await costs('DAY')).toEqual([{ key: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), ...sum }])
  expect((await costs('USER')).map(({ key, costMicroUsd }) => [key, costMicroUsd])).toEqual([['cleo', 3 * price], ['ann', 3_370]])
  expect((await costs('MODEL')).map(({ key, costMicroUsd }) => [key, costMicroUsd])).toEqual([['huge', 3 * price], ['big', 3_370]])
  expect((await costs('CAPABILITY')).map(({ key, costMicroUsd }) => [key, costMicroUsd])).toEqual([['write', 3 * price], ['think', 3_370]])
  expect((await costs('PLAN')).map(({ key }) => key)).toEqual([expect.stringMatching(/^Plan_/), expect.stringMatching(/^Plan_/)])
  const { costReport } = await home.query('{ costReport { total { calls inputTokens outputTokens costMicroUsd } } }')
  expect(costReport.total).toEqual(sum)
})
