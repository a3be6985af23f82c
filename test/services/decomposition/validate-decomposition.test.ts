import { expect, test } from 'vitest'
import { validateDecomposition } from '../../../src/services/decomposition/validate-decomposition.ts'
import { catalogOf } from '../../harness/plan-builder.ts'
import { decomposition, subtasks } from '../../harness/scripted-decomposer.ts'

const catalog = catalogOf([{
  id: 'heat', name: 'Heat {{sample}}',
  parameters: [{ name: 'sample', type: 'string', required: true }, { name: 'degrees', type: 'integer', minimum: 20, maximum: 400 }, { name: 'port', type: 'port' }, { name: 'by', type: 'username' }],
}])
const validated = (parameters: object) => validateDecomposition(catalog, decomposition({ subtasks: subtasks({ intent: 'heat', parameters: { sample: 'S1', ...parameters } }) }))

test('a number beyond the bounds of its parameter is asked about, with the bounds, and not left out in silence', () => {
  expect(validated({ degrees: 9_000 })).toMatchObject({
    status: 'REQUIRES_CLARIFICATION',
    subtasks: [{ parameters: { sample: 'S1' } }],
    ambiguities: [{ id: '1.degrees', subtaskOrder: 1, parameter: 'degrees', question: 'Heat S1: which number for degrees? Give a whole number from 20 to 400.' }],
  })
  expect(validated({ degrees: 20, port: 70_000 }).ambiguities.map(({ parameter }) => parameter)).toEqual(['port'])
})

test('an optional value of another type is left out without a question', () => {
  expect(validated({ degrees: 'warm', by: 'two words' })).toMatchObject({ status: 'PARSING_COMPLETE', subtasks: [{ parameters: { sample: 'S1' } }], ambiguities: [] })
})
