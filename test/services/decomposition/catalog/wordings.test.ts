import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadCatalog } from '../../../../src/catalog/load-catalog.ts'
import { createCatalogDecomposer } from '../../../../src/services/decomposition/catalog-decomposer.ts'

const catalog = await loadCatalog(fileURLToPath(new URL('hotel.yaml', import.meta.url)))
const decomposer = createCatalogDecomposer(catalog)
const understand = (text: string) => decomposer.decompose({ text, answers: [], previous: null })
const calls = async (text: string) => (await understand(text)).subtasks.map(({ intent, parameters }) => [intent, parameters])

test('a ban on others asks for a capability that keeps them from it', async () => {
  expect(await calls('Nobody should be able to open the safe in room 4 any more.')).toEqual([['lock_safe', { room: '4' }]])
})

test('what is given names what is done', async () => {
  expect(await calls('Give room 8 a thorough clean.')).toEqual([['clean_room', { room: '8' }]])
})

test.each(['Unlock the safe in room 9.', 'Reopen the safe in room 3.'])('a verb that undoes what a capability does is none of the others: %s', async (text) => {
  const { subtasks, outOfScope } = await understand(text)
  expect(subtasks).toEqual([])
  expect(outOfScope).toHaveLength(1)
})

test('a thing that no capability knows is out of scope, though the verb is one of the catalog', async () => {
  const { subtasks, outOfScope } = await understand('Please send me a plumber.')
  expect(subtasks).toEqual([])
  expect(outOfScope.map(({ text }) => text)).toEqual(['send me a plumber'])
})

test('a wish that names a thing but no deed is asked about', async () => {
  const { status, ambiguities } = await understand('Room 5 needs some attention.')
  expect(status).toBe('REQUIRES_CLARIFICATION')
  expect(ambiguities[0]!.choices).toContain('clean_room')
})

test('what a statement and a command say alike is called once', async () => {
  expect(await calls('Room 12 needs cleaning. Clean room 12!')).toEqual([['clean_room', { room: '12' }]])
})

test('a catalog with hundreds of examples is understood, and what is outside of it is found', async () => {
  const rooms = Array.from({ length: 160 }, (_, index) => `${100 + index}`)
  const many: Record<string, (room: string) => string> = {
    clean_room: (room) => `clean room ${room}`, deliver_item: (room) => `bring towels to room ${room}`, lock_safe: (room) => `lock the safe in room ${room}`, book_table: (room) => `book a table for Mr Lind of ${room} and 2 persons`,
  }
  const large = createCatalogDecomposer({ ...catalog, capabilities: catalog.capabilities.map((capability) => ({ ...capability, examples: [...capability.examples, ...rooms.map(many[capability.id]!)] })) })
  const read = (text: string) => large.decompose({ text, answers: [], previous: null })
  expect((await read('Please clean room 7 and lock its safe.')).subtasks.map(({ intent }) => intent)).toEqual(['clean_room', 'lock_safe'])
  expect((await read('Translate the contract into Danish.')).subtasks).toEqual([])
})
