import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Ambiguity } from '../../../src/entities/decomposition.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { catalogOf, createPlanning, person, type Planning } from '../../harness/plan-builder.ts'
import { createScriptedDecomposer, decomposition, subtasks } from '../../harness/scripted-decomposer.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.drop())

const question = (id: string): Ambiguity => ({ id, question: `What is ${id}?`, choices: ['alpha', 'beta'], subtaskOrder: 1, parameter: id })
const known = subtasks({ intent: 'deploy_kuma' })
// Asks for the host, then for the version, then is content.
const decomposer = createScriptedDecomposer(({ answers }) =>
  answers.length >= 2
    ? decomposition({ subtasks: known })
    : decomposition({ status: 'REQUIRES_CLARIFICATION', subtasks: known, ambiguities: [question(answers.length === 0 ? 'host' : 'version')] }),
)

let planning: Planning
beforeEach(() => void (planning = createPlanning({ url: database.url, decomposer })))
afterEach(() => planning.stop())

test('answers lead to the next question, then to a complete request, and stay in the log', async () => {
  const asked = await planning.submit({ text: 'Deploy it' })
  expect(asked).toMatchObject({ status: 'REQUIRES_CLARIFICATION', ambiguities: [{ id: 'host' }] })

  const next = await planning.clarify(asked.id, [{ ambiguityId: 'host', answer: 'alpha' }])
  expect(next).toMatchObject({ status: 'REQUIRES_CLARIFICATION', ambiguities: [{ id: 'version' }], subtasks: known })

  const done = await planning.clarify(asked.id, [{ ambiguityId: 'version', answer: '2.0' }], person('bob'))
  expect(done).toMatchObject({ status: 'PARSING_COMPLETE', ambiguities: [] })
  expect(done.answers).toMatchObject([{ answer: 'alpha', by: 'ann' }, { answer: '2.0', by: 'bob' }])
  expect(decomposer.asked.at(-1)).toMatchObject({
    answers: [{ ambiguity: { id: 'host' }, answer: 'alpha' }, { ambiguity: { id: 'version' }, answer: '2.0' }],
    previous: { subtasks: known, ambiguities: [{ id: 'version' }] },
  })
  expect(await planning.logKinds(asked.id)).toEqual([
    'REQUEST_SUBMITTED', 'CLARIFICATION_ASKED', 'REQUEST_CLARIFIED', 'CLARIFICATION_ASKED', 'REQUEST_CLARIFIED', 'REQUEST_PARSED',
  ])
})

test('an answer survives a restart between two questions', async () => {
  const { id } = await planning.submit({ text: 'Deploy it' })
  await planning.clarify(id, [{ ambiguityId: 'host', answer: 'alpha' }])
  await planning.stop()
  planning = createPlanning({ url: database.url, decomposer })
  expect(await planning.clarify(id, [{ ambiguityId: 'version', answer: '2.0' }])).toMatchObject({ status: 'PARSING_COMPLETE' })
})

test.each([
  ['an unknown question', [{ ambiguityId: 'port', answer: 'x' }], 'answers.0.ambiguityId', 'known'],
  ['no answer', [], 'answers', 'count'],
  ['a blank answer', [{ ambiguityId: 'host', answer: '  ' }], 'answers.0.answer', 'not_blank'],
  ['a long answer', [{ ambiguityId: 'host', answer: 'x'.repeat(2_001) }], 'answers.0.answer', 'max_length'],
  ['two answers to one question', [{ ambiguityId: 'host', answer: 'a' }, { ambiguityId: 'host', answer: 'b' }], 'answers.1.ambiguityId', 'unique'],
])('%s is refused and changes nothing', async (_, answers, path, rule) => {
  const { id } = await planning.submit({ text: 'Deploy it' })
  await expect(planning.clarify(id, answers)).rejects.toMatchObject({ code: 'INVALID_INPUT', issues: [{ path, rule }] })
  expect(await planning.logKinds(id)).toEqual(['REQUEST_SUBMITTED', 'CLARIFICATION_ASKED'])
})

test('a request without an open question takes no answers', async () => {
  const { id } = await planning.submit({ subtasks: [{ intent: 'deploy_kuma', parameters: {} }] })
  await expect(planning.clarify(id, [{ ambiguityId: 'host', answer: 'alpha' }])).rejects.toMatchObject({ code: 'INVALID_STATE', status: 'PARSING_COMPLETE' })
})

test('of two answers at once one is taken and the other told the state', async () => {
  const { id } = await planning.submit({ text: 'Deploy it' })
  const both = await Promise.allSettled(['alpha', 'beta'].map((answer) => planning.clarify(id, [{ ambiguityId: 'host', answer }])))
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('an unknown request is not found', async () => {
  const unknown = planning.clarify('00000000-0000-4000-8000-000000000000', [{ ambiguityId: 'host', answer: 'alpha' }])
  await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('where a secret is asked for only its name is taken, and what else was said is stored nowhere', async () => {
  const catalog = catalogOf([{ id: 'deploy_kuma', parameters: [{ name: 'key', type: 'secret', required: true }] }])
  const asking = createScriptedDecomposer(({ answers }) => answers.length > 0
    ? decomposition({ subtasks: known })
    : decomposition({ status: 'REQUIRES_CLARIFICATION', subtasks: known, ambiguities: [{ ...question('key'), choices: [] }] }))
  const secretive = createPlanning({ url: database.url, decomposer: asking, catalog })
  try {
    const asked = await secretive.submit({ text: 'Deploy it' })
    await expect(secretive.clarify(asked.id, [{ ambiguityId: 'key', answer: 'canary-literal' }])).rejects.toMatchObject({
      code: 'INVALID_INPUT', issues: [{ path: 'answers.0.answer', rule: 'secret_reference' }],
    })
    const { rows } = await secretive.pool.query(`select count(*) as found from request r left join execution_log_entry e on e.stream = r.id
      where r.id = $1 and (r::text || coalesce(e::text, '')) like '%canary-literal%'`, [asked.id])
    expect(rows).toEqual([{ found: 0 }])
    expect(await secretive.clarify(asked.id, [{ ambiguityId: 'key', answer: 'secret:kuma_2' }])).toMatchObject({ status: 'PARSING_COMPLETE' })
  } finally {
    await secretive.stop()
  }
})
