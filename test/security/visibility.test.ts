import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GraphqlResult } from '../harness/graphql-client.ts'
import { approve, codeOf, proposePlan, startSecured, type Caller, type Secured } from './secured.ts'

let service: Secured
let ada: Caller
let stranger: Caller
let friend: Caller
let admin: Caller
let hidden: Awaited<ReturnType<typeof proposePlan>>
let open: Awaited<ReturnType<typeof proposePlan>>

beforeAll(async () => {
  service = await startSecured()
  ada = await service.caller('ada', 'requester')
  stranger = await service.caller('stranger', 'viewer', 'requester', 'approver', 'operator')
  friend = await service.caller('friend', 'viewer', 'approver')
  admin = await service.caller('root', 'admin')
  open = await proposePlan(ada)
  hidden = await proposePlan(ada, { visibleTo: ['friend'] })
})
afterAll(() => service.stop())

/** The answer with the id that was asked for taken out. */
const without = (id: string, answer: unknown): unknown => JSON.parse(JSON.stringify(answer).replaceAll(id, '<id>').replaceAll(id.split('_')[1]!, '<uuid>'))

const unknownLike = (id: string): string => `${id.split('_')[0]}_${randomUUID()}`
const ids = (): Record<string, string> => ({
  Request: hidden.requestId, Plan: hidden.planId, Task: hidden.taskId, FallbackDecision: hidden.fallbackDecision.id,
})

const queries: Readonly<Record<string, { type: string; query: string }>> = {
  plan: { type: 'Plan', query: 'query ($id: ID!) { plan(id: $id) { id } }' },
  request: { type: 'Request', query: 'query ($id: ID!) { request(id: $id) { id } }' },
  'node of a plan': { type: 'Plan', query: 'query ($id: ID!) { node(id: $id) { id } }' },
  'node of a request': { type: 'Request', query: 'query ($id: ID!) { node(id: $id) { id } }' },
  'node of a task': { type: 'Task', query: 'query ($id: ID!) { node(id: $id) { id } }' },
  'node of a decision': { type: 'FallbackDecision', query: 'query ($id: ID!) { node(id: $id) { id } }' },
  nodes: { type: 'Task', query: 'query ($id: ID!) { nodes(ids: [$id]) { id } }' },
  'audit trail of a plan': { type: 'Plan', query: 'query ($id: ID!) { auditTrail(planId: $id) { nodes { message } } }' },
  'audit trail of a request': { type: 'Request', query: 'query ($id: ID!) { auditTrail(requestId: $id) { nodes { message } } }' },
  clarifyRequest: { type: 'Request', query: mutation('clarifyRequest', 'requestId: $id, answers: [{ ambiguityId: "a", answer: "b" }]') },
  generatePlan: { type: 'Request', query: mutation('generatePlan', 'requestId: $id') },
  setVisibility: { type: 'Request', query: mutation('setVisibility', 'requestId: $id') },
  revisePlan: { type: 'Plan', query: mutation('revisePlan', 'planId: $id, expectedRevision: 7, edits: []') },
  requestChanges: { type: 'Plan', query: mutation('requestChanges', 'planId: $id, contentHash: "x", feedback: "more"') },
  approvePlan: { type: 'Plan', query: mutation('approvePlan', 'planId: $id, contentHash: "x"') },
  cancelPlan: { type: 'Plan', query: mutation('cancelPlan', 'planId: $id') },
  retryTask: { type: 'Task', query: mutation('retryTask', 'taskId: $id') },
  resolveTask: { type: 'Task', query: mutation('resolveTask', 'taskId: $id, outcome: FAILED') },
}

function mutation(name: string, input: string): string {
  return `mutation ($id: ID!) { ${name}(input: { ${input} }) { __typename ... on Error { code message } ... on NotFoundError { __typename } } }`
}

const subscriptions: Readonly<Record<string, { type: string; query: string }>> = {
  planStatus: { type: 'Plan', query: 'subscription ($id: ID!) { planStatus(planId: $id) { sequence } }' },
  'planStatus beyond the log': { type: 'Plan', query: 'subscription ($id: ID!) { planStatus(planId: $id, afterSequence: 9999) { sequence } }' },
  requestChanged: { type: 'Request', query: 'subscription ($id: ID!) { requestChanged(requestId: $id) { id } }' },
}

async function first(stream: AsyncIterable<GraphqlResult>): Promise<GraphqlResult> {
  try {
    for await (const result of stream) return result
    return {}
  } catch (errors) {
    return { errors: errors as NonNullable<GraphqlResult['errors']> }
  }
}

describe('an id that is hidden and one that does not exist are answered alike', () => {
  test.each(Object.entries(queries))('%s', async (_name, { type, query }) => {
    const id = ids()[type]!
    const unknown = unknownLike(id)
    const [forHidden, forUnknown] = [await stranger.request(query, { id }), await stranger.request(query, { id: unknown })]
    expect(without(id, forHidden)).toEqual(without(unknown, forUnknown))
    expect(JSON.stringify(forHidden)).toContain('NOT_FOUND')
    const overSocket = await first(stranger.overWebSocket(query, { id }))
    expect(without(id, overSocket)).toEqual(without(unknown, await first(stranger.overWebSocket(query, { id: unknown }))))
    expect(JSON.stringify(await friend.request(query, { id }))).not.toContain('NOT_FOUND')
  })

  test.each(Object.entries(subscriptions))('%s, over WebSocket and SSE', async (_name, { type, query }) => {
    const id = ids()[type]!
    const unknown = unknownLike(id)
    for (const transport of ['overWebSocket', 'overSse'] as const) {
      const [forHidden, forUnknown] = [await first(stranger[transport](query, { id })), await first(stranger[transport](query, { id: unknown }))]
      expect(without(id, forHidden)).toEqual(without(unknown, forUnknown))
      expect(codeOf(forHidden)).toBe('NOT_FOUND')
      expect(codeOf(await first(friend[transport](query, { id })))).not.toBe('NOT_FOUND')
    }
  })
})

test.each([
  ['GET', 'Request', ''], ['GET', 'Plan', '/status'], ['POST', 'Plan', '/approve'],
])('over REST, too: %s /plan/{%s}%s', async (method, type, rest) => {
  const ask = async (caller: Caller, id: string) => {
    const headers = { authorization: `Bearer ${caller.token}`, 'content-type': 'application/json' }
    const body = method === 'POST' ? { body: '{"approved":true,"content_hash":"x"}' } : {}
    const response = await fetch(`${service.url}/api/v1/plan/${id}${rest}`, { method, headers, ...body })
    return { status: response.status, body: await response.json() as unknown }
  }
  const id = ids()[type]!
  const unknown = unknownLike(id)
  const forHidden = await ask(stranger, id)
  expect(without(id, forHidden)).toEqual(without(unknown, await ask(stranger, unknown)))
  expect(forHidden.status).toBe(404)
  expect((await ask(admin, id)).status).not.toBe(404)
})

test('decisions about a hidden plan are hidden with it', async () => {
  const { planId } = await proposePlan(ada, { visibleTo: ['friend'] })
  await approve(friend, planId)
  const query = 'query ($id: ID!) { plan(id: $id) { approvals { id } tasks { routingDecisions { id } } } }'
  const { plan } = await ada.data(query, { id: planId })
  const decisions: string[] = [...plan.approvals, ...plan.tasks.flatMap((task: { routingDecisions: unknown[] }) => task.routingDecisions)].map(({ id }) => id)
  expect(decisions.map((id) => id.split('_')[0])).toEqual(['Approval', 'RoutingDecision'])
  const node = 'query ($id: ID!) { node(id: $id) { id } }'
  for (const id of decisions) {
    const unknown = unknownLike(id)
    expect(await friend.data(node, { id })).toEqual({ node: { id } })
    expect(without(id, await stranger.request(node, { id }))).toEqual(without(unknown, await stranger.request(node, { id: unknown })))
  }
  // A decision of somebody who may not see the plan says nothing of the one there is.
  expect(await approve(stranger, planId, { approved: false })).toMatchObject({ code: 'NOT_FOUND' })
})

describe('lists', () => {
  const lists = {
    plans: '{ plans(first: 100) { nodes { id } } }',
    'plans of a user': '{ plans(first: 100, userId: "ada", status: [PENDING_APPROVAL]) { nodes { id } } }',
    'plans of a capability': '{ plans(first: 100, capability: "deploy") { nodes { id } } }',
    requests: '{ requests(first: 100) { nodes { latestPlan { id } } } }',
    'requests of a user': '{ requests(first: 100, userId: "ada") { nodes { latestPlan { id } } } }',
    'the audit trail': '{ auditTrail(first: 500) { nodes { plan { id } } } }',
    'the audit trail of a user': '{ auditTrail(first: 500, userId: "ada") { nodes { plan { id } } } }',
    'the audit trail, backwards': '{ auditTrail(last: 500) { nodes { plan { id } } } }',
  }

  test.each(Object.entries(lists))('%s: what the caller may see, and no more', async (_name, query) => {
    const seen = async (caller: Caller) => JSON.stringify(await caller.data(query))
    for (const caller of [ada, friend, admin, stranger]) expect(await seen(caller)).toContain(open.planId)
    for (const caller of [ada, friend, admin]) expect(await seen(caller)).toContain(hidden.planId)
    expect(await seen(stranger)).not.toContain(hidden.planId)
  })

  test('the log of the installation is for administrators', async () => {
    const query = '{ auditTrail(first: 500) { nodes { kind } } }'
    expect(JSON.stringify(await admin.data(query))).toContain('TOKEN_CREATED')
    expect(JSON.stringify(await friend.data(query))).not.toContain('TOKEN_CREATED')
  })

  test('the cost report adds up what the caller may see', async () => {
    await service.pool.query(`insert into ai_usage (key, request_id, user_id, model, input_tokens, output_tokens, cost_micro_usd, at)
      values ('t1', $1, 'ada', 'm', 1, 1, 1000, clock_timestamp()), ('t2', $2, 'ada', 'm', 1, 1, 7, clock_timestamp())`,
      [hidden.requestId.slice('Request_'.length), open.requestId.slice('Request_'.length)])
    const query = '{ costReport(groupBy: USER) { rows { key costMicroUsd } total { costMicroUsd } } }'
    expect((await stranger.data(query)).costReport).toEqual({ rows: [{ key: 'ada', costMicroUsd: 7 }], total: { costMicroUsd: 7 } })
    expect((await friend.data(query)).costReport.total).toEqual({ costMicroUsd: 1_007 })
  })
})

test('plansChanged tells each watcher of what it may see', async () => {
  const watch = (caller: Caller) => {
    const seen: string[] = []
    const stream = caller.overWebSocket<{ plansChanged: { id: string } }>('subscription { plansChanged { id } }')
    void (async () => {
      for await (const { data } of stream) seen.push(data!.plansChanged.id)
    })()
    return { seen, stop: () => stream.return?.() }
  }
  const [strange, friendly] = [watch(stranger), watch(friend)]
  // A subscription says nothing when it has begun: the first plans may come before it.
  await expect.poll(async () => {
    await proposePlan(ada)
    return strange.seen.length > 0 && friendly.seen.length > 0
  }, { timeout: 60_000, interval: 300 }).toBe(true)
  const secret = await proposePlan(ada, { visibleTo: ['friend'] })
  await expect.poll(() => friendly.seen, { timeout: 30_000 }).toContain(secret.planId)
  const later = await proposePlan(ada)
  await expect.poll(() => strange.seen, { timeout: 30_000 }).toContain(later.planId)
  expect(strange.seen).not.toContain(secret.planId)
  await Promise.all([strange.stop(), friendly.stop()])
})

describe('visibility changes', () => {
  const set = (caller: Caller, requestId: string, visibleTo: string[] | null) =>
    caller.data(
      `mutation ($input: SetVisibilityInput!) { setVisibility(input: $input) { __typename ... on Request { visibleTo } ... on Error { code } } }`,
      { input: { requestId, visibleTo } },
    ).then(({ setVisibility }) => setVisibility)
  const sees = async (caller: Caller, id: string) => (await caller.request('query ($id: ID!) { plan(id: $id) { id } }', { id })).errors === undefined

  test('whoever submitted it shares and hides it, and the log says so', async () => {
    const { requestId, planId } = await proposePlan(ada, { visibleTo: [] })
    expect([await sees(friend, planId), await sees(admin, planId), await sees(ada, planId)]).toEqual([false, true, true])
    expect(await set(ada, requestId, ['friend', 'friend'])).toEqual({ __typename: 'Request', visibleTo: ['friend'] })
    expect([await sees(friend, planId), await sees(stranger, planId)]).toEqual([true, false])
    expect(await set(ada, requestId, null)).toEqual({ __typename: 'Request', visibleTo: null })
    expect(await sees(stranger, planId)).toBe(true)
    expect(await set(stranger, requestId, [])).toMatchObject({ code: 'FORBIDDEN' })
    expect(await set(admin, requestId, [])).toMatchObject({ visibleTo: [] })
    expect(await sees(stranger, planId)).toBe(false)
    const { auditTrail } = await ada.data('query ($id: ID!) { auditTrail(requestId: $id) { nodes { kind actor detail } } }', { id: requestId })
    expect(auditTrail.nodes.filter(({ kind }: { kind: string }) => kind === 'VISIBILITY_CHANGED')).toEqual([
      { kind: 'VISIBILITY_CHANGED', actor: 'user:ada', detail: { visibleTo: ['friend'] } },
      { kind: 'VISIBILITY_CHANGED', actor: 'user:ada', detail: { visibleTo: null } },
      { kind: 'VISIBILITY_CHANGED', actor: 'user:root', detail: { visibleTo: [] } },
    ])
  })

  test.each(['overWebSocket', 'overSse'] as const)('a watcher whom a plan is hidden from sees nothing of what follows (%s)', async (transport) => {
    const { requestId, planId } = await proposePlan(ada)
    const watch = (caller: Caller) => {
      const results: GraphqlResult[] = []
      const query = 'subscription ($id: ID!) { planStatus(planId: $id) { entry { kind } } }'
      const read = async () => {
        for await (const result of caller[transport](query, { id: planId })) results.push(result)
      }
      // What is still open when the service stops is cut.
      read().catch(() => {})
      return results
    }
    const [strange, friendly] = [watch(stranger), watch(friend)]
    await expect.poll(() => strange.length + friendly.length, { timeout: 30_000 }).toBe(2)
    await set(ada, requestId, ['friend'])
    expect(await approve(friend, planId)).toMatchObject({ status: 'APPROVED' })
    await expect.poll(() => JSON.stringify(friendly), { timeout: 30_000 }).toContain('PLAN_APPROVED')
    await expect.poll(() => strange.map(codeOf), { timeout: 30_000 }).toEqual([undefined, 'NOT_FOUND'])
    expect(JSON.stringify(strange)).not.toContain('PLAN_APPROVED')
  })

  test('watchers with the same roles share one stream, from which only those leave that the plan is hidden from', async () => {
    const gauge = async (name: string) => Number(new RegExp(`^planwright_${name} (\\d+)`, 'm').exec(await (await fetch(`${service.url}/metrics`)).text())![1])
    const served = async () => ({ subscribers: await gauge('subscribers'), streams: await gauge('subscription_streams') })
    const before = await served()
    const watchers = await Promise.all(['una', 'ugo', 'uli'].map((name) => service.caller(name, 'viewer')))
    const { requestId, planId } = await proposePlan(ada)
    const query = 'subscription Shared($id: ID!) { planStatus(planId: $id) { sequence plan { status request { visibleTo } } entry { kind } } }'
    const kindsSeen = watchers.map((caller) => {
      const seen: string[] = []
      void (async () => {
        for await (const result of caller.overWebSocket<{ planStatus: { entry: { kind: string } | null } }>(query, { id: planId })) {
          seen.push(String(codeOf(result) ?? result.data?.planStatus.entry?.kind ?? 'PRESENT'))
        }
        seen.push('END')
      })().catch(() => {})
      return seen
    })
    await expect.poll(() => kindsSeen, { timeout: 30_000 }).toEqual([['PRESENT'], ['PRESENT'], ['PRESENT']])
    expect(await set(ada, requestId, ['ugo', 'uli', 'friend'])).toMatchObject({ visibleTo: ['ugo', 'uli', 'friend'] })
    expect(await approve(friend, planId)).toMatchObject({ status: 'APPROVED' })
    await expect.poll(() => kindsSeen.map((seen) => seen.slice(0, 3)), { timeout: 30_000 }).toEqual([
      ['PRESENT', 'NOT_FOUND', 'END'], ['PRESENT', 'PLAN_APPROVED', expect.any(String)], ['PRESENT', 'PLAN_APPROVED', expect.any(String)],
    ])
    // The gauges may be a second old.
    await expect.poll(served, { timeout: 30_000 }).toEqual({ subscribers: before.subscribers + 2, streams: before.streams + 1 })
    // Whoever it is hidden from does not join those who may go on.
    expect(codeOf(await first(watchers[0]!.overWebSocket(query, { id: planId })))).toBe('NOT_FOUND')
  })

  test.each([[Array.from({ length: 101 }, (_, index) => `user-${index}`), 'visibleTo'], [['x'.repeat(201)], 'visibleTo.0'], [[''], 'visibleTo.0']])(
    'a list out of bounds is refused (%#)', async (visibleTo, path) => {
      const { submitRequest } = await ada.data(
        `mutation ($input: SubmitRequestInput!) { submitRequest(input: $input) { ... on InvalidInputError { issues { path } } } }`,
        { input: { text: 'deploy it', visibleTo } },
      )
      expect(submitRequest.issues[0].path).toContain(path)
    })
})

test('with VISIBILITY=restricted a request that names nobody is seen by its submitter and administrators', async () => {
  const closed = await startSecured({ VISIBILITY: 'restricted' })
  try {
    const [owner, other, root] = [await closed.caller('ada', 'requester'), await closed.caller('bob', 'viewer'), await closed.caller('root', 'admin')]
    const { planId } = await proposePlan(owner)
    const query = 'query ($id: ID!) { plan(id: $id) { request { visibleTo } } }'
    expect(codeOf(await other.request(query, { id: planId }))).toBe('NOT_FOUND')
    for (const caller of [owner, root]) expect(await caller.data(query, { id: planId })).toEqual({ plan: { request: { visibleTo: [] } } })
  } finally {
    await closed.stop()
  }
})
