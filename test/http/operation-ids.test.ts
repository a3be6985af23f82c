/** Ids of operations belong to the client, which may use one again as soon as it has completed what had it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type Api } from '../schema/api.ts'
import { answered, changes, hello, slow } from './protocol-site.ts'
import { openConnection, patience } from './protocol-socket.ts'

let api: Api
let started = 0
let release: () => void = () => {}
beforeAll(async () => {
  api = await startApi({
    services: {
      watchPlans: (_principal, signal) => (async function* () {
        await new Promise((resolve) => signal?.addEventListener('abort', resolve))
        yield* []
      })(),
      async submitRequest(): Promise<never> {
        started++
        await new Promise<void>((resolve) => (release = resolve))
        throw new Error('scripted')
      },
    },
  })
})
afterAll(() => api?.stop())

test('an operation gets nothing of the one that had its id before', async () => {
  const connection = await openConnection(api.url)
  connection.subscribe('same', slow)
  await expect.poll(() => started, patience).toBe(1)
  connection.complete('same')
  connection.subscribe('same', changes)
  expect(await connection.untilPong()).toEqual([])
  release()
  connection.subscribe('other', hello)
  expect(await connection.next(2)).toEqual(answered('other'))
  expect(await connection.untilPong()).toEqual([])
  await connection.close()
})

test('an id can be used again in the same breath in which it is completed', async () => {
  const connection = await openConnection(api.url)
  for (let round = 0; round < 20; round++) {
    connection.subscribe('same', changes)
    expect(await connection.untilPong()).toEqual([])
    connection.complete('same')
    connection.subscribe('same', changes)
    connection.complete('same')
    connection.subscribe('same', hello)
    expect(await connection.next(2)).toEqual(answered('same'))
    expect(await connection.untilPong()).toEqual([])
  }
  await connection.close()
})
