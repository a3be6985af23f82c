import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadCatalog } from '../../../../src/catalog/load-catalog.ts'
import { createCatalogDecomposer } from '../../../../src/services/decomposition/catalog-decomposer.ts'

const decomposer = createCatalogDecomposer(await loadCatalog(fileURLToPath(new URL('hotel.yaml', import.meta.url))))
const understand = async (text: string) => {
  const { subtasks, outOfScope } = await decomposer.decompose({ text, answers: [], previous: null })
  return { calls: subtasks.map(({ intent, parameters }) => [intent, parameters]), outside: outOfScope.map((item) => item.text) }
}

test('a wish that names nothing asks for what the statement before it speaks of', async () => {
  expect(await understand('The carpet in room 12 is filthy. Could somebody see to it?')).toEqual({ calls: [['clean_room', { room: '12' }]], outside: [] })
})

test('a wish that names something else is not taken for the statement before it', async () => {
  expect(await understand('The safe in room 9 does not open. Please order pizza.')).toEqual({ calls: [], outside: ['order pizza'] })
})

test('what does not work is not taken for the opposite of what would mend it', async () => {
  expect((await understand('The safe in room 9 does not open.')).calls).toEqual([])
})

test('a ban stays a ban', async () => {
  expect(await understand('Do not clean room 4.')).toEqual({ calls: [], outside: [] })
})
