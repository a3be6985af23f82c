/** What happened, who did it, which agent, what did it cost: the log by request, plan, user or time. */
import type { EntityManager } from '@mikro-orm/postgresql'
import { AiUsage } from '../../entities/ai-usage.ts'
import { Evidence } from '../../entities/evidence.ts'
import { ExecutionLogEntry } from '../../entities/execution-log-entry.ts'
import { Plan } from '../../entities/plan.ts'
import { InvalidInputError, NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import { maySeeSql, type Viewer } from '../access/visibility.ts'
import type { Loaders } from './loaders.ts'
import { rowByRow, scanLimit } from './keyset.ts'
import { readPage, type Found, type Key, type Page, type PageArgs, type PageRange } from './page.ts'
import { longestLogPage } from './stream-log.ts'

export type AuditFilter = {
  /** The stream of the request and of all its plans. Excludes planId. */
  readonly requestId: string | null
  readonly planId: string | null
  /** Only what this user did. */
  readonly userId: string | null
  readonly from: Date | null
  /** Exclusive. */
  readonly to: Date | null
}

export type AuditTrail = Page<ExecutionLogEntry> & {
  /** Ids of the requests and plans that the entries of this page belong to. */
  readonly requestIds: readonly string[]
  readonly planIds: readonly string[]
}

/**
 * Entries by time; entries of one stream that share a time by number. Somebody who may not see everything gets the
 * entries of agents and of what they may see; a page may then be short although more follow. Throws NotFoundError and
 * InvalidInputError.
 */
export async function readAuditTrail(
  { em, loaders, viewer }: { em: EntityManager; loaders: Pick<Loaders, 'request' | 'plan'>; viewer: Viewer },
  filter: AuditFilter,
  args: PageArgs,
): Promise<AuditTrail> {
  const streams = await streamsOf({ em, loaders }, filter)
  const page = await readPage(args, {
    maximum: longestLogPage,
    key: ['time', 'uuid', 'integer'],
    keyOf: keyOfEntry,
    // Who sees a request or plan sees all of its log.
    read: (range) => readEntries({ em, viewer: streams ? null : viewer }, filter, streams, range),
  })
  const idsOf = (kind: ExecutionLogEntry['streamKind']) => [
    ...new Set(page.edges.filter(({ node }) => node.streamKind === kind).map(({ node }) => node.stream)),
  ]
  return { ...page, requestIds: idsOf('REQUEST'), planIds: idsOf('PLAN') }
}

async function streamsOf(
  { em, loaders }: { em: EntityManager; loaders: Pick<Loaders, 'request' | 'plan'> },
  { requestId, planId }: AuditFilter,
): Promise<readonly string[] | null> {
  if (requestId !== null && planId !== null) {
    throw new InvalidInputError([{ path: 'planId', rule: 'exclusive', message: 'Give requestId or planId, not both.' }])
  }
  if (planId !== null) {
    if (!(await loaders.plan.load(planId))) throw new NotFoundError('plan', toGlobalId('Plan', planId))
    return [planId]
  }
  if (requestId === null) return null
  if (!(await loaders.request.load(requestId))) throw new NotFoundError('request', toGlobalId('Request', requestId))
  const plans = await em.find(Plan, { request: requestId }, { fields: ['id'], orderBy: { revision: 'asc' } })
  return [requestId, ...plans.map((plan) => plan.id)]
}

const keyOfEntry = ({ at, stream, sequence }: ExecutionLogEntry): Key => [at.getTime(), stream, sequence]

async function readEntries(
  { em, viewer }: { em: EntityManager; viewer: Viewer },
  { userId, from, to }: AuditFilter,
  streams: readonly string[] | null,
  { after, before, limit, backward }: PageRange,
): Promise<Found<ExecutionLogEntry>> {
  const conditions = ['true']
  const parameters: unknown[] = []
  const add = (sql: string, ...values: unknown[]): void => {
    conditions.push(sql)
    parameters.push(...values)
  }
  if (streams) add('stream = any(?::uuid[])', `{${streams.join(',')}}`)
  if (userId !== null) add('actor = ?', `user:${userId}`)
  if (from) add('at >= ?', from)
  if (to) add('at < ?', to)
  // The bound on the time alone lets an index that ends with it serve the range.
  if (after) add('at >= ? and (at, stream, sequence) > (?, ?, ?)', new Date(Number(after[0])), new Date(Number(after[0])), after[1], after[2])
  if (before) add('at <= ? and (at, stream, sequence) < (?, ?, ?)', new Date(Number(before[0])), new Date(Number(before[0])), before[1], before[2])
  const orderBy = (direction: string) => `order by at ${direction}, stream ${direction}, sequence ${direction}`
  const [forward, reverse] = backward ? ['desc', 'asc'] : ['asc', 'desc']
  const found = (rowLimit: number) => `select * from execution_log_entry where ${conditions.join(' and ')} ${orderBy(forward)} limit ${rowLimit}`
  const asEntry = (row: Record<string, unknown>) => em.map(ExecutionLogEntry, row as never)
  if (viewer === null) {
    return { rows: (await em.execute<Record<string, unknown>[]>(found(limit), parameters)).map(asEntry), stoppedAt: null }
  }
  const rows = await em.execute<(Record<string, unknown> & { is_visible: boolean })[]>(
    `with scanned as materialized (${found(scanLimit)}),
      visible as (select * from scanned e where ${visibleEntry} ${orderBy(forward)} limit ${limit}),
      stop as (select * from scanned where (select count(*) from scanned) = ${scanLimit} ${orderBy(reverse)} limit 1)
    select * from (select *, true as is_visible from visible union all select *, false from stop) f order by is_visible desc, at ${forward},
      stream ${forward}, sequence ${forward}`,
    [...parameters, viewer, viewer],
  )
  const visible = rows.filter((row) => row.is_visible).map(asEntry)
  const last = rows.find((row) => !row.is_visible)
  return { rows: visible, stoppedAt: last && visible.length < limit ? stopAt(last) : null }
}

const stopAt = ({ at, stream, sequence }: Record<string, unknown>): Key => [new Date(at as string | Date).getTime(), String(stream), Number(sequence)]

/** An entry `e` of an agent, or of a request or plan that the viewer may see; those of the installation are for administrators. */
const visibleEntry = `(e.stream_kind = 'AGENT' or ${rowByRow(`from request r
  where r.id = coalesce((select p.request_id from plan p where p.id = e.stream), e.stream) and ${maySeeSql('?')}`)})`

const mostRows = 1_000

/** Messages that changed nothing, about the plans: at most 1,000 rows, oldest first. */
export const evidenceOf = ({ em }: { em: EntityManager }, planIds: readonly string[]): Promise<Evidence[]> =>
  em.find(Evidence, { plan: { $in: [...planIds] } }, { orderBy: { firstAt: 'asc', id: 'asc' }, limit: mostRows })

/** Paid calls for the requests and plans: at most 1,000 rows, oldest first. */
export function usageOf(
  { em }: { em: EntityManager },
  { requestIds, planIds }: Pick<AuditTrail, 'requestIds' | 'planIds'>,
): Promise<AiUsage[]> {
  const ofRequests = { requestId: { $in: [...requestIds] }, planId: null }
  const ofPlans = { planId: { $in: [...planIds] } }
  return em.find(AiUsage, { $or: [ofRequests, ofPlans] }, { orderBy: { at: 'asc', key: 'asc' }, limit: mostRows })
}
