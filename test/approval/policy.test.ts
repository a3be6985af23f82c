import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInstallation, type Answer, type Installation } from '../harness/installation.ts'

let home: Installation
beforeAll(async () => {
  home = await startInstallation({
    capabilities: [
      { id: 'look_around', risk: 'low', effect: 'retry_safe' },
      { id: 'touch_files', risk: 'medium' },
      { id: 'clean_up', risk: 'medium' },
      { id: 'format_disk', risk: 'high' },
      { id: 'call_robot', risk: 'low', agent_type: 'robot' },
    ],
    approval: {
      low: { by_rule: true },
      high: { approvers: 2, requester_may_approve: false, reason_required: true, allowed_approvers: ['ann', 'bob', 'cleo', 'dora'] },
    },
  })
})
afterAll(() => home.stop())

const planOf = (...intents: string[]): Promise<Answer> => home.planFor(intents.map((intent) => ({ intent })))
const approve = (plan: Answer, userId: string, more: object = {}): Promise<Answer> => home.approve({ planId: plan.id, contentHash: plan.contentHash, userId, ...more })

describe('a plan of high risk', () => {
  test('needs as many distinct approvals as its rule says, each with a reason, none by the requester or a stranger', async () => {
    const plan = await planOf('format_disk')
    expect(plan).toMatchObject({ risk: 'HIGH', approvalRule: { approvers: 2, byRule: false } })
    expect(await approve(plan, 'ann', { notes: 'my own' })).toMatchObject({ __typename: 'ForbiddenError', code: 'FORBIDDEN' })
    expect(await approve(plan, 'mallory', { notes: 'please' })).toMatchObject({ __typename: 'ForbiddenError' })
    expect(await approve(plan, 'bob')).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: 'notes', rule: 'required' }] })
    expect(await approve(plan, 'bob', { skip: ['nonsense', plan.tasks[0].id] })).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: 'notes', rule: 'required' }, { path: 'skip.0', rule: 'task_of_plan' }] })
    expect(await home.plan(plan.id)).toMatchObject({ status: 'PENDING_APPROVAL', approvals: [] })

    expect(await approve(plan, 'bob', { notes: 'checked' })).toMatchObject({ status: 'PENDING_APPROVAL', approvals: [{ decidedBy: 'bob', decision: 'APPROVED', notes: 'checked' }] })
    expect(await approve(plan, 'bob', { notes: 'checked twice' })).toMatchObject({ status: 'PENDING_APPROVAL', approvals: [{ notes: 'checked' }] })
    expect(await approve(plan, 'cleo', { notes: 'checked too' })).toMatchObject({ status: expect.stringMatching(/APPROVED|EXECUTING|COMPLETED/), approvals: [{ decidedBy: 'bob' }, { decidedBy: 'cleo' }] })
    const log = await home.log({ planId: plan.id })
    expect(log.filter(({ kind }) => kind.startsWith('APPROVAL') || kind === 'PLAN_APPROVED').map(({ kind, actor }) => `${kind} ${actor}`)).toEqual(['APPROVAL_RECORDED user:bob', 'PLAN_APPROVED user:cleo'])
    await home.planReaches(plan.id, 'COMPLETED')
  })

  test('ends with one rejection, and a later approval is told the deciding one', async () => {
    const plan = await planOf('format_disk')
    await approve(plan, 'bob', { notes: 'fine' })
    expect(await approve(plan, 'dora', { approved: false, notes: 'not today' })).toMatchObject({ status: 'REJECTED' })
    expect(await approve(plan, 'cleo', { notes: 'fine' })).toMatchObject({ __typename: 'InvalidStateError', standing: 'REJECTED', approval: { decision: 'REJECTED', decidedBy: 'dora' } })
  })

  test('runs only what all of its approvers approved', async () => {
    const plan = await planOf('format_disk', 'touch_files', 'look_around')
    const [, second, third] = plan.tasks
    expect(await approve(plan, 'bob', { notes: 'without files', skip: [second.id] })).toMatchObject({ status: 'PENDING_APPROVAL', approvals: [{ skippedTasks: [{ order: 2 }] }] })
    expect(await approve(plan, 'bob', { notes: 'or with them' })).toMatchObject({ __typename: 'InvalidStateError', standing: 'PENDING_APPROVAL' })
    await approve(plan, 'cleo', { notes: 'no looking', skip: [third.id] })
    expect((await home.planReaches(plan.id, 'COMPLETED')).tasks.map(({ status }: Answer) => status)).toEqual(['SUCCEEDED', 'SKIPPED', 'SKIPPED'])
  })
})

describe('a rule', () => {
  test('approves a plan of its risk without a person, recorded as such', async () => {
    const plan = await planOf('look_around')
    expect(plan.approvals).toMatchObject([{ byRule: true, decision: 'APPROVED', contentHash: plan.contentHash }])
    expect((await home.log({ planId: plan.id })).find(({ kind }) => kind === 'PLAN_APPROVED')).toMatchObject({ actor: 'rule:catalog' })
    await home.planReaches(plan.id, 'COMPLETED')
  })

  test('approves no plan of another risk and none that is infeasible', async () => {
    expect(await planOf('look_around', 'touch_files')).toMatchObject({ risk: 'MEDIUM', status: 'PENDING_APPROVAL', approvals: [], approvalRule: { byRule: false }, expiresAt: null })
    expect(await planOf('call_robot')).toMatchObject({ risk: 'LOW', status: 'PENDING_APPROVAL', approvals: [] })
  })
})

test('an infeasible plan says which task and why, and is approved only by accepting that', async () => {
  const plan = await planOf('touch_files', 'call_robot')
  const why = { status: 'NO_AGENT', reason: 'No agent of type robot can do this.' }
  expect(plan.tasks).toMatchObject([{ feasibility: { status: 'READY' } }, { feasibility: why }])
  expect(await approve(plan, 'bob')).toMatchObject({
    __typename: 'InfeasiblePlanError', code: 'INFEASIBLE_PLAN', tasks: [{ order: 2, name: plan.tasks[1].name, reason: why.reason, task: { id: plan.tasks[1].id } }],
  })
  expect(await home.plan(plan.id)).toMatchObject({ status: 'PENDING_APPROVAL', approvals: [] })
  expect(await approve(plan, 'bob', { acceptInfeasible: true })).toMatchObject({ __typename: 'Plan', approvals: [{ acceptInfeasible: true }] })
  await expect.poll(async () => (await home.plan(plan.id)).tasks.map(({ status }: Answer) => status), { timeout: 30_000 }).toEqual(['SUCCEEDED', 'WAITING_FOR_AGENT'])
  expect(await home.cancel({ planId: plan.id, userId: 'bob' })).toMatchObject({ status: 'CANCELLED' })
})

test('an infeasible task may be skipped instead', async () => {
  const plan = await planOf('touch_files', 'call_robot')
  expect(await approve(plan, 'bob', { skip: [plan.tasks[1].id] })).toMatchObject({ __typename: 'Plan' })
  expect((await home.planReaches(plan.id, 'COMPLETED')).tasks.map(({ status }: Answer) => status)).toEqual(['SUCCEEDED', 'SKIPPED'])
})

describe('a part of a plan', () => {
  const chain = () => home.planFor([{ intent: 'touch_files' }, { intent: 'clean_up', dependsOn: [1] }, { intent: 'touch_files', dependsOn: [2] }, { intent: 'clean_up' }])

  test('is approved by skipping tasks with all that depends on them, directly or not; each is named', async () => {
    const plan = await chain()
    const [first, second, third, fourth] = plan.tasks
    const refused = await approve(plan, 'bob', { skip: [first.id] })
    expect(refused).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: 'skip', rule: 'dependents_too' }, { path: 'skip', rule: 'dependents_too' }] })
    expect(refused.issues.map(({ message }: Answer) => message).join(' ')).toMatch(new RegExp(`${second.id}.*${third.id}`))
    expect(await approve(plan, 'bob', { skip: [first.id, second.id, third.id] })).toMatchObject({ __typename: 'Plan', approvals: [{ skippedTasks: [{ order: 1 }, { order: 2 }, { order: 3 }] }] })
    const done = await home.planReaches(plan.id, 'COMPLETED')
    expect(done.tasks.map(({ status, attempt }: Answer) => [status, attempt])).toEqual([['SKIPPED', 0], ['SKIPPED', 0], ['SKIPPED', 0], ['SUCCEEDED', 1]])
    expect(fourth.dependsOn).toEqual([])
  })

  test('cannot be nothing, a task of another plan, or part of a rejection', async () => {
    const [plan, other] = [await chain(), await planOf('touch_files')]
    const ids = plan.tasks.map(({ id }: Answer) => id)
    expect(await approve(plan, 'bob', { skip: ids })).toMatchObject({ issues: [{ path: 'skip', rule: 'something_left' }] })
    expect(await approve(plan, 'bob', { skip: [ids[3], other.tasks[0].id] })).toMatchObject({ issues: [{ path: 'skip.1', rule: 'task_of_plan' }] })
    expect(await approve(plan, 'bob', { approved: false, skip: [ids[3]] })).toMatchObject({ issues: [{ path: 'skip', rule: 'only_with_approval' }] })
    expect(await approve(plan, 'bob', { skip: [ids[3], 'nonsense', plan.id] })).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: 'skip.1', rule: 'task_of_plan' }, { path: 'skip.2' }] })
    expect((await approve(plan, 'bob', { skip: [ids[1], 'nonsense'] })).issues).toMatchObject([{ path: 'skip.1', rule: 'task_of_plan' }, { path: 'skip', rule: 'dependents_too' }])
    expect(await home.plan(plan.id)).toMatchObject({ status: 'PENDING_APPROVAL', approvals: [] })
  })
})

test('an approval of another hash is told the present plan', async () => {
  const plan = await planOf('touch_files')
  expect(await home.approve({ planId: plan.id, contentHash: '0'.repeat(64), userId: 'bob' })).toMatchObject({ __typename: 'PlanChangedError', contentHash: plan.contentHash, revision: 1, plan: { id: plan.id } })
})
