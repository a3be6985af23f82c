import { afterAll, beforeAll, expect, test } from 'vitest'
import { startInstallation, type Answer, type Installation } from '../harness/installation.ts'

let home: Installation
beforeAll(async () => {
  home = await startInstallation({
    capabilities: [{ id: 'work' }, { id: 'greet', description: 'Greet somebody.', examples: ['greet ann', 'greet bob'], parameters: [{ name: 'who', type: 'enum', required: true, values: ['ann', 'bob'] }] }],
    withProxy: true,
  })
})
afterAll(() => home.stop())

test('while the database is away every operation answers UnavailableError and changes nothing; afterwards each works', async () => {
  const [revised, sentBack, approved, cancelled, unplanned, unclear] = await Promise.all([
    ...Array.from({ length: 4 }, () => home.planFor([{ intent: 'work' }, { intent: 'work' }])),
    home.submit({ subtasks: [{ intent: 'work' }], userId: 'ann' }),
    home.submit({ text: 'greet mallory', userId: 'ann' }),
  ]) as Answer[]
  expect(unclear).toMatchObject({ status: 'REQUIRES_CLARIFICATION' })
  const operations: (() => Promise<Answer>)[] = [
    () => home.revise({ planId: revised.id, expectedRevision: 1, userId: 'ann', edits: [{ removeTask: { task: 2 } }] }),
    () => home.requestChanges({ planId: sentBack.id, userId: 'bob', feedback: 'remove task 2' }),
    () => home.approve({ planId: approved.id, userId: 'bob' }),
    () => home.cancel({ planId: cancelled.id, userId: 'bob' }),
    () => home.generate({ requestId: unplanned.id, userId: 'ann' }),
    () => home.clarify({ requestId: unclear.id, userId: 'ann', answers: [{ ambiguityId: unclear.ambiguities[0].id, answer: 'bob' }] }),
    () => home.submit({ text: 'greet ann', userId: 'ann' }),
  ]
  home.database.goAway()
  for (const operation of operations) {
    expect(await operation()).toMatchObject({ __typename: 'UnavailableError', code: 'UNAVAILABLE', retryAfterSeconds: expect.any(Number) })
  }
  home.database.comeBack()
  await expect.poll(async () => (await home.plan(revised.id)).status, { timeout: 30_000 }).toBe('PENDING_APPROVAL')
  for (const plan of [revised, sentBack, approved, cancelled]) expect(await home.plan(plan.id)).toMatchObject({ status: 'PENDING_APPROVAL', sequence: plan.sequence, approvals: [] })
  const answers = []
  for (const operation of operations) answers.push(await operation())
  expect(answers).toMatchObject([
    { revision: 2, tasks: [{}] }, { revision: 2, tasks: [{}] }, { status: expect.stringMatching(/APPROVED|EXECUTING|COMPLETED/) }, { status: 'CANCELLED' },
    { status: 'PENDING_APPROVAL' }, { status: 'PARSING_COMPLETE', subtasks: [{ parameters: { who: 'bob' } }] }, { status: 'PARSING_COMPLETE' },
  ])
})
