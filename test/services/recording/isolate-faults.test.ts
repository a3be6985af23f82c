import { expect, test } from 'vitest'
import { isolateFaults } from '../../../src/services/recording/isolate-faults.ts'

const unlessPoisoned = (items: readonly string[]) =>
  items.includes('poison') ? Promise.reject(new Error('bad value')) : Promise.resolve(items.map((item) => item.toUpperCase()))

test('one faulty item does not fail the others of its batch', async () => {
  expect(await isolateFaults(unlessPoisoned)(['a', 'poison', 'b'])).toEqual(['A', new Error('bad value'), 'B'])
})

test('when the database is away the whole batch is told to try again, and is not tried item by item', async () => {
  let calls = 0
  const flush = isolateFaults<string, string>(() => {
    calls++
    return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
  })
  expect(await flush(['a', 'b'])).toEqual([expect.objectContaining({ code: 'UNAVAILABLE' }), expect.objectContaining({ code: 'UNAVAILABLE' })])
  expect(calls).toBe(1)
})
