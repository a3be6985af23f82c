import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'
import { startReplica } from '../harness/planwright.ts'
import { hostileOperations, type HostileOperation } from './hostile/documents.ts'
import { isQuick, probed, probeQuiet } from './hostile/probe.ts'
import { leaks, sendRaw } from './hostile/raw.ts'
import { hostileRequests } from './hostile/requests.ts'

let database: TestDatabase
let replica: Awaited<ReturnType<typeof startReplica>>
let port: number
/** p99 of a trivial query on the quiet service: what this machine can do. */
let quiet: number

beforeAll(async () => {
  database = await createTestDatabase()
  replica = await startReplica({ DATABASE_URL: database.url })
  port = Number(new URL(replica.url).port)
  quiet = await probeQuiet(replica.url)
}, 60_000)
afterAll(async () => {
  await replica?.stop()
  await database.drop()
})

const refusedWithinMs = 2_000

/** An answer that refuses: errors with codes, or a typed error in place of the data. */
function expectRefusal(answer: unknown): void {
  const { data, errors } = answer as { data?: Record<string, { code?: string } | null> | null; errors?: { extensions?: { code?: string } }[] }
  const codes = [...(errors ?? []).map(({ extensions }) => extensions?.code), ...Object.values(data ?? {}).flatMap((value) => value?.code ?? [])]
  expect(codes.length).toBeGreaterThan(0)
  for (const code of codes) expect(code).toMatch(/^[A-Z_]+$/)
  expect(JSON.stringify(answer)).not.toMatch(leaks)
}

describe('operations over HTTP', () => {
  test.each(Object.entries(hostileOperations))('%s: a clean refusal', async (_name, operation) => {
    const started = performance.now()
    const response = await fetch(`${replica.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream;q=0.5' }, body: JSON.stringify(operation),
    })
    const text = await response.text()
    expect(performance.now() - started).toBeLessThan(refusedWithinMs)
    expect(response.status).toBeLessThan(500)
    expectRefusal(JSON.parse(text.startsWith('event:') || text.startsWith(':') ? /^data: (.+)$/m.exec(text)![1]! : text))
  })
})

describe('operations over WebSocket', () => {
  test.each(Object.entries(hostileOperations))('%s: a clean refusal, and the socket goes on', async (_name, operation) => {
    const socket = await openSocket()
    const started = performance.now()
    const answer = await socket.answer(operation)
    expect(performance.now() - started).toBeLessThan(refusedWithinMs)
    expectRefusal(answer)
    expect(await socket.answer({ query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } })
    socket.close()
  })
})

describe('bytes', () => {
  test.each(Object.entries(hostileRequests))('%s: a clean refusal', async (_name, { bytes, status }) => {
    const { status: answered, text, ms } = await sendRaw(port, [bytes])
    expect(ms).toBeLessThan(refusedWithinMs)
    expect(Array.isArray(status) ? status : [status]).toContain(answered)
    expect(text).not.toMatch(leaks)
    // One answer: nothing that was smuggled is answered as a request of its own.
    expect(text.match(/HTTP\/1\.1 /g)?.length ?? 0).toBeLessThanOrEqual(1)
  })
})

test('there are more than 120 of them', () => {
  expect(2 * Object.keys(hostileOperations).length + Object.keys(hostileRequests).length).toBeGreaterThan(120)
})

test('while all of them come, a trivial query stays quick', async () => {
  const p = await probed(replica.url, async () => {
    const requests = Object.values(hostileRequests).map(({ bytes }) => () => sendRaw(port, [bytes]))
    const operations = Object.values(hostileOperations).map((operation) => () =>
      fetch(`${replica.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(operation) }).then((response) => response.text()))
    for (const attack of [...requests, ...operations]) await attack()
  })
  expect(await isQuick(replica.url, p, quiet)).toBe(true)
}, 60_000)

/** A connection that has sent connection_init; each answer is the result or the errors of one operation. */
async function openSocket() {
  const socket = new WebSocket(`${replica.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
  const waiting = new Map<string, (answer: unknown) => void>()
  let count = 0
  const acknowledged = new Promise<void>((resolve, reject) => {
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    socket.on('error', reject)
    socket.on('close', (code) => {
      for (const answer of waiting.values()) answer({ closed: code })
    })
    socket.on('message', (data) => {
      const { type, id, payload } = JSON.parse(String(data)) as { type: string; id?: string; payload?: unknown }
      if (type === 'connection_ack') resolve()
      else if (type === 'next') waiting.get(id!)?.(payload)
      else if (type === 'error') waiting.get(id!)?.({ errors: payload })
    })
  })
  await acknowledged
  return {
    answer: (operation: HostileOperation): Promise<unknown> =>
      new Promise((resolve) => {
        const id = String(count++)
        waiting.set(id, resolve)
        socket.send(JSON.stringify({ id, type: 'subscribe', payload: operation }))
      }),
    close: () => socket.close(),
  }
}
