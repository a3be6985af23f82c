import { afterAll, beforeAll, expect, test } from 'vitest'
import { startInstallation, type Answer, type Installation } from '../harness/installation.ts'

let home: Installation
beforeAll(async () => {
  home = await startInstallation({
    capabilities: [{ id: 'touch_files', risk: 'medium' }, { id: 'look_around', risk: 'low' }],
    approval: { medium: { approvers: 2, expires_after_hours: 2 / 3_600 } },
    environment: { PLAN_EXPIRES_HOURS: '24' },
  })
})
afterAll(() => home.stop())

const planOf = (...intents: string[]): Promise<Answer> => home.planFor(intents.map((intent) => ({ intent })))
const approve = (plan: Answer, userId: string, more: object = {}): Promise<Answer> => home.approve({ planId: plan.id, contentHash: plan.contentHash, userId, ...more })

test('a plan expires as the rule of its risk says, else as the installation says', async () => {
  const hours = async (intent: string) => {
    const plan = await planOf(intent)
    return (Date.parse(plan.expiresAt) - Date.now()) / 3_600_000
  }
  expect(await hours('look_around')).toBeCloseTo(24, 1)
  expect(await hours('touch_files')).toBeCloseTo(0, 1)
})

test('a pending plan expires, and the words of a late decision are kept in the log of its request', async () => {
  const plan = await planOf('touch_files')
  expect(Date.parse(plan.expiresAt)).toBeGreaterThan(Date.now())
  // One approval of two did not end it, and did not let it expire either.
  await approve(plan, 'eve')
  await home.planReaches(plan.id, 'EXPIRED')
  const over = { __typename: 'InvalidStateError', standing: 'EXPIRED', approval: null }
  expect(await home.revise({ planId: plan.id, expectedRevision: 1, userId: 'ann', edits: [{ addTask: { intent: 'look_around' } }] })).toMatchObject(over)
  expect(await home.cancel({ planId: plan.id, userId: 'ann' })).toMatchObject(over)
  const before = await home.log({ planId: plan.id })
  expect(before.at(-1)).toMatchObject({ kind: 'PLAN_EXPIRED', actor: 'service' })
  expect(await approve(plan, 'bob', { notes: 'sorry, I was away' })).toMatchObject({ __typename: 'InvalidStateError', standing: 'EXPIRED' })
  expect(await approve(plan, 'cleo', { approved: false, notes: 'no' })).toMatchObject({ __typename: 'InvalidStateError', standing: 'EXPIRED' })
  expect(await home.requestChanges({ planId: plan.id, userId: 'dora', feedback: 'without files' })).toMatchObject({ __typename: 'InvalidStateError', standing: 'EXPIRED' })
  expect(await home.log({ planId: plan.id })).toEqual(before)
  expect((await home.log({ requestId: plan.requestId })).filter(({ kind, actor }) => kind === 'LATE_DECISION_REFUSED' && actor !== 'user:eve')).toMatchObject([
    { actor: 'user:bob', detail: { planId: plan.id, decision: 'APPROVED', notes: 'sorry, I was away' } },
    { actor: 'user:cleo', detail: { decision: 'REJECTED', notes: 'no' } },
    { actor: 'user:dora', detail: { decision: 'CHANGES_REQUESTED', notes: 'without files' } },
  ])
  expect(await home.generate({ requestId: plan.requestId, userId: 'ann' })).toMatchObject({ revision: 2, status: 'PENDING_APPROVAL' })
})

test('a plan that nobody swept yet is expired for who decides too late', async () => {
  await home.restart({ ROLES: 'api' })
  const plan = await planOf('touch_files')
  await expect.poll(() => Date.now(), { timeout: 30_000 }).toBeGreaterThan(Date.parse(plan.expiresAt) + 50)
  expect(await home.plan(plan.id)).toMatchObject({ status: 'PENDING_APPROVAL' })
  expect(await approve(plan, 'bob', { acceptInfeasible: true })).toMatchObject({ __typename: 'InvalidStateError', standing: 'EXPIRED' })
  expect(await home.plan(plan.id)).toMatchObject({ status: 'EXPIRED', approvals: [] })
  await home.restart({ ROLES: 'api,engine' })
})
