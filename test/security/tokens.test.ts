import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createApiToken } from '../../src/services/access/api-tokens.ts'
import { approve, codeOf, proposePlan, startSecured, type Secured } from './secured.ts'

let service: Secured
beforeAll(async () => void (service = await startSecured()))
afterAll(() => service.stop())

const run = promisify(execFile)
const tokenCommand = async (...args: string[]) => {
  const env = { PATH: process.env.PATH, DATABASE_URL: service.databaseUrl }
  return (await run(process.execPath, ['scripts/token.ts', ...args], { env })).stdout.trim()
}

const hello = '{ __typename }'

/** How a connection_init with this payload ends: the close code, or 0 once it is acknowledged. */
function connectionEnds(payload: object, headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(`${service.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })))
    socket.on('error', reject)
    socket.on('close', (code) => resolve(code))
    socket.on('message', (data) => {
      if ((JSON.parse(String(data)) as { type: string }).type !== 'connection_ack') return
      resolve(0)
      socket.close()
    })
  })
}

describe('the command', () => {
  test('creates, lists and revokes; a token works until it is revoked', async () => {
    const token = await tokenCommand('create', '--user', 'ada', '--role', 'approver', '--role', 'viewer', '--label', 'laptop', '--expires', '90d')
    expect(token).toMatch(/^planwright_[\w-]{43}$/)
    const ada = service.clientWith(token)
    expect(await ada.request(hello)).toEqual({ data: { __typename: 'Query' } })
    const line = (await tokenCommand('list')).split('\n').find((listed) => listed.includes('laptop'))!
    const [id, state, user, roles] = line.split('\t')
    expect([state, user, roles]).toEqual(['valid', 'ada', 'approver,viewer'])
    expect(line).not.toContain(token)
    expect(await tokenCommand('revoke', id!)).toContain('is revoked')
    expect(codeOf(await ada.request(hello))).toBe('UNAUTHENTICATED')
    expect(await tokenCommand('list')).toContain(`${id}\trevoked\tada`)
    await expect(tokenCommand('revoke', id!)).rejects.toThrow('No token with this id')
  })

  test('revokes all tokens of a user at once', async () => {
    const [one, two] = [await service.caller('leaver', 'viewer'), await service.caller('leaver', 'admin')]
    expect((await tokenCommand('revoke', '--user', 'leaver')).split('\n')).toHaveLength(2)
    expect([codeOf(await one.request(hello)), codeOf(await two.request(hello))]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
  })

  test.each([
    [['create', '--role', 'viewer'], 'user'],
    [['create', '--user', 'ada'], 'role'],
    [['create', '--user', 'ada', '--role', 'root'], 'role'],
    [['create', '--user', 'ada', '--role', 'viewer', '--expires', '2001-01-01T00:00:00Z'], 'expires'],
    [['create', '--user', 'ada', '--role', 'viewer', '--expires', 'soon'], 'soon is no time'],
    [['revoke', 'nothing'], 'No token with this id'],
    [['revoke'], 'Use create'],
    [['destroy'], 'Use create'],
  ])('%j is refused', async (args, words) => {
    await expect(tokenCommand(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(words) })
  })

  test('nothing of a token is stored but its digest, and the log tells of both ends', async () => {
    const { id, token } = await service.caller('nobody-knows', 'viewer')
    await tokenCommand('revoke', id)
    const { rows } = await service.pool.query<{ dump: string }>(`select
      (select json_agg(t)::text from api_token t) || (select json_agg(e)::text from execution_log_entry e) as dump`)
    expect(rows[0]!.dump).not.toContain(token.slice('planwright_'.length, -8))
    const entries = await service.pool.query(`select kind from execution_log_entry where detail->>'tokenId' = $1 order by sequence`, [id])
    expect(entries.rows).toEqual([{ kind: 'TOKEN_CREATED' }, { kind: 'TOKEN_REVOKED' }])
  })
})

describe('without a valid token', () => {
  const tokens = { none: undefined, unknown: `planwright_${'x'.repeat(43)}`, cut: 'planwright_abc', other: 'hunter2', 'a jwt': 'e30.e30.e30' }

  test.each(Object.entries(tokens))('%s: HTTP answers 401 and says nothing of the schema', async (_name, token) => {
    const headers: Record<string, string> = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    for (const query of [hello, '{ nope }', '{', '{ __schema { types { name } } }', 'mutation { approvePlan(input: {}) { __typename } }']) {
      for (const accept of ['application/json', 'text/event-stream', '*/*']) {
        const response = await fetch(`${service.url}/graphql`, { method: 'POST', headers: { ...headers, accept }, body: JSON.stringify({ query }) })
        expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
        expect(await response.json()).toEqual({ errors: [{ message: expect.stringContaining('Bearer'), extensions: { code: 'UNAUTHENTICATED' } }] })
      }
    }
  })

  test.each(Object.entries(tokens))('%s: a WebSocket is closed with 4401', async (_name, token) => {
    expect(await connectionEnds(token ? { authorization: `Bearer ${token}` } : {})).toBe(4401)
  })

  test('an expired token is refused', async () => {
    const { token } = await createApiToken(service.pool, { userId: 'ada', roles: ['viewer'], label: null, expiresAt: new Date(Date.now() + 1_500) })
    const ada = service.clientWith(token)
    expect(codeOf(await ada.request(hello))).toBeUndefined()
    await expect.poll(async () => codeOf(await ada.request(hello)), { timeout: 30_000 }).toBe('UNAUTHENTICATED')
  })

  test('introspection, the schema and GraphiQL are off, and health is open', async () => {
    const ada = await service.caller('ada', 'admin')
    expect((await ada.request('{ __schema { types { name } } }')).data).toBeUndefined()
    expect((await fetch(`${service.url}/schema.graphql`)).status).toBe(404)
    expect((await fetch(`${service.url}/graphql`, { headers: { accept: 'text/html' } })).status).toBe(406)
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200)
  })
})

test('a token works in the headers of a handshake, too, and what connection_init says goes before', async () => {
  const { token } = await service.caller('ada', 'viewer')
  expect(await connectionEnds({}, { authorization: `Bearer ${token}` })).toBe(0)
  expect(await connectionEnds({ authorization: 'Bearer other' }, { authorization: `Bearer ${token}` })).toBe(4401)
})

test('the log and the approvals name the authenticated user, and another userId is refused', async () => {
  const ada = await service.caller('ada', 'requester')
  const grace = await service.caller('grace', 'approver')
  const forged = await ada.data('mutation { submitRequest(input: { text: "deploy it", userId: "root" }) { __typename ... on Error { code } } }')
  expect(forged.submitRequest).toEqual({ __typename: 'ForbiddenError', code: 'FORBIDDEN' })
  const { planId, requestId } = await proposePlan(ada, { userId: 'ada' })
  expect(await approve(grace, planId, { userId: 'ada' })).toMatchObject({ code: 'FORBIDDEN' })
  expect(await approve(grace, planId)).toMatchObject({ status: 'APPROVED', approvals: [{ decidedBy: 'grace' }] })
  const { auditTrail } = await grace.data('query ($id: ID!) { auditTrail(requestId: $id) { nodes { kind actor } } }', { id: requestId })
  expect(auditTrail.nodes).toContainEqual({ kind: 'REQUEST_SUBMITTED', actor: 'user:ada' })
  expect(auditTrail.nodes).toContainEqual({ kind: 'PLAN_APPROVED', actor: 'user:grace' })
  expect(JSON.stringify(auditTrail)).not.toContain('root')
})

test('who asked for a risky plan cannot approve it, whatever else they are', async () => {
  const both = await service.caller('both', 'requester', 'approver', 'admin')
  const { planId } = await proposePlan(both, { intent: 'erase' })
  expect(await approve(both, planId)).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('somebody else') })
  const second = await service.caller('both', 'approver')
  expect(await approve(second, planId)).toMatchObject({ code: 'FORBIDDEN' })
  expect(await approve(await service.caller('grace', 'approver'), planId)).toMatchObject({ status: 'APPROVED' })
})

test('beyond loopback, with authentication, the embedded agent joins and GraphiQL is there where it is asked for', async () => {
  const open = await startSecured({ HOST: '0.0.0.0', GRAPHIQL: 'true', CATALOG: 'catalog' })
  try {
    const ada = await open.caller('ada', 'viewer')
    const names = async () => (await ada.data('{ agents(status: [ONLINE]) { nodes { name } } }')).agents.nodes
    await expect.poll(names, { timeout: 30_000 }).toEqual([{ name: 'bundled' }])
    const page = await fetch(`${open.url}/graphql`, { headers: { accept: 'text/html' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
    expect((await fetch(`${open.url}/graphql?query=%7B__typename%7D`, { headers: { accept: 'text/html' } })).status).toBe(406)
    expect((await fetch(`${open.url}/graphql?query=%7B__typename%7D`)).status).toBe(401)
  } finally {
    await open.stop()
  }
})

test('beyond loopback without authentication the service does not start', async () => {
  await expect(startSecured({ HOST: '0.0.0.0', AUTHENTICATION: 'false' })).rejects.toThrow('AUTHENTICATION=true')
})
