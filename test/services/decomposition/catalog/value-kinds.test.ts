import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadCatalog } from '../../../../src/catalog/load-catalog.ts'
import { createCatalogDecomposer } from '../../../../src/services/decomposition/catalog-decomposer.ts'

const decomposer = createCatalogDecomposer(await loadCatalog(fileURLToPath(new URL('rental.yaml', import.meta.url))))
const understand = (text: string) => decomposer.decompose({ text, answers: [], previous: null })
const calls = async (text: string) => (await understand(text)).subtasks.map(({ intent, parameters }) => [intent, parameters])

test('a name that begins like those of vehicles is no reservation', async () => {
  expect(await calls('Cancel KX-318.')).toEqual([['cancel_reservation', {}]])
  expect(await calls('R-2201 belongs to Ms Tanaka: cancel it.')).toEqual([['cancel_reservation', { reservation: 'R-2201' }]])
})

test('what "it" and "her" mean begins like other values of their kind', async () => {
  expect(await calls('R-2201 is Ms Tanaka\'s. Cancel it and tell her "see you soon".')).toEqual([
    ['cancel_reservation', { reservation: 'R-2201' }], ['tell_customer', { customer: 'Ms Tanaka', message: 'see you soon' }],
  ])
})

test('the only thing of a kind that a request names is meant throughout', async () => {
  expect(await calls('Wash KX-318, but lock up first.')).toEqual([['lock_vehicle', { vehicle: 'KX-318' }], ['wash_vehicles', { vehicles: ['KX-318'] }]])
  expect(await calls('After KX-318 is washed, lock the vehicle.')).toEqual([['wash_vehicles', { vehicles: ['KX-318'] }], ['lock_vehicle', { vehicle: 'KX-318' }]])
})

test.each(['Cancel my gym membership.', 'Book me a flight to Lisbon.', 'Remind me to call my mother tonight.'])('ordinary words are no names where all names have a number: %s', async (text) => {
  expect((await calls(text)).flatMap(([, parameters]) => Object.keys(parameters!))).toEqual([])
})

test('a number below zero is one', async () => {
  expect(await calls('Bring van-3 to -5 degrees.')).toEqual([['set_climate', { vehicle: 'van-3', celsius: -5 }]])
})

test('what a message says is no value of anything else', async () => {
  expect(await calls('Let Mrs Lund know that KX-318 was washed.')).toEqual([['tell_customer', { customer: 'Mrs Lund', message: 'KX-318 was washed' }]])
})

test('names side by side and below a command are the values of a list', async () => {
  for (const text of ['Wash KX-1/KX-22/van-3.', 'Wash:\n- KX-1\n- KX-22\n- van-3', 'Wash KX-1, KX-22 plus van-3, thx']) {
    expect(await calls(text)).toEqual([['wash_vehicles', { vehicles: ['KX-1', 'KX-22', 'van-3'] }]])
  }
})
