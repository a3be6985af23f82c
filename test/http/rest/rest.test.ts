import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { get as httpGet, type IncomingMessage } from 'node:http'
import SwaggerParser from '@apidevtools/swagger-parser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { UnauthenticatedError, UnavailableError } from '../../../src/errors.ts'
import { unexpectedMessage } from '../../../src/http/client-error.ts'
import { restRoutes } from '../../../src/http/rest/routes.ts'
import { errorAnswer } from '../../../src/http/rest/shapes.ts'
import { startLiveService, type LiveService } from '../../client/live-service.ts'
import { startApi, type Api } from '../../schema/api.ts'
import { sendRaw } from '../hostile/raw.ts'

type Answer = { status: number; body: Record<string, unknown>; headers: Headers }

/** Calls a route; what it answers has the shape that the document promises. */
async function call(url: string, method: 'GET' | 'POST', path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { ...(method === 'POST' && { 'content-type': 'application/json' }), ...headers },
  })
  const answer = { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers }
  const shape = response.ok ? restRoutes.find((route) => route.method === method && matches(route.path, path))?.answer : errorAnswer
  expect((shape as z.ZodObject | undefined)?.strict().safeParse(answer.body).error?.issues ?? []).toEqual([])
  return answer
}

const matches = (pattern: string, path: string) => new RegExp(`^${pattern.replace(/\{\w+\}/, '[^/]+')}$`).test(`/api/v1/${path}`)

describe('the routes', () => {
  let service: LiveService
  const post = (path: string, body: unknown, headers?: Record<string, string>) => call(service.url, 'POST', path, body, headers)
  const get = (path: string, headers?: Record<string, string>) => call(service.url, 'GET', path, undefined, headers)
  beforeAll(async () => {
    service = await startLiveService()
  })
  afterAll(() => service?.stop())

  const submit = async (text = 'take a step, then take a step') => String((await post('request', { request: text, user_id: 'ada' })).body['request_id'])
  const planned = async () => (await get(`plan/${await submit()}`)).body as { plan_id: string; content_hash: string; request_id: string }

  test('a request is decomposed', async () => {
    const { status, body } = await post('request', { request: 'take a step, then take a step', user_id: 'ada' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'parsing_complete',
      decomposed_request: { subtasks: [{ order: 1, name: 'Take a step', intent: 'take_step' }, { order: 2, name: 'Take a step' }] },
      ambiguities: [], out_of_scope: [], error: null,
    })
    expect(body['request_id']).toMatch(/^Request_/)
  })

  test('what nothing covers is an answer, not an error', async () => {
    const { status, body } = await post('request', { request: 'book a flight to the moon' })
    expect(status).toBe(200)
    expect(body).not.toMatchObject({ out_of_scope: [], error: null })
  })

  test('the same request sent again with an Idempotency-Key is one request', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const [first, again] = [await post('request', { request: 'take a step' }, headers), await post('request', { request: 'take a step' }, headers)]
    expect(again.body['request_id']).toBe(first.body['request_id'])
  })

  test('a plan is made once and read again', async () => {
    const requestId = await submit()
    const first = await get(`plan/${requestId}`)
    expect(first).toMatchObject({ status: 200, body: {
      request_id: requestId,
      tasks: [{ order: 1, name: 'Take a step', work_type: 'step', agent_type: 'infra' }, { order: 2 }],
      human_readable_summary: '1. Take a step (estimated 1 minute)\n2. Take a step (estimated 1 minute)\n\nTotal estimated time: 2 minutes',
      complexity_level: 'simple', will_use_external_ai: false, status: 'pending_approval', error: null,
    } })
    expect((await get(`plan/${requestId}`)).body).toEqual(first.body)
  })

  test('an approved plan is dispatched and its status followed to the end', async () => {
    const { plan_id: planId, content_hash: hash, request_id: requestId } = await planned()
    expect((await get(`plan/${planId}/status`)).body).toMatchObject({ status: 'pending', tasks: [{ status: 'pending' }, { status: 'pending' }], approved_at: null })
    const { status, body } = await post(`plan/${planId}/approve`, { approved: true, user_id: 'ben', notes: 'go', content_hash: hash })
    expect([status, body]).toMatchObject([200, { plan_id: planId, status: 'approved', dispatch_started: true }])
    const { dispatched_tasks: tasks } = body['dispatch_result'] as { dispatched_tasks: { agent_id: string | null; status: string }[] }
    expect(tasks).toMatchObject([{ name: 'Take a step', agent_id: expect.stringMatching(/^Agent_/), status: 'dispatched' }, { agent_id: null, status: 'waiting' }])
    await expect.poll(async () => (await get(`plan/${planId}/status`)).body['status'], { timeout: 30_000 }).toBe('completed')
    expect((await get(`plan/${planId}/status`)).body).toMatchObject({
      request_id: requestId, tasks: [{ status: 'succeeded' }, { status: 'succeeded' }], approved_at: expect.any(String),
    })
    expect((await get(`plan/${requestId}`)).body).toMatchObject({ plan_id: planId, status: 'completed' })
  })

  test('a rejected plan stays rejected', async () => {
    const { plan_id: planId } = await planned()
    expect((await post(`plan/${planId}/approve`, { approved: false, user_id: 'ben' })).body).toEqual({ plan_id: planId, status: 'rejected' })
    expect((await post(`plan/${planId}/approve`, { approved: false, user_id: 'ben' })).status).toBe(200)
    expect(await post(`plan/${planId}/approve`, { user_id: 'cleo' })).toMatchObject({ status: 409, body: { code: 'INVALID_STATE', status: 'rejected' } })
  })

  test('another hash than that of the plan is a conflict that names the present one', async () => {
    const { plan_id: planId, content_hash: hash } = await planned()
    expect(await post(`plan/${planId}/approve`, { content_hash: '0'.repeat(64) })).toMatchObject({ status: 409, body: { code: 'PLAN_CHANGED', content_hash: hash } })
  })

  test.each([
    ['an empty request', { request: '' }, 'request'],
    ['10,001 characters', { request: 'x'.repeat(10_001) }, 'request'],
    ['no request', {}, 'request'],
    ['a number', { request: 7 }, 'request'],
    ['a long name', { request: 'take a step', user_id: 'x'.repeat(201) }, 'user_id'],
    ['an array', [], ''],
    ['half an object', '{"request": ', ''],
  ])('%s is refused with the path of what is wrong', async (_name, body, path) => {
    const refused = await post('request', body)
    expect(refused).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', issues: [{ path, rule: expect.not.stringContaining('invalid') }] } })
    expect(refused.body['error']).not.toContain('Invalid input')
    expect(refused.body['error']).toMatch(path === '' ? /^\w/ : new RegExp(`^${path}: `))
  })

  test('a misspelt decision decides nothing', async () => {
    const { plan_id: planId } = await planned()
    expect(await post(`plan/${planId}/approve`, { approve: false })).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
    expect((await get(`plan/${planId}/status`)).body['status']).toBe('pending')
  })

  test.each([
    ['of no request', `Request_${randomUUID()}`], ['of no plan', `Plan_${randomUUID()}`], ['of 200 digits', '9'.repeat(200)],
    ['with a NUL', '%00'], ['that climbs', '..%2f..'],
  ])('an id %s leads nowhere', async (_name, id) => {
    expect(await get(`plan/${id}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
    expect(await get(`plan/${id}/status`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
    expect(await post(`plan/${id}/approve`, {})).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  test('methods, media types, sizes and other sites are refused before anything is done', async () => {
    const requestId = await submit()
    expect(await get('request')).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } })
    expect((await get('request')).headers.get('allow')).toBe('POST')
    expect(await post('request', 'request=x', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({ status: 415 })
    expect(await post('request', { request: 'x'.repeat(300_000) })).toMatchObject({ status: 413 })
    expect(await get('nothing')).toMatchObject({ status: 404 })
    // A link on another site; fetch would say that it is no navigation.
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    const visit = httpGet(`${service.url}/api/v1/plan/${requestId}`, { headers })
    const [response] = (await once(visit, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(403)
    response.resume()
  })

  test('what is refused before a route is found is refused in the words of REST, too', async () => {
    expect(await get('plan/x', { origin: 'https://evil.example' })).toMatchObject({ status: 403, body: { code: 'ORIGIN_NOT_ALLOWED' } })
    const head = (name: string) => `POST /api/v1/request HTTP/1.1\r\nHost: ${name}\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n`
    for (const [name, status, code] of [['evil.example', 421, 'HOST_NOT_ALLOWED'], ['localhost', 408, 'REQUEST_TIMEOUT']] as const) {
      const answer = await sendRaw(Number(new URL(service.url).port), [head(name)])
      expect(answer.status).toBe(status)
      expect(errorAnswer.strict().parse(JSON.parse(answer.text.split('\r\n\r\n')[1]!))).toMatchObject({ code })
    }
  })

  test('the OpenAPI document is valid and describes the four routes', async () => {
    const document = (await (await fetch(`${service.url}/api/v1/openapi.json`)).json()) as Parameters<typeof SwaggerParser.validate>[0]
    const valid = await SwaggerParser.validate(document)
    expect(valid).toMatchObject({ openapi: '3.1.0' })
    const operations = Object.entries(valid.paths ?? {}).flatMap(([path, item]) => Object.keys(item ?? {}).map((method) => `${method} ${path}`))
    expect(operations).toEqual([
      'post /api/v1/request', 'get /api/v1/plan/{request_id}', 'post /api/v1/plan/{plan_id}/approve', 'get /api/v1/plan/{plan_id}/status',
    ])
  })
})

describe('failures', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({
      services: {
        async submitRequest(_principal, { text }) {
          if (text === 'later') throw new UnavailableError('Full.', 3)
          throw new Error('secret')
        },
      },
      async authenticate({ authorization }) {
        if (authorization === null) throw new UnauthenticatedError()
        return { userId: 'ada', roles: [authorization === 'Bearer viewer' ? 'viewer' : 'requester'], authenticated: true, credential: null }
      },
    })
  })
  afterAll(() => api.stop())
  const submit = (request: string, headers: Record<string, string>) => call(api.url, 'POST', 'request', { request }, headers)

  test('without credentials 401, without the role 403, for somebody else 403', async () => {
    expect(await submit('x', {})).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
    expect(await submit('x', { authorization: 'Bearer viewer' })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    const other = await call(api.url, 'POST', 'request', { request: 'x', user_id: 'grace' }, { authorization: 'Bearer requester' })
    expect(other).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  })

  test('what is full says when to come again, and what is unexpected says nothing', async () => {
    const later = await submit('later', { authorization: 'Bearer requester' })
    expect(later).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE', retry_after_seconds: 3 } })
    expect(later.headers.get('retry-after')).toBe('3')
    const unexpected = await submit('x', { authorization: 'Bearer requester', 'x-request-id': 'trace-me' })
    expect(unexpected).toMatchObject({ status: 500, body: { error: unexpectedMessage, code: 'INTERNAL_SERVER_ERROR' } })
    expect(unexpected.headers.get('x-request-id')).toBe('trace-me')
    expect(api.log).toContainEqual(expect.objectContaining({ level: 'error', details: expect.objectContaining({ requestId: 'trace-me' }) }))
  })
})
