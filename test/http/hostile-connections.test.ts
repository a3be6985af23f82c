import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'
import { startReplica } from '../harness/planwright.ts'
import { startApi } from '../schema/api.ts'
import { isQuick, probed, probeQuiet } from './hostile/probe.ts'
import { leaks, sendRaw } from './hostile/raw.ts'

let database: TestDatabase
let replica: Awaited<ReturnType<typeof startReplica>>
let port: number
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

/** Limits of 1.5 s, looked at four times a second; beyond 2 s a loaded machine is to blame. */
const refusedWithin = () => 2_000 + 4 * quiet

const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 27\r\n'
const chunked = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
const letters = (text: string): string[] => text.split('')

describe('slow senders', () => {
  test.each([
    ['nothing at all', []],
    ['half a request line', ['GET /graphq']],
    ['headers without an end', [head]],
    ['headers letter by letter', letters(head)],
    ['headers without number', Array.from({ length: 200 }, (_, index) => (index === 0 ? head : `X-${index}: a\r\n`))],
    ['a head and no body', [`${head}\r\n`]],
    ['a body letter by letter', [`${head}\r\n`, ...letters('{"query":"{ __typename }" }')]],
    ['chunks of one byte', [chunked, ...Array.from({ length: 200 }, () => '1\r\nx\r\n')]],
    ['a chunk without an end', [`${chunked}400\r\n{`]],
  ])('who sends %s is refused', async (_name, parts) => {
    const { status, text, ms } = await sendRaw(port, parts, { pauseMs: 100 })
    expect(ms).toBeLessThan(refusedWithin())
    expect([408, null]).toContain(status)
    expect(text).not.toMatch(leaks)
  })

  test('200 of them at once keep nobody else waiting', async () => {
    const p = await probed(replica.url, () => Promise.all(Array.from({ length: 200 }, (_, index) => sendRaw(port, [`${head}${index % 2 ? '\r\n{' : ''}`]))))
    expect(await isQuick(replica.url, p, quiet)).toBe(true)
  })

  test('a body that comes slowly but steadily is read', async () => {
    const body = JSON.stringify({ query: `{ __typename } #${'x'.repeat(200_000)}` })
    const parts = [`POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`]
    for (let from = 0; from < body.length; from += 8_192) parts.push(body.slice(from, from + 8_192))
    expect(await sendRaw(port, parts, { pauseMs: 100 })).toMatchObject({ status: 200 })
  })
})

describe('slow readers', () => {
  const introspection = JSON.stringify({ query: `{ ${Array.from({ length: 6 }, (_, index) => `a${index}: __schema { types { name description fields { name description args { name description } } } }`).join(' ')} }` })
  const request = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${introspection.length}\r\n\r\n${introspection}`

  test('who asks and does not read is cut off, and the others are served meanwhile', async () => {
    const readers: Socket[] = Array.from({ length: 2 }, () => connect(port, '127.0.0.1', function (this: Socket) {
      this.pause()
      // Answers beyond what the system buffers.
      for (let count = 0; count < 30; count++) this.write(request)
    }))
    let closed = 0
    for (const reader of readers) reader.on('error', () => {}).on('close', () => closed++)
    await expect.poll(async () => {
      // A paused socket learns of its end by writing; empty lines before a request are no fault.
      for (const reader of readers) if (reader.writable) reader.write('\r\n')
      await probeOnce()
      return closed
    }, { timeout: 60_000, interval: 500 }).toBe(readers.length)
  }, 90_000)

  test('a WebSocket that asks and does not read is closed with 4508', async () => {
    const socket = await openSocket()
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.pause()
    const query = (JSON.parse(introspection) as { query: string }).query
    for (let count = 0; count < 40; count++) {
      socket.send(JSON.stringify({ id: String(count), type: 'subscribe', payload: { query } }))
      await probeOnce()
    }
    socket.resume()
    expect(await closed).toBe(4508)
  }, 60_000)
})

describe('floods', () => {
  test('of connections that say nothing', async () => {
    const p = await probed(replica.url, () => Promise.all(Array.from({ length: 1_000 }, () => sendRaw(port, []))))
    expect(await isQuick(replica.url, p, quiet)).toBe(true)
  }, 60_000)

  test('of sockets that never begin', async () => {
    const codes: number[] = []
    const p = await probed(replica.url, () => Promise.all(Array.from({ length: 300 }, () => new Promise<void>((resolve) => {
      new WebSocket(`${replica.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws').on('error', () => {}).on('close', (code) => {
        codes.push(code)
        resolve()
      })
    }))))
    expect(new Set(codes)).toEqual(new Set([4408]))
    expect(await isQuick(replica.url, p, quiet)).toBe(true)
  }, 60_000)

  test('of pings on one socket', async () => {
    const socket = await openSocket()
    const p = await probed(replica.url, async () => {
      for (let round = 0; round < 20; round++) {
        for (let count = 0; count < 500; count++) socket.send('{"type":"ping"}')
        await probeOnce()
      }
    })
    socket.terminate()
    expect(await isQuick(replica.url, p, quiet)).toBe(true)
  })

  test('of garbage on sockets', async () => {
    const codes = await Promise.all(['{', '[]', '1', 'null', '{"type":"x"}', '{"type":"subscribe"}', '{"id":1,"type":"complete"}', '\u0000'].map((text) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`${replica.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
        socket.on('open', () => {
          socket.send('{"type":"connection_init"}')
          socket.once('message', () => socket.send(text))
        }).on('close', resolve).on('error', () => {})
      })))
    expect(new Set(codes)).toEqual(new Set([4400]))
  })
})

describe('with a rate limit', () => {
  test('who floods is refused with the time to wait, over HTTP and over WebSocket', async () => {
    const limited = await startApi({ environment: { RATE_LIMIT: '1' } })
    try {
      const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(`${limited.url}/graphql?query=%7B__typename%7D`)))
      const refused = answers.filter(({ status }) => status === 429)
      expect(refused.length).toBeGreaterThan(100)
      expect(refused.every(({ headers }) => Number(headers.get('retry-after')) >= 1)).toBe(true)
      expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true)
      const codes = await Promise.all(Array.from({ length: 100 }, async () => {
        for await (const { errors } of limited.client.overWebSocket('{ __typename }')) return errors?.[0]?.extensions?.['code'] ?? 'answered'
        return 'nothing'
      }).map((answer) => answer.catch((errors: { extensions?: { code?: string } }[]) => errors[0]?.extensions?.code)))
      expect(codes.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThan(30)
    } finally {
      await limited.stop()
    }
  })
})

async function probeOnce(): Promise<void> {
  const response = await fetch(`${replica.url}/graphql?query=%7B__typename%7D`)
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
}

/** A WebSocket that has been acknowledged. */
async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(`${replica.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.send('{"type":"connection_init"}')
  await new Promise((resolve) => socket.once('message', resolve))
  return socket
}
