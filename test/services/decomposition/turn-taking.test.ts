import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurnTaking } from '../../../src/services/decomposition/turn-taking.ts'

function holdFor(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('long work is done one a turn, in order, and others are served in between', async () => {
  const inTurn = createTurnTaking(5)
  const order: string[] = []
  let isOver = false
  const others = async () => {
    while (!isOver) {
      await turn()
      order.push('other')
    }
  }
  const serving = others()
  await Promise.all([1, 2, 3].map((number) => inTurn(() => {
    holdFor(6)
    order.push(`work ${number}`)
  })))
  isOver = true
  await serving
  expect(order.filter((entry) => entry !== 'other')).toEqual(['work 1', 'work 2', 'work 3'])
  for (const number of [1, 2]) expect(order[order.indexOf(`work ${number}`) + 1]).toBe('other')
})

test('short work is done at once', () => {
  const inTurn = createTurnTaking(1_000)
  let done = 0
  for (let count = 0; count < 100; count++) void inTurn(() => done++)
  expect(done).toBe(100)
})

test('a fault goes to who asked, and the next are done', async () => {
  const inTurn = createTurnTaking(5)
  const fault = inTurn(() => {
    throw new Error('no')
  })
  await expect(fault).rejects.toThrow('no')
  expect(await inTurn(() => 'done')).toBe('done')
})
