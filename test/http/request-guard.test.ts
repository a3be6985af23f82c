import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startApi, type Api } from '../schema/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ environment: { ALLOWED_HOSTS: 'plans.example', ALLOWED_ORIGINS: 'https://console.example', INTROSPECTION: 'false', GRAPHIQL: 'false' } })
})
afterAll(() => api.stop())

type Answer = { status: number; headers: IncomingMessage['headers']; body: string }

/** As fetch, but with every header as given. */
function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port: api.port, host: '127.0.0.1', method, path, headers }, async (response) => {
      let text = ''
      for await (const chunk of response) text += String(chunk)
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
    })
    request.on('error', reject)
    request.end(body)
  })
}

const json = { 'content-type': 'application/json' }
const query = JSON.stringify({ query: '{ __typename }' })
const post = (headers: Record<string, string>, body = query) => send('POST', '/graphql', { ...json, ...headers }, body)

describe('sources', () => {
  test.each([
    [{ host: 'localhost:4000' }, 200],
    [{ host: '[::1]:4000' }, 200],
    [{ host: 'plans.example' }, 200],
    [{ host: 'evil.example' }, 421],
    [{ host: '127.0.0.1.evil.example' }, 421],
    [{ host: 'localhost@evil.example' }, 421],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'https://console.example' }, 200],
    [{ origin: 'https://console.example.evil.example' }, 403],
    [{ host: 'localhost:4000', origin: 'http://localhost:4000' }, 200],
    [{ host: 'localhost:4000', origin: 'http://localhost:3000' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
  ])('%j answers %i', async (headers, status) => {
    expect((await post(headers as Record<string, string>)).status).toBe(status)
  })

  test('CORS headers go to configured origins only, and never allow credentials', async () => {
    const allowed = await post({ origin: 'https://console.example' })
    expect(allowed.headers['access-control-allow-origin']).toBe('https://console.example')
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined()
    expect(allowed.headers['vary']).toContain('Origin')
    expect((await post({ origin: 'https://evil.example' })).headers['access-control-allow-origin']).toBeUndefined()
    const preflight = await send('OPTIONS', '/graphql', { origin: 'https://console.example', 'access-control-request-method': 'POST' })
    expect(preflight.status).toBe(204)
    expect((await send('OPTIONS', '/graphql', { origin: 'https://evil.example', 'access-control-request-method': 'POST' })).status).toBe(403)
  })

  test.each([[{ origin: 'https://evil.example' }, 403], [{ host: 'evil.example' }, 421]])('a WebSocket handshake with %j is refused', async (headers, status) => {
    const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, 'graphql-transport-ws', { headers: headers as Record<string, string> })
    socket.on('error', () => {})
    const answered = await new Promise<number>((resolve) => socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0)))
    expect(answered).toBe(status)
  })
})

describe('forms', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/graphql', ''])(
    'a POST of %j answers 415', async (type) => {
      expect((await send('POST', '/graphql', type ? { 'content-type': type } : {}, query)).status).toBe(415)
    })

  test.each(['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])('%s answers 405', async (method) => {
    const { status, headers } = await send(method, '/graphql')
    expect([status, headers.allow]).toEqual([405, 'GET, POST'])
  })

  test('a mutation by GET is refused', async () => {
    const { status } = await send('GET', `/graphql?query=${encodeURIComponent('mutation { cancelPlan(input: { planId: "x" }) { __typename } }')}`)
    expect(status).toBe(405)
  })

  test('a query by GET is answered, and kept by nobody on the way', async () => {
    const { body, headers } = await send('GET', '/graphql?query=%7B__typename%7D')
    expect(JSON.parse(body)).toEqual({ data: { __typename: 'Query' } })
    expect(headers['cache-control']).toBe('no-store')
  })

  test('a batch is refused', async () => {
    const { status, body } = await post({}, `[${query},${query}]`)
    expect(status).toBe(400)
    expect(body).not.toContain('"data"')
  })

  test('a body that declares too much is refused before it is sent', async () => {
    const socket = connect(api.port, '127.0.0.1')
    const started = performance.now()
    socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 300000\r\n\r\n{')
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    await new Promise((resolve) => socket.once('close', resolve))
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  test('a chunked body that grows too large is refused while it is sent', async () => {
    const socket = connect(api.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n')
    const chunk = 'x'.repeat(16_384)
    let ended = false
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
    socket.once('close', () => (ended = true))
    for (let sent = 0; sent < 200 && !ended; sent++) {
      socket.write(`4000\r\n${chunk}\r\n`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await answer).toMatch(/^HTTP\/1.1 413 /)
    await expect.poll(() => ended, { timeout: 10_000 }).toBe(true)
  })

  test.each(['{', '', '"x"', 'null', '{"query":1}', '{"query":"{__typename}","variables":"x"}', '{"query":"{__typename}","extra":1}'])(
    'the body %j answers 4xx without a stack', async (body) => {
      const answer = await post({}, body)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.body).not.toMatch(/node_modules|\.ts:|SyntaxError/)
    })
})

describe('routes', () => {
  test('health needs no known host and other paths are 404', async () => {
    expect((await send('GET', '/health/live', { host: '10.0.0.7:4000' })).status).toBe(200)
    expect((await send('GET', '/health/ready', { host: '10.0.0.7:4000' })).body).toBe('{"ready":true,"dependencies":{}}')
    expect((await send('GET', '/etc/passwd')).status).toBe(404)
  })

  test('without introspection neither schema, page nor suggestions are served', async () => {
    expect((await send('GET', '/schema.graphql')).status).toBe(404)
    expect((await send('GET', '/graphql', { accept: 'text/html' })).headers['content-type'] ?? '').not.toContain('text/html')
    expect((await post({}, JSON.stringify({ query: '{ __schema { types { name } } }' }))).body).not.toContain('"data"')
    const { body } = await post({}, JSON.stringify({ query: '{ plan { idd } reqests { nodes { id } } }' }))
    expect(body).toContain('Cannot query field')
    expect(body).not.toContain('Did you mean')
  })
})
