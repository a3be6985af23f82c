import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Plan, Request, Task } from '../../src/entities/index.ts'
import {
  InfeasiblePlanError, InvalidStateError, NotFoundError, PlanChangedError, UnavailableError,
} from '../../src/errors.ts'
import { toGlobalId } from '../../src/global-id.ts'
import { unexpectedMessage } from '../../src/http/client-error.ts'
import { startApi, type Api } from './api.ts'
import * as rows from './rows.ts'

let api: Api
let calls: { name: string; userId: string; input: unknown }[] = []
let answer: (name: string) => unknown
let request: Request
let plan: Plan
let task: Task

const scripted = (name: string) => async (principal: { userId: string }, input: unknown) => {
  calls.push({ name, userId: principal.userId, input })
  return (await answer(name)) as never
}

beforeAll(async () => {
  const names = [
    'submitRequest', 'clarifyRequest', 'generatePlan', 'revisePlan', 'requestChanges', 'approvePlan', 'cancelPlan', 'retryTask', 'resolveTask',
  ]
  api = await startApi({ services: Object.fromEntries(names.map((name) => [name, scripted(name)])) })
  await api.write((em) => {
    request = rows.requestRow(em)
    plan = rows.planRow(em, request)
    task = rows.taskRow(em, plan, 1)
    rows.approvalRow(em, plan)
    rows.logRows(em, plan.id, 'PLAN', [{}, {}])
  })
})
afterAll(() => api.stop())
beforeEach(() => {
  calls = []
  answer = (name) => (name.endsWith('Request') ? request : name.endsWith('Task') ? task : plan)
})

const error = '... on Error { __typename message code } ... on InvalidInputError { issues { path rule message } }'
const run = async (mutation: string, type: string, input: object, selection = 'id') => {
  const inputType = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
  const data = await api.client.data(
    `mutation ($input: ${inputType}!) { result: ${mutation}(input: $input) { ... on ${type} { ${selection} } ${error} } }`,
    { input },
  )
  return data.result
}
const planId = () => toGlobalId('Plan', plan.id)
const taskId = () => toGlobalId('Task', task.id)
const requestId = () => toGlobalId('Request', request.id)

test('each mutation calls one service with bare ids and answers the row', async () => {
  const inputs: [string, string, object, object][] = [
    ['submitRequest', 'Request', { text: 'Deploy Kuma', userId: 'ada' }, { text: 'Deploy Kuma', subtasks: null, idempotencyKey: null }],
    ['submitRequest', 'Request', { subtasks: [{ intent: 'deploy_kuma' }] }, { text: null, subtasks: [{ intent: 'deploy_kuma', parameters: {} }], idempotencyKey: null }],
    ['clarifyRequest', 'Request', { requestId: requestId(), answers: [{ ambiguityId: 'a1', answer: 'existing' }] }, { requestId: request.id, answers: [{ ambiguityId: 'a1', answer: 'existing' }] }],
    ['generatePlan', 'Plan', { requestId: requestId() }, { requestId: request.id, regenerate: false }],
    ['revisePlan', 'Plan', { planId: planId(), expectedRevision: 1, edits: [{ removeTask: { task: 2 } }] }, { planId: plan.id, expectedRevision: 1, edits: [{ removeTask: { task: 2 } }] }],
    ['requestChanges', 'Plan', { planId: planId(), feedback: 'not so' }, { planId: plan.id, contentHash: null, feedback: 'not so' }],
    ['approvePlan', 'Plan', { planId: planId(), skip: [taskId()], notes: '' }, { planId: plan.id, approved: true, contentHash: null, acceptInfeasible: false, notes: '', skip: [task.id] }],
    ['cancelPlan', 'Plan', { planId: planId(), reason: 'no' }, { planId: plan.id, reason: 'no' }],
    ['retryTask', 'Task', { taskId: taskId() }, { taskId: task.id }],
    ['resolveTask', 'Task', { taskId: taskId(), outcome: 'FAILED' }, { taskId: task.id, outcome: 'FAILED', notes: null }],
  ]
  for (const [mutation, type, input, expected] of inputs) {
    calls = []
    const result = await run(mutation, type, input)
    expect(result.id).toMatch(new RegExp(`^${type}_`))
    expect(calls).toMatchObject([{ name: mutation, input: expected }])
  }
})

test('the acting user is the one of the input, or anonymous', async () => {
  await run('cancelPlan', 'Plan', { planId: planId(), userId: 'grace' })
  await run('cancelPlan', 'Plan', { planId: planId() })
  expect(calls.map(({ userId }) => userId)).toEqual(['grace', 'anonymous'])
})

test.each(['', '   ', '\n\t'])('a blank text %j is InvalidInputError', async (text) => {
  const result = await run('submitRequest', 'Request', { text })
  expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT', issues: [{ path: 'text', rule: 'not_blank' }] })
  expect(calls).toEqual([])
})

test('a text counts in code points: 10,000 of them pass and one more is InvalidInputError', async () => {
  expect(await run('submitRequest', 'Request', { text: '😀'.repeat(10_000) })).toHaveProperty('id')
  expect(await run('submitRequest', 'Request', { text: '😀'.repeat(10_001) })).toMatchObject({ issues: [{ path: 'text', rule: 'max_length' }] })
})

test('texts that no database can hold are InvalidInputError with their path', async () => {
  expect(await run('submitRequest', 'Request', { text: 'a\0b' })).toMatchObject({ issues: [{ path: 'text', rule: 'encoding' }] })
  expect(await run('submitRequest', 'Request', { text: 'ok', userId: 'a\0' })).toMatchObject({ issues: [{ path: 'userId', rule: 'encoding' }] })
  const subtasks = [{ intent: 'deploy_kuma' }, { intent: 'deploy_kuma', parameters: { deep: ['\ud800'] } }]
  expect(await run('submitRequest', 'Request', { subtasks })).toMatchObject({ issues: [{ path: 'subtasks.1.parameters', rule: 'encoding' }] })
})

test('bounds of lists and nested inputs are told with paths', async () => {
  const edits = Array.from({ length: 201 }, () => ({ removeTask: { task: 1 } }))
  expect(await run('revisePlan', 'Plan', { planId: planId(), expectedRevision: 1, edits })).toMatchObject({ issues: [{ path: 'edits', rule: 'count' }] })
  const reorder = { tasks: Array.from({ length: 1_001 }, (_, index) => index + 1) }
  expect(await run('revisePlan', 'Plan', { planId: planId(), expectedRevision: 1, edits: [{ reorder }] })).toMatchObject({
    issues: [{ path: 'edits.0.reorder.tasks', rule: 'count' }],
  })
  expect(await run('cancelPlan', 'Plan', { planId: planId(), userId: 'u'.repeat(201) })).toMatchObject({ issues: [{ path: 'userId' }] })
  expect(await run('cancelPlan', 'Plan', { planId: planId(), reason: 'r'.repeat(2_001) })).toMatchObject({ issues: [{ path: 'reason', rule: 'max_length', message: 'Use at most 2,000 characters.' }] })
  expect(await run('approvePlan', 'Plan', { planId: planId(), notes: 'a\0' })).toMatchObject({ issues: [{ path: 'notes', rule: 'encoding' }] })
  expect(calls).toEqual([])
})

test.each([
  () => 'garbage', () => 'Plan_', () => `Task_${randomUUID()}`, () => `plan_${randomUUID()}`, () => `Plan_${randomUUID()}' or 1=1`, () => '',
])('a malformed or foreign id is NotFoundError', async (id) => {
  expect(await run('cancelPlan', 'Plan', { planId: id() })).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
  expect(calls).toEqual([])
})

test('typed errors of the services are members of the union with their fields', async () => {
  const approve = (selection: string) => run('approvePlan', 'Plan', { planId: planId() }, `id } ${selection}`)
  answer = () => { throw new NotFoundError('plan', 'x') }
  expect(await approve('... on NotFoundError { code')).toMatchObject({ code: 'NOT_FOUND' })
  answer = () => { throw new PlanChangedError({ ...plan, contentHash: 'b'.repeat(64), revision: 2 }) }
  expect(await approve('... on PlanChangedError { contentHash revision plan { id }')).toMatchObject({ contentHash: 'b'.repeat(64), revision: 2, plan: { id: planId() } })
  answer = () => { throw new InfeasiblePlanError([{ taskId: task.id, order: 1, name: 'Deploy', reason: 'nobody' }]) }
  expect(await approve('... on InfeasiblePlanError { tasks { order name reason task { id } }')).toMatchObject({ tasks: [{ order: 1, reason: 'nobody', task: { id: taskId() } }] })
  answer = () => { throw new UnavailableError('Full.', 7) }
  expect(await approve('... on UnavailableError { retryAfterSeconds')).toMatchObject({ retryAfterSeconds: 7 })
})

test('InvalidStateError names the status and the deciding approval', async () => {
  const [approval] = await api.orm.em.fork().execute('select id from approval')
  answer = () => { throw new InvalidStateError('Already decided.', 'APPROVED', approval!['id']) }
  const result = await run('approvePlan', 'Plan', { planId: planId() }, 'id } ... on InvalidStateError { status approval { decidedBy decision notes }')
  expect(result).toMatchObject({ status: 'APPROVED', approval: { decidedBy: 'grace', decision: 'APPROVED', notes: 'go' } })
})

test('an unexpected error is masked, and logged with the id of the request', async () => {
  answer = () => { throw new Error('secret of the house') }
  const query = 'mutation ($id: ID!) { cancelPlan(input: { planId: $id }) { __typename } }'
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'trace-me' },
    body: JSON.stringify({ query, variables: { id: planId() } }),
  })
  const text = await response.text()
  expect(JSON.parse(text).errors).toMatchObject([{ message: unexpectedMessage, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'trace-me' } }])
  expect(text).not.toContain('secret')
  expect(response.headers.get('x-request-id')).toBe('trace-me')
  expect(api.log.find(({ level }) => level === 'error')).toMatchObject({ details: { requestId: 'trace-me', err: { message: 'secret of the house' } } })
})
