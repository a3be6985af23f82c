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

test.each([
  'Do me a favour and clean room 8.', 'Go ahead and clean room 8, and let me know.', 'See to it that room 8 gets cleaned.', 'Clean room 8, it\'s urgent!', 'As for room 8: clean it.', 'Take room 8 and clean it.',
  'Hey, room 8 – clean it.', 'Clean room 12, ah no, room 8.', 'Room 8 should have been cleaned long ago.', 'clean room 8 thx', 'Room 8: cleaning, pleas.',
])('what is said beside a request asks for nothing: %s', async (text) => {
  const { subtasks, outOfScope, ambiguities } = await understand(text)
  expect([subtasks.map(({ intent, parameters }) => [intent, parameters]), outOfScope, ambiguities]).toEqual([[['clean_room', { room: '8' }]], [], []])
})

test.each(['Room 8, please.', 'Please process room 8.', 'Sort out room 8.', 'I want room 8 dealt with by noon.', 'Do the room thing for 8.'])('a name without a deed is asked about: %s', async (text) => {
  expect((await understand(text)).ambiguities).not.toEqual([])
})

test.each(['Clean the guest-room 8.', 'Clean the guestroom 8.'])('words are read together or apart as the catalog writes them: %s', async (text) => {
  expect(await calls(text)).toEqual([['clean_room', { room: '8' }]])
})

test('what stands between semicolons is asked for, whatever its form', async () => {
  expect(await calls('Today: room 8 gets cleaned; towels to room 9; the safe in room 3 locked.')).toEqual([
    ['clean_room', { room: '8' }], ['deliver_item', { item: 'towels', room: '9' }], ['lock_safe', { room: '3' }],
  ])
})

test.each([
  ['Prior to cleaning room 8 please lock the safe in room 3.', ['lock_safe', 'clean_room']], ['Before room 8 is cleaned, lock the safe in room 3.', ['lock_safe', 'clean_room']],
  ['Lock the safe in room 3, clean room 8, in that order please.', ['lock_safe', 'clean_room']],
])('what comes first is told by a clause without a comma, one with it, and afterwards: %s', async (text, order) => {
  const { subtasks } = await understand(text)
  expect([subtasks.map(({ intent }) => intent), subtasks[1]!.dependsOn]).toEqual([order, [1]])
})

test('what an example says is one task, though it reads like two or like none', async () => {
  const [first, ...others] = catalog.capabilities
  const learned = createCatalogDecomposer({ ...catalog, capabilities: [{ ...first!, examples: [...first!.examples, 'strip and clean room 4', 'do the turndown of room 7'] }, ...others] })
  const read = async (text: string) => (await learned.decompose({ text, answers: [], previous: null })).subtasks.map(({ intent, parameters }) => [intent, parameters])
  expect(await read('Please strip and clean room 31.')).toEqual([['clean_room', { room: '31' }]])
  expect(await read('Hi all, do the turndown of room 12 please. Best, Jo')).toEqual([['clean_room', { room: '12' }]])
})

test.each(['Water came through the ceiling last night.', 'The auditors arrive next week.', 'Traffic was terrible this morning.'])('what is told beside a request is not out of scope: %s', async (text) => {
  const { subtasks, outOfScope } = await understand(`${text} Clean room 8.`)
  expect([subtasks.map(({ intent }) => intent), outOfScope]).toEqual([['clean_room'], []])
})
