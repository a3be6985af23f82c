import type { ExecutionResult } from 'graphql'
import { expect, test } from 'vitest'
import type { SharedEvent, Source } from '../../src/http/read-ahead.ts'
import { createSharedStreams, type Reader, type SharedStreams } from '../../src/http/shared-streams.ts'

/** A log that grows, and sources that read it from any number on; it counts what is executed. */
function createLog() {
  let head = 0
  let isOver = false
  const wakes = new Set<() => void>()
  const wake = () => wakes.forEach((one) => one())
  const log = {
    executed: 0,
    opened: 0,
    grow(count: number) {
      head += count
      wake()
    },
    end() {
      isOver = true
      wake()
    },
    source(after: number): Source {
      log.opened++
      let cursor = after
      let left = false
      const waitForMore = () =>
        new Promise<void>((resolve) => {
          const done = () => {
            wakes.delete(done)
            resolve()
          }
          wakes.add(done)
        })
      return {
        events: {
          async next() {
            while (cursor >= head && !isOver && !left) await waitForMore()
            return cursor >= head || left ? { done: true, value: undefined } : { done: false, value: ++cursor }
          },
          async return() {
            left = true
            wake()
            return { done: true, value: undefined }
          },
        },
        async execute(event) {
          log.executed++
          // Each event takes a turn of the event loop, as a read from a database does.
          await new Promise((resolve) => setImmediate(resolve))
          return { data: { number: event } }
        },
        fault: (error) => ({ errors: [error as never] }),
        audienceOf: null,
        pageOf: null,
        positionOf: (event) => event as number,
        serialize: (result) => JSON.stringify(result),
      }
    },
  }
  return log
}

function createReader(wait?: () => Promise<void> | undefined) {
  const seen: number[] = []
  const texts: string[] = []
  const over = Promise.withResolvers<void>()
  const reader: Reader = {
    take(events: readonly SharedEvent[]) {
      for (const { result, text } of events) {
        seen.push((result.data as { number: number }).number)
        texts.push(text)
      }
      return wait?.()
    },
    end: over.resolve,
  }
  return { reader, seen, texts, over: over.promise }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const nameOf = (after: number) => ({ key: 'plan', beginning: `plan ${after}` })

async function joined(streams: SharedStreams, log: ReturnType<typeof createLog>, reader: Reader, after: number) {
  const outcome = await streams.join(nameOf(after), async () => log.source(after), reader)
  if (!('leave' in outcome)) throw new Error('The stream could not be opened.')
  return outcome
}

test('readers that stand at the same number share one execution from there on', async () => {
  const [log, streams] = [createLog(), createSharedStreams()]
  const readers = Array.from({ length: 300 }, () => createReader())
  await Promise.all(readers.map(({ reader }) => joined(streams, log, reader, 0)))
  log.grow(50)
  await expect.poll(() => readers.every(({ seen }) => seen.length === 50), { timeout: 10_000 }).toBe(true)
  log.executed = 0
  log.grow(100)
  log.end()
  await Promise.all(readers.map(({ over }) => over))
  for (const { seen } of readers) expect(seen).toEqual(numbers(1, 150))
  expect(log.executed).toBe(100)
  expect([streams.readers, streams.streams]).toEqual([0, 0])
})

test('what becomes ready while many are being served goes to the rest along with it, and to nobody twice', async () => {
  const [log, streams] = [createLog(), createSharedStreams()]
  let takes = 0
  const readers = Array.from({ length: 2_000 }, () => createReader())
  await Promise.all(readers.map(({ reader }, index) => joined(streams, log, {
    ...reader,
    take(events) {
      takes++
      // While the first is served the log grows on.
      if (index === 0 && events[0]!.text.includes('"number":1}')) log.grow(2)
      return reader.take(events)
    },
  }, 0)))
  log.grow(1)
  await expect.poll(() => readers.every(({ seen }) => seen.length === 3), { timeout: 10_000 }).toBe(true)
  expect(takes).toBeLessThan(3_500)
  log.grow(1)
  log.end()
  await Promise.all(readers.map(({ over }) => over))
  for (const { seen } of readers) expect(seen).toEqual([1, 2, 3, 4])
})

test('readers that begin anywhere, at any time, see each number once and in order, and end up in one stream', async () => {
  const [log, streams] = [createLog(), createSharedStreams()]
  log.grow(400)
  const readers: { begin: number; one: ReturnType<typeof createReader> }[] = []
  for (let round = 0; round < 40; round++) {
    const begin = (round * 37) % 400
    const one = createReader()
    readers.push({ begin, one })
    await joined(streams, log, one.reader, begin)
    log.grow(round % 5)
  }
  const head = 400 + 8 * (0 + 1 + 2 + 3 + 4)
  await expect.poll(() => readers.every(({ one }) => one.seen.at(-1) === head), { timeout: 10_000 }).toBe(true)
  log.grow(1)
  await expect.poll(() => streams.streams, { timeout: 10_000 }).toBe(1)
  log.grow(30)
  log.end()
  await Promise.all(readers.map(({ one }) => one.over))
  for (const { begin, one } of readers) expect(one.seen).toEqual(numbers(begin + 1, head + 31))
})

test('whoever leaves gets nothing more; the last to leave ends the stream, and the next opens another', async () => {
  const [log, streams] = [createLog(), createSharedStreams()]
  const [first, second, third] = [createReader(), createReader(), createReader()]
  const memberships = [await joined(streams, log, first.reader, 0), await joined(streams, log, second.reader, 0)]
  log.grow(10)
  await expect.poll(() => second.seen.length).toBe(10)
  memberships[0]!.leave()
  log.grow(10)
  await expect.poll(() => second.seen.length).toBe(20)
  expect(first.seen).toEqual(numbers(1, 10))
  memberships[1]!.leave()
  await expect.poll(() => [streams.readers, streams.streams]).toEqual([0, 0])
  await joined(streams, log, third.reader, 20)
  log.grow(5)
  await expect.poll(() => third.seen).toEqual(numbers(21, 25))
})

test('a slow reader does not hold the others up, and nobody reads on where all are slow', async () => {
  const [log, streams] = [createLog(), createSharedStreams()]
  const blocked = Promise.withResolvers<void>()
  const slow = createReader(() => blocked.promise)
  const fast = createReader()
  const alone = createReader(() => blocked.promise)
  await Promise.all([joined(streams, log, slow.reader, 0), joined(streams, log, fast.reader, 0)])
  log.grow(200)
  await expect.poll(() => fast.seen.length, { timeout: 10_000 }).toBe(200)
  expect(slow.seen).toEqual(numbers(1, 200))
  const other = createSharedStreams()
  const before = log.executed
  await joined(other, log, alone.reader, 0)
  await expect.poll(() => alone.seen.length, { timeout: 10_000 }).toBeGreaterThan(0)
  for (let turns = 0; turns < 300; turns++) await new Promise((resolve) => setImmediate(resolve))
  expect(log.executed - before).toBeLessThan(80)
  blocked.resolve()
  await expect.poll(() => alone.seen, { timeout: 10_000 }).toEqual(numbers(1, 200))
})

test('readers that arrive together are let in together, and all learn why they are not', async () => {
  const [log, streams] = [createLog(), createSharedStreams()]
  const readers = Array.from({ length: 200 }, () => createReader())
  log.grow(3)
  await Promise.all(readers.map(({ reader }) => joined(streams, log, reader, 0)))
  expect(log.opened).toBeLessThan(5)
  await expect.poll(() => readers.every(({ seen }) => seen.length === 3), { timeout: 10_000 }).toBe(true)
  const refusal: ExecutionResult = { errors: [] }
  const refused = await Promise.all(readers.map(() => streams.join({ key: 'no', beginning: 'no' }, async () => refusal, createReader().reader)))
  expect(new Set(refused)).toEqual(new Set([refusal]))
  const failing = () => streams.join({ key: 'bad', beginning: 'bad' }, () => Promise.reject(new Error('no database')), createReader().reader)
  const failures = await Promise.allSettled([failing(), failing(), failing()])
  expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(await streams.join({ key: 'bad', beginning: 'bad' }, async () => log.source(0), createReader().reader)).toHaveProperty('leave')
})

test('streams without numbers are shared from the moment a reader joins', async () => {
  const [log, streams] = [createLog(), createSharedStreams()]
  const open = async (): Promise<Source> => ({ ...log.source(0), positionOf: null })
  const [first, second] = [createReader(), createReader()]
  const name = { key: 'inbox', beginning: 'inbox' }
  await Promise.all([streams.join(name, open, first.reader), streams.join(name, open, second.reader)])
  log.grow(2)
  await expect.poll(() => second.seen).toEqual([1, 2])
  const third = createReader()
  await streams.join(name, open, third.reader)
  log.grow(1)
  log.end()
  await Promise.all([first.over, second.over, third.over])
  expect([first.seen, second.seen, third.seen]).toEqual([[1, 2, 3], [1, 2, 3], [3]])
  expect(log.opened).toBe(1)
})
