import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInstallation, type Answer, type Installation } from '../harness/installation.ts'

/** Nine tasks make a complex plan; each is expected to take 3,000 tokens and a little for its parameters. */
const size = 9
const price = size * 3_002
const room = 10

let home: Installation
beforeAll(async () => {
  home = await startInstallation({
    capabilities: [
      { id: 'work' },
      { id: 'fail', max_attempts: 1, risk: 'high', run: { kind: 'command', argv: ['sh', '-c', 'exit 64'] } },
      { id: 'wait', run: { kind: 'command', argv: ['sleep', '600'] } },
      { id: 'soon', risk: 'low' },
    ],
    approval: { low: { expires_after_hours: 1 / 3_600 } },
    environment: { EXTERNAL_AI: 'true', EXTERNAL_AI_MICRO_USD_PER_1K: '1000', QUOTA_TOKENS: String(room * price + 5), USER_QUOTA_TOKENS: String(6 * price) },
  })
})
afterAll(() => home.stop())

const complex = (intent = 'work', userId = 'ann'): Promise<Answer> => home.planFor(Array.from({ length: size }, () => ({ intent })), userId)
const reserved = async (): Promise<number> => (await home.quota()).reserved.tokens
const approve = (plan: Answer): Promise<Answer> => home.approve({ planId: plan.id, userId: 'bob' })

test('a complex plan reserves its price for the installation and its user, and the decision says why', async () => {
  const plan = await complex()
  expect(plan).toMatchObject({
    complexity: 'COMPLEX', willUseExternalAi: true,
    fallbackDecision: {
      useExternalAi: true, estimatedTokens: price, estimatedCostMicroUsd: price, tokensLeft: 6 * price, costLeftMicroUsd: null,
      reason: 'Worth its price: complex plan, confidence 1.00; the quota has room.',
    },
  })
  expect(plan.tasks.every(({ useExternalAi }: Answer) => useExternalAi)).toBe(true)
  expect(await home.quota()).toMatchObject({
    limit: { tokens: room * price + 5 }, used: { tokens: 0 }, reserved: { tokens: price, costMicroUsd: price }, left: { tokens: (room - 1) * price + 5, costMicroUsd: null },
    user: { userId: 'ann', limit: { tokens: 6 * price }, reserved: { tokens: price }, left: { tokens: 5 * price } },
  })
  await home.cancel({ planId: plan.id, userId: 'ann' })
  expect(await reserved()).toBe(0)
})

test('100 concurrent decisions against room for 10 give exactly 10; the other plans are stored with the reason and usable', async () => {
  const plans = await Promise.all(Array.from({ length: 100 }, (_, index) => complex('work', `user-${index % 20}`)))
  const granted = plans.filter(({ willUseExternalAi }) => willUseExternalAi)
  expect(granted).toHaveLength(room)
  expect(await home.quota()).toMatchObject({ reserved: { tokens: room * price }, left: { tokens: 5 } })
  const refused = plans.filter(({ willUseExternalAi }) => !willUseExternalAi)
  for (const { fallbackDecision } of refused) {
    expect(fallbackDecision).toMatchObject({ useExternalAi: false, tokensLeft: expect.any(Number), reason: expect.stringMatching(/but the quota of the installation is exhausted\.$/) })
  }
  const usable = refused[0]!
  expect((await home.log({ planId: usable.id })).map(({ kind }) => kind)).toContain('FALLBACK_DECIDED')
  await approve(usable)
  await home.planReaches(usable.id, 'COMPLETED')
  expect(await reserved()).toBe(room * price)
  await Promise.all(granted.map((plan) => home.cancel({ planId: plan.id, userId: 'bob' })))
  expect(await reserved()).toBe(0)
})

test('a user whose own quota is exhausted is refused while others go on', async () => {
  const plans = []
  for (let count = 0; count < 7; count++) plans.push(await complex('work', 'greta'))
  expect(plans.map(({ willUseExternalAi }) => willUseExternalAi)).toEqual([true, true, true, true, true, true, false])
  expect(plans[6].fallbackDecision.reason).toMatch(/the quota of the user is exhausted/)
  const other = await complex('work', 'hugo')
  expect(other.willUseExternalAi).toBe(true)
  await Promise.all([...plans, other].map((plan) => home.cancel({ planId: plan.id, userId: 'bob' })))
  expect((await home.quota('greta')).user).toMatchObject({ userId: 'greta', reserved: { tokens: 0 }, left: { tokens: 6 * price } })
})

describe('what a plan reserved comes back when it', () => {
  const endings: Readonly<Record<string, () => Promise<void>>> = {
    'is rejected': async () => {
      await home.approve({ planId: (await complex()).id, approved: false, userId: 'bob' })
    },
    'is cancelled before its approval': async () => {
      await home.cancel({ planId: (await complex()).id, userId: 'bob' })
    },
    'is sent back': async () => {
      const plan = await complex()
      expect(await home.requestChanges({ planId: plan.id, userId: 'bob', feedback: 'I do not like it' })).toMatchObject({ status: 'CHANGES_REQUESTED' })
    },
    'is cancelled at work': async () => {
      const plan = await complex('wait')
      await approve(plan)
      await expect.poll(async () => (await home.plan(plan.id)).status, { timeout: 30_000 }).toBe('EXECUTING')
      await home.cancel({ planId: plan.id, userId: 'bob' })
      await home.planReaches(plan.id, 'CANCELLED')
    },
    'is completed': async () => {
      const plan = await complex()
      await approve(plan)
      await home.planReaches(plan.id, 'COMPLETED')
    },
    'fails': async () => {
      const plan = await complex('fail')
      await approve(plan)
      await home.planReaches(plan.id, 'FAILED')
    },
    'expires': async () => {
      const plan = await complex('soon')
      await home.planReaches(plan.id, 'EXPIRED')
    },
    'is replaced by a smaller revision': async () => {
      const plan = await complex()
      const next = await home.revise({ planId: plan.id, expectedRevision: 1, userId: 'ann', edits: Array.from({ length: 8 }, (_, index) => ({ removeTask: { task: index + 2 } })) })
      expect(next).toMatchObject({ willUseExternalAi: false, fallbackDecision: { reason: expect.stringMatching(/^Not worth its price/) } })
    },
  }
  test.each(Object.keys(endings))('%s', async (ending) => {
    await endings[ending]!()
    expect(await home.quota()).toMatchObject({ used: { tokens: 0 }, reserved: { tokens: 0, costMicroUsd: 0 }, user: { reserved: { tokens: 0 } } })
  })
})

test('a plan that is planned anew, revised or sent back reserves once, also where the quota has room for one only', async () => {
  await home.restart({ QUOTA_TOKENS: String(price) })
  const first = await complex()
  const second = await home.generate({ requestId: first.requestId, userId: 'ann', regenerate: true })
  const third = await home.revise({ planId: second.id, expectedRevision: 2, userId: 'ann', edits: [{ setLimits: { task: 1, maxAttempts: 1 } }] })
  const fourth = await home.requestChanges({ planId: third.id, userId: 'bob', feedback: 'Task 1: 2 attempts' })
  expect([first, second, third, fourth].map(({ willUseExternalAi }) => willUseExternalAi)).toEqual([true, true, true, true])
  expect(await reserved()).toBe(price)
  await home.cancel({ planId: fourth.id, userId: 'ann' })
  expect(await reserved()).toBe(0)
})

test('a local model is never blocked and holds no room', async () => {
  await home.restart({ QUOTA_TOKENS: '0', EXTERNAL_AI_MICRO_USD_PER_1K: '0' })
  expect(await complex()).toMatchObject({ willUseExternalAi: true, fallbackDecision: { estimatedCostMicroUsd: 0 } })
  expect(await reserved()).toBe(0)
})

test('without external AI, and for simple plans, the decision is stored all the same', async () => {
  expect(await home.planFor([{ intent: 'work' }])).toMatchObject({ willUseExternalAi: false, fallbackDecision: { reason: 'Not worth its price: simple plan, confidence 1.00.' } })
  await home.restart({ EXTERNAL_AI: 'false' })
  expect(await complex()).toMatchObject({ willUseExternalAi: false, fallbackDecision: { reason: 'External AI is not configured.' } })
})
