import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type Api } from '../schema/api.ts'
import * as rows from '../schema/rows.ts'

/** More than are looked at for one page. */
const hiddenCount = 4_500

let api: Api
beforeAll(async () => {
  api = await startApi({
    authenticate: async () => ({ userId: 'bob', roles: ['viewer'], authenticated: true, credential: 'test' }),
  })
  // Visible ones at both ends of time, and many hidden ones between them.
  await api.write((em) => {
    for (const day of [1, 28]) {
      const createdAt = new Date(Date.UTC(2026, 9, day))
      const request = rows.requestRow(em, { createdAt, text: `visible ${day}` })
      const plan = rows.planRow(em, request, { createdAt })
      rows.logRows(em, plan.id, 'PLAN', [{ at: createdAt, message: `visible ${day}` }])
    }
    const request = rows.requestRow(em, { createdAt: new Date(Date.UTC(2026, 9, 10)), text: 'hidden', visibleTo: ['carol'] })
    const plan = rows.planRow(em, request, { createdAt: new Date(Date.UTC(2026, 9, 10)), summary: 'hidden' })
    rows.logRows(em, plan.id, 'PLAN', [{ at: new Date(Date.UTC(2026, 9, 10)), message: 'hidden' }])
  })
  const copy = (table: string, where: string, changes: string) =>
    api.orm.em.fork().execute(`insert into "${table}" select c.* from "${table}" t cross join generate_series(1, ${hiddenCount}) n
      cross join lateral json_populate_record(t, json_build_object(${changes})) c where ${where}`)
  const id = (kind: string) => `('00000000-0000-4000-8000-' || lpad('${kind}' || to_hex(n), 12, '0'))::uuid`
  await copy('request', `t.text = 'hidden'`, `'id', ${id('a')}, 'created_at', t.created_at + n * interval '1 second'`)
  await copy('plan', `t.summary = 'hidden'`, `'id', ${id('b')}, 'request_id', ${id('a')}, 'created_at', t.created_at + n * interval '1 second'`)
  await copy('execution_log_entry', `t.message = 'hidden'`, `'stream', ${id('b')}, 'at', t.at + n * interval '1 second'`)
}, 60_000)
afterAll(() => api.stop())

type AnswerPage = {
  readonly nodes: readonly Record<string, unknown>[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null }
}

type Walk = { readonly found: unknown[]; readonly pages: number; readonly empty: number }

/** Follows a list to its end, as its pages say. */
async function walk(list: string, field: string, direction: 'first' | 'last'): Promise<Walk> {
  const found: unknown[] = []
  let cursor: string | null = null
  let empty = 0
  for (let pages = 1; ; pages++) {
    const beyond = direction === 'first' ? 'after' : 'before'
    const data: Record<string, AnswerPage> = await api.client.data(
      `query ($cursor: String) { ${list.includes('(') ? list.replace(')', `, ${direction}: 10, ${beyond}: $cursor)`) : `${list}(${direction}: 10, ${beyond}: $cursor)`} {
        nodes { ${field} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, { cursor })
    const page = data[list.split('(')[0]!]!
    found.push(...page.nodes.map((node) => node[field]))
    if (page.nodes.length === 0) empty++
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo
    if (!(direction === 'first' ? hasNextPage : hasPreviousPage)) return { found, pages, empty }
    expect(pages).toBeLessThan(20)
    cursor = direction === 'first' ? endCursor : startCursor
  }
}

test.each([
  ['requests', 'text', 'first', ['visible 28', 'visible 1']],
  ['requests', 'text', 'last', ['visible 1', 'visible 28']],
  ['requests(orderBy: OLDEST_FIRST)', 'text', 'first', ['visible 1', 'visible 28']],
  ['requests(status: [PARSING_COMPLETE])', 'text', 'first', ['visible 28', 'visible 1']],
  ['plans', 'summary', 'first', ['1. Deploy', '1. Deploy']],
  ['plans', 'summary', 'last', ['1. Deploy', '1. Deploy']],
  ['plans(userId: "ada")', 'summary', 'first', ['1. Deploy', '1. Deploy']],
  ['auditTrail', 'message', 'first', ['visible 1', 'visible 28']],
  ['auditTrail', 'message', 'last', ['visible 28', 'visible 1']],
] as const)('%s by %s (%s) is found whole beyond what is hidden, in pages of bounded work', async (list, field, direction, expected) => {
  const { found, pages, empty } = await walk(list, field, direction)
  expect(found).toEqual(expected)
  // 4,500 hidden rows are passed in steps of 2,000.
  expect(pages).toBe(3)
  expect(empty).toBe(1)
})
