/** What happened, who did it, which agent, what did it cost: the log by request, plan, user or time. */
import type { EntityManager } from '@mikro-orm/postgresql'
import { AiUsage } from '../../entities/ai-usage.ts'
import { Evidence } from '../../entities/evidence.ts'
import { ExecutionLogEntry } from '../../entities/execution-log-entry.ts'
import { Plan } from '../../entities/plan.ts'
import { InvalidInputError, NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { Loaders } from './loaders.ts'
import { readPage, type Page, type PageArgs, type PageRange } from './page.ts'
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

/** Entries by time; entries of one stream that share a time by number. Throws NotFoundError and InvalidInputError. */
export async function readAuditTrail(
  { em, loaders }: { em: EntityManager; loaders: Pick<Loaders, 'request' | 'plan'> },
  filter: AuditFilter,
  args: PageArgs,
): Promise<AuditTrail> {
  const streams = await streamsOf({ em, loaders }, filter)
  const page = await readPage(args, {
    maximum: longestLogPage,
    key: ['time', 'uuid', 'integer'],
    keyOf: (entry: ExecutionLogEntry) => [entry.at.getTime(), entry.stream, entry.sequence],
    read: async (range) => ({ rows: await readEntries({ em }, filter, streams, range), stoppedAt: null }),
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

async function readEntries(
  { em }: { em: EntityManager },
  { userId, from, to }: AuditFilter,
  streams: readonly string[] | null,
  { after, before, limit, backward }: PageRange,
): Promise<ExecutionLogEntry[]> {
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
  const direction = backward ? 'desc' : 'asc'
  const rows = await em.execute<Record<string, unknown>[]>(
    `select * from execution_log_entry where ${conditions.join(' and ')}
    order by at ${direction}, stream ${direction}, sequence ${direction} limit ${limit}`,
    parameters,
  )
  return rows.map((row) => em.map(ExecutionLogEntry, row as never))
}

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
