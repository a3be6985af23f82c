import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { createPlanning, person, type Planning, type PlanningOptions } from '../../harness/plan-builder.ts'
import { createScriptedDecomposer, decomposition, subtasks } from '../../harness/scripted-decomposer.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.drop())

let planning: Planning
const understood = createScriptedDecomposer(() => decomposition({ subtasks: subtasks({ intent: 'deploy_kuma' }) }))
const restart = async (options: Omit<PlanningOptions, 'url'>) => {
  await planning.stop()
  planning = createPlanning({ url: database.url, ...options })
}
beforeEach(() => void (planning = createPlanning({ url: database.url, decomposer: understood })))
afterEach(() => planning.stop())

const stored = async (id: string) => (await planning.pool.query('select * from request where id = $1', [id])).rows[0]

test('an understood request is complete in the first answer, with its log', async () => {
  const request = await planning.submit({ text: 'Deploy Kuma' })
  expect(request).toMatchObject({ status: 'PARSING_COMPLETE', text: 'Deploy Kuma', submittedBy: 'ann', decomposer: 'scripted' })
  expect(request.subtasks).toHaveLength(1)
  expect(await stored(request.id)).toMatchObject({ status: 'PARSING_COMPLETE', created_at: request.createdAt, parsing_lease_until: null })
  expect(await planning.logKinds(request.id)).toEqual(['REQUEST_SUBMITTED', 'REQUEST_PARSED'])
  expect(planning.hints).toContainEqual({ requestId: request.id })
})

test.each([
  ['empty text', { text: '' }, 'text', 'not_blank'],
  ['blank text', { text: ' \n\u200b\u3000' }, 'text', 'not_blank'],
  ['10,001 characters', { text: '🙂'.repeat(10_001) }, 'text', 'max_length'],
  ['a NUL', { text: 'deploy\u0000kuma' }, 'text', 'encoding'],
  ['half a surrogate pair', { text: 'deploy \ud83d kuma' }, 'text', 'encoding'],
  ['neither text nor subtasks', {}, 'text', 'exactly_one'],
  ['both text and subtasks', { text: 'x', subtasks: [{ intent: 'deploy_kuma', parameters: {} }] }, 'text', 'exactly_one'],
  ['no subtask', { subtasks: [] }, 'subtasks', 'count'],
  ['1,001 subtasks', { subtasks: Array.from({ length: 1_001 }, () => ({ intent: 'deploy_kuma', parameters: {} })) }, 'subtasks', 'count'],
  ['a long key', { text: 'x', idempotencyKey: 'k'.repeat(201) }, 'idempotencyKey', 'max_length'],
  ['an empty key', { text: 'x', idempotencyKey: '' }, 'idempotencyKey', 'not_blank'],
])('%s is refused with path and rule', async (_, input, path, rule) => {
  const before = await planning.pool.query('select count(*) from request')
  await expect(planning.submit(input)).rejects.toMatchObject({ code: 'INVALID_INPUT', issues: [{ path, rule }] })
  expect((await planning.pool.query('select count(*) from request')).rows).toEqual(before.rows)
})

test('10,000 characters outside the basic plane are accepted', async () => {
  expect(await planning.submit({ text: '🙂'.repeat(10_000) })).toMatchObject({ status: 'PARSING_COMPLETE' })
})

test('a repeated submit answers the first request, also when many come at once', async () => {
  const input = { text: 'Deploy Kuma', idempotencyKey: 'once' }
  const first = await Promise.all(Array.from({ length: 40 }, () => planning.submit(input)))
  const later = await planning.submit(input)
  expect(new Set([...first, later].map(({ id }) => id)).size).toBe(1)
  expect(await planning.logKinds(later.id)).toEqual(['REQUEST_SUBMITTED', 'REQUEST_PARSED'])
})

test('concurrent repeats on two replicas make one request', async () => {
  const other = createPlanning({ url: database.url, decomposer: understood })
  const inputs = Array.from({ length: 30 }, (_, index) => ({ text: 'Deploy Kuma', idempotencyKey: `replicas-${index}` }))
  const [here, there] = await Promise.all([
    Promise.all(inputs.map((input) => planning.submit(input))),
    Promise.all(inputs.toReversed().map((input) => other.submit(input))),
  ])
  await other.stop()
  expect(there.toReversed().map(({ id }) => id)).toEqual(here.map(({ id }) => id))
})

test('a key is refused for other content and free for another user', async () => {
  const { id } = await planning.submit({ text: 'Deploy Kuma', idempotencyKey: 'mine' })
  await expect(planning.submit({ text: 'Deploy two', idempotencyKey: 'mine' })).rejects.toMatchObject({
    code: 'INVALID_INPUT', issues: [{ path: 'idempotencyKey', rule: 'same_content' }],
  })
  expect((await planning.submit({ text: 'Deploy two', idempotencyKey: 'mine' }, person('bob'))).id).not.toBe(id)
})

test('a decomposer that throws makes a failed request with the reason, not an error', async () => {
  await restart({ decomposer: createScriptedDecomposer(() => { throw new Error('The model refused.') }) })
  const request = await planning.submit({ text: 'Deploy Kuma' })
  expect(request).toMatchObject({ status: 'PARSING_FAILED', failureReason: 'The model refused.' })
  expect(await planning.logKinds(request.id)).toEqual(['REQUEST_SUBMITTED', 'PARSING_FAILED'])
})

test('faults of the code do not leak into the reason', async () => {
  await restart({ decomposer: createScriptedDecomposer(() => { throw new TypeError("Cannot read '/srv/secret'") }) })
  const { failureReason } = await planning.submit({ text: 'Deploy Kuma' })
  expect(failureReason).toMatch(/^The decomposer failed/)
})

test('secrets are taken out before the text is stored or understood', async () => {
  const request = await planning.submit({ text: 'Deploy Kuma with password=hunter2! and sk-abcdefghijklmnop1234' })
  expect(request.text).toBe('Deploy Kuma with password=[redacted] and [redacted]')
  expect(understood.asked.at(-1)!.text).toBe(request.text)
  const { rows } = await planning.pool.query('select detail::text from execution_log_entry where stream = $1', [request.id])
  expect(JSON.stringify(rows)).not.toContain('hunter2')
})

test('submitted subtasks need no decomposer', async () => {
  const request = await planning.submit({ subtasks: [{ intent: 'deploy_kuma', parameters: {} }, { intent: 'add_portals', parameters: { scope: 'new' }, dependsOn: [1] }] })
  expect(request).toMatchObject({ status: 'PARSING_COMPLETE', decomposer: 'program', text: '' })
  expect(request.subtasks[1]).toMatchObject({ order: 2, intent: 'add_portals', dependsOn: [1] })
})

test('concurrent submits share transactions', async () => {
  await planning.submit({ text: 'warm up' })
  const begun = vi.spyOn(planning.pool, 'connect')
  const requests = await Promise.all(Array.from({ length: 200 }, (_, index) => planning.submit({ text: `Deploy Kuma ${index}` })))
  expect(new Set(requests.map(({ id }) => id)).size).toBe(200)
  expect(begun.mock.calls.length).toBeLessThan(20)
})
