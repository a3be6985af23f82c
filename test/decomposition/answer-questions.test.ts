import { describe, expect, test } from 'vitest'
import { createAnsweringDecomposer } from '../../src/services/decomposition/answer-questions.ts'
import type { Ambiguity, Decomposition } from '../../src/services/decomposition/request-decomposer.ts'
import { catalogOf } from '../harness/plan-builder.ts'
import { createScriptedDecomposer, decomposition, subtasks } from '../harness/scripted-decomposer.ts'

const catalog = catalogOf([
  { id: 'create_backup', name: 'Create a backup' },
  { id: 'restore_backup', name: 'Restore the backup {{name}}', parameters: [{ name: 'name', type: 'enum', required: true, values: ['monday', 'friday'] }] },
  { id: 'restart', name: 'Restart {{service}}', parameters: [{ name: 'service', type: 'string', required: true }] },
])

/** Understands "create", "restore [day]" and "restart x" between commas, each after the one before. */
const words = createScriptedDecomposer(({ text }) => {
  const found = text.split(/,\s*/).flatMap((part) => {
    if (/create a backup/i.test(part)) return [{ intent: 'create_backup' }]
    const day = /monday|friday/.exec(part)?.[0]
    if (/restore the backup/i.test(part)) return [{ intent: 'restore_backup', parameters: day ? { name: day } : {} }]
    const service = /restart (\w+)/i.exec(part)?.[1]
    return service ? [{ intent: 'restart', parameters: { service } }] : []
  })
  const parts = subtasks(...found).map((part) => ({ ...part, dependsOn: part.order > 1 ? [part.order - 1] : [] }))
  return decomposition({ status: parts.length ? 'PARSING_COMPLETE' : 'PARSING_FAILED', subtasks: parts })
})
const answering = createAnsweringDecomposer(catalog, words)

const which: Ambiguity = { id: 'which.4', question: 'What is meant by "do the backup"?', choices: ['create_backup', 'restore_backup'], subtaskOrder: null, parameter: null }
const text = 'restart nginx, do the backup, restart postgres'
const understood = subtasks({ intent: 'restart', parameters: { service: 'nginx' } }, { intent: 'restart', parameters: {}, dependsOn: [1] })
const missing: Ambiguity = { id: '2.service', question: 'Restart: which service?', choices: [], subtaskOrder: 2, parameter: 'service' }
const previous = (ambiguities: Ambiguity[]): Decomposition => decomposition({ status: 'REQUIRES_CLARIFICATION', subtasks: understood, ambiguities })
const answer = (said: string, ambiguity = which, open = [which]) =>
  answering.decompose({ text, answers: [{ ambiguity, answer: said }], newAnswers: 1, previous: previous(open) })

describe('a part that fits several capabilities', () => {
  test.each(['create_backup', 'create backup', 'Create a backup.'])('becomes the one that is called %s, in its place', async (said) => {
    const complete = decomposition({ status: 'REQUIRES_CLARIFICATION', subtasks: understood.map((part) => ({ ...part, parameters: { service: 'nginx' } })), ambiguities: [which] })
    const result = await answering.decompose({ text, answers: [{ ambiguity: which, answer: said }], previous: complete })
    expect(result).toMatchObject({ status: 'PARSING_COMPLETE', ambiguities: [], subtasks: [{ intent: 'restart', order: 1 }, { intent: 'create_backup', order: 2, dependsOn: [1] }, { intent: 'restart', order: 3, dependsOn: [1] }] })
  })

  test('asks for what the chosen one needs, and open questions move with their subtask', async () => {
    const result = await answer('restore_backup', which, [which, missing])
    expect(result).toMatchObject({ status: 'REQUIRES_CLARIFICATION', subtasks: [{ intent: 'restart' }, { intent: 'restore_backup' }, { intent: 'restart' }] })
    expect(result.ambiguities.map(({ id, subtaskOrder, parameter }) => [id, subtaskOrder, parameter])).toEqual([['3.service', 3, 'service'], ['2.name', 2, 'name']])
  })

  test('is left out where none is meant, and is reported', async () => {
    for (const said of ['none', 'none of them', 'Neither of these.']) {
      expect(await answer(said)).toMatchObject({ subtasks: [{ intent: 'restart' }, { intent: 'restart' }], ambiguities: [{ parameter: 'service' }], outOfScope: [{ text: 'do the backup', reason: 'Left out by an answer.' }] })
    }
  })

  test('is read in the words of the answer where that is another request', async () => {
    expect((await answer('restore the backup friday')).subtasks.at(-1)).toMatchObject({ intent: 'restore_backup', parameters: { name: 'friday' } })
  })

  test('stays a question where the answer says nothing the catalog knows', async () => {
    expect((await answer('the purple one')).ambiguities[0]).toEqual(which)
  })
})

test('an answer of an earlier round is not taken for a later question of the same name', async () => {
  const earlier = { ambiguity: { ...missing, question: 'Another question' }, answer: 'apache' }
  const result = await answering.decompose({ text, answers: [earlier, { ambiguity: which, answer: 'none' }], newAnswers: 1, previous: previous([which, missing]) })
  expect(result).toMatchObject({ status: 'REQUIRES_CLARIFICATION', ambiguities: [{ id: '2.service' }], subtasks: [{}, { parameters: {} }] })
})

test.each(['not postgres', "I don't know", 'what?', 'no idea', 'anything but nginx', 'keine Ahnung'])('"%s" is no value, not even of a free text: it is asked again', async (said) => {
  expect(await answer(said, missing, [missing])).toMatchObject({ status: 'REQUIRES_CLARIFICATION', subtasks: [{}, { parameters: {} }], ambiguities: [{ id: '2.service', question: expect.stringMatching(/Name the value that is meant\.$/) }] })
})

test.each(['notes', 'no-reboot', 'not before the night run of friday'])('"%s" is a value', async (said) => {
  expect(await answer(said, missing, [missing])).toMatchObject({ status: 'PARSING_COMPLETE', subtasks: [{}, { parameters: { service: said } }] })
})

test.each([
  ['web01, please', 'web01'], ['service web01', 'web01'], ['the service is nginx', 'nginx'], ['Service: nginx bitte', 'nginx'], ["it's nginx", 'nginx'], ['nginx，谢谢', 'nginx'],
  ['service desk', 'service desk'], ['please', 'please'], ['the one that everybody in the office asks for, please', 'the one that everybody in the office asks for, please'],
])('"%s" is read as %s', async (said, service) => {
  expect(await answer(said, missing, [missing])).toMatchObject({ status: 'PARSING_COMPLETE', subtasks: [{}, { parameters: { service } }] })
})

test('without answers the decomposer is asked as ever', async () => {
  expect(await answering.decompose({ text: 'create a backup', answers: [], previous: null })).toMatchObject({ subtasks: [{ intent: 'create_backup' }] })
})
