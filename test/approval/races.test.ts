import { afterAll, beforeAll, expect, test } from 'vitest'
import { startInstallation, type Answer, type Installation } from '../harness/installation.ts'

let home: Installation
beforeAll(async () => {
  home = await startInstallation({
    capabilities: [{ id: 'work' }, { id: 'guarded', risk: 'high' }],
    approval: { high: { approvers: 3 } },
  })
})
afterAll(() => home.stop())

const planOf = (...intents: string[]): Promise<Answer> => home.planFor(intents.map((intent) => ({ intent })))
const approve = (plan: Answer, userId: string, approved = true): Promise<Answer> => home.approve({ planId: plan.id, contentHash: plan.contentHash, userId, approved })
const kindsOf = (answers: Answer[]) => answers.map(({ __typename: type }) => type).toSorted()

test('of many approvers at once as many count as are needed, each once, and the plan starts', async () => {
  const plan = await planOf('guarded')
  const people = ['bob', 'bob', 'cleo', 'cleo', 'dora', 'dora']
  const answers = await Promise.all(people.map((userId) => approve(plan, userId)))
  expect(kindsOf(answers)).toEqual(people.map(() => 'Plan'))
  const done = await home.planReaches(plan.id, 'COMPLETED')
  expect(done.approvals.map(({ decidedBy }: Answer) => decidedBy).toSorted()).toEqual(['bob', 'cleo', 'dora'])
  const log = await home.log({ planId: plan.id })
  expect(log.filter(({ kind }) => kind === 'APPROVAL_RECORDED' || kind === 'PLAN_APPROVED').map(({ kind }) => kind)).toEqual(['APPROVAL_RECORDED', 'APPROVAL_RECORDED', 'PLAN_APPROVED'])
})

test('of 20 contrary decisions at once one holds, and the others are told which', async () => {
  const plan = await planOf('work')
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => approve(plan, `person-${index}`, index % 2 === 0)))
  expect(answers.filter(({ __typename: type }) => type === 'Plan')).toHaveLength(1)
  const { approvals } = await home.plan(plan.id)
  expect(approvals).toHaveLength(1)
  expect(answers.filter(({ __typename: type }) => type === 'InvalidStateError').map(({ approval }) => approval.decidedBy)).toEqual(Array.from({ length: 19 }, () => approvals[0].decidedBy))
})

test.each([
  ['revised', (plan: Answer) => home.revise({ planId: plan.id, expectedRevision: 1, userId: 'ann', edits: [{ removeTask: { task: 2 } }] })],
  ['sent back', (plan: Answer) => home.requestChanges({ planId: plan.id, userId: 'cleo', feedback: 'remove task 2' })],
  ['planned anew', (plan: Answer) => home.generate({ requestId: plan.requestId, userId: 'ann', regenerate: true })],
  ['cancelled', (plan: Answer) => home.cancel({ planId: plan.id, userId: 'cleo' })],
] as const)('a plan that is approved and %s at once is one of the two', async (_, other) => {
  for (let round = 0; round < 8; round++) {
    const plan = await planOf('work', 'work')
    const [approved, changed] = await Promise.all([approve(plan, 'bob'), other(plan)])
    const now = await home.plan(plan.id)
    const approvals = now.approvals.filter(({ decision }: Answer) => decision === 'APPROVED')
    const ran = now.tasks.some(({ attempt }: Answer) => attempt > 0)
    expect({ ...approved, approvals }).toMatchObject(approvals.length === 1 ? { __typename: 'Plan' } : { __typename: 'InvalidStateError', approvals: [] })
    expect(ran && approvals.length === 0).toBe(false)
    expect(changed).toMatchObject({ __typename: expect.stringMatching(/^(?:Plan|InvalidStateError|PlanChangedError)$/) })
    // One of both: an approved plan is not superseded, and a replaced one does not run. A cancel may follow an approval.
    expect(approvals.length === 1 && now.status === 'SUPERSEDED').toBe(false)
    const { request } = await home.query('query ($id: ID!) { request(id: $id) { plans(first: 10) { edges { node { status } } } } }', { id: plan.requestId })
    const open = request.plans.edges.filter(({ node }: Answer) => ['PENDING_APPROVAL', 'APPROVED', 'EXECUTING', 'CHANGES_REQUESTED'].includes(node.status))
    expect(open.length).toBeLessThanOrEqual(1)
  }
})
