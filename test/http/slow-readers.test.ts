import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ExecutionLogEntry, Plan } from '../../src/entities/index.ts'
import { toGlobalId } from '../../src/global-id.ts'
import { startApi, type Api } from '../schema/api.ts'
import * as rows from '../schema/rows.ts'

const last = 4_000
let api: Api
let plan: Plan
let produced = 0
let open = 0
let gate = Promise.withResolvers<void>()
/** After this number they wait for another. */
let stopAt = Infinity
const stopped = Promise.withResolvers<void>()

/** Events of 16 KiB, as many as their reader takes; after the first they wait for the gate. */
async function* events(planId: string, after: number) {
  open++
  try {
    for (let sequence = after + 1; sequence <= last; sequence++) {
      const entry = { stream: planId, sequence, message: `${sequence} ${'x'.repeat(16_384)}` } as ExecutionLogEntry
      produced++
      yield { planId, sequence, entry, changedTaskIds: [] }
      await gate.promise
      if (sequence === stopAt) await stopped.promise
    }
  } finally {
    open--
  }
}

beforeAll(async () => {
  api = await startApi({ services: { watchPlan: async (_principal, { planId, afterSequence }) => events(planId, afterSequence ?? 0) } })
  await api.write((em) => {
    plan = rows.planRow(em, rows.requestRow(em))
  })
})
afterAll(() => api.stop())

const query = 'subscription ($id: ID!, $after: Int) { planStatus(planId: $id, afterSequence: $after) { sequence entry { message } } }'

/** Watches by hand; `numbers` is what arrived. */
async function watch(after = 0) {
  const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, 'graphql-transport-ws')
  const numbers: number[] = []
  let closed: { code: number; reason: string } | null = null
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    if (message.type === 'connection_ack') {
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query, variables: { id: toGlobalId('Plan', plan.id), after } } }))
    } else if (message.type === 'next') numbers.push(message.payload.data.planStatus.sequence)
    else if (message.type === 'complete') socket.close()
  })
  socket.on('close', (code, reason) => (closed = { code, reason: String(reason) }))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send('{"type":"connection_init"}')
  return { socket, numbers, closed: () => closed }
}

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test('a reader that stays behind the others is closed with 4508, has a whole beginning, and resumes where it is', async () => {
  const fast = await watch()
  const slow = await watch()
  await expect.poll(() => [fast.numbers.length, slow.numbers.length], { timeout: 30_000 }).toEqual([1, 1])
  slow.socket.pause()
  gate.resolve()
  await expect.poll(() => fast.numbers.length, { timeout: 60_000 }).toBe(last)
  slow.socket.resume()
  await expect.poll(() => slow.closed(), { timeout: 30_000 }).toEqual({ code: 4508, reason: 'Read the events faster.' })
  expect(fast.numbers).toEqual(upTo(1, last))
  expect(slow.numbers.length).toBeLessThan(last)
  expect(slow.numbers).toEqual(upTo(1, slow.numbers.length))
  const again = await watch(slow.numbers.length)
  await expect.poll(() => again.closed()?.code, { timeout: 60_000 }).toBe(1005)
  expect(again.numbers).toEqual(upTo(slow.numbers.length + 1, last))
}, 200_000)

test('of a reader that reads nothing only what fits its socket is read, until it is dropped', async () => {
  gate = Promise.withResolvers()
  produced = 0
  const stuck = await watch()
  await expect.poll(() => stuck.numbers.length, { timeout: 30_000 }).toBe(1)
  stuck.socket.pause()
  gate.resolve()
  await expect.poll(() => open, { timeout: 60_000 }).toBe(0)
  expect(produced).toBeLessThan(last / 2)
  stuck.socket.terminate()
}, 100_000)

test('a client that completes while it is behind gets nothing more of what waits for it', async () => {
  gate = Promise.withResolvers()
  // Fewer than a reader is dropped for, and more than networks hold.
  stopAt = 950
  const [fast, slow] = [await watch(), await watch()]
  await expect.poll(() => [fast.numbers.length, slow.numbers.length], { timeout: 30_000 }).toEqual([1, 1])
  const types: string[] = []
  slow.socket.on('message', (data) => types.push((JSON.parse(String(data)) as { type: string }).type))
  slow.socket.pause()
  gate.resolve()
  await expect.poll(() => fast.numbers.length, { timeout: 60_000 }).toBe(stopAt)
  slow.socket.send('{"id":"1","type":"complete"}')
  slow.socket.send('{"type":"ping"}')
  slow.socket.resume()
  await expect.poll(() => types.at(-1), { timeout: 30_000 }).toBe('pong')
  slow.socket.send('{"type":"ping"}')
  await expect.poll(() => types.filter((type) => type === 'pong').length, { timeout: 30_000 }).toBe(2)
  expect(types.slice(types.indexOf('pong'))).toEqual(['pong', 'pong'])
  expect(slow.numbers.length).toBeLessThan(stopAt)
  stopped.resolve()
  fast.socket.terminate()
  slow.socket.terminate()
})
