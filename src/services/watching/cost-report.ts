import type { EntityManager } from '@mikro-orm/postgresql'
import { maySeeSql, type Viewer } from '../access/visibility.ts'
import { InvalidInputError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'

export const costGroups = ['DAY', 'USER', 'MODEL', 'PLAN', 'CAPABILITY'] as const
export type CostGroup = (typeof costGroups)[number]

/** What one day, user, model, plan or capability used; costs in integer micro-dollars. */
export type CostRow = {
  /** The day (UTC), user, model, plan id or intent; null for use that belongs to none (decomposition has no plan). */
  readonly key: string | null
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costMicroUsd: number
}

export type CostReport = {
  readonly from: Date
  readonly to: Date
  readonly groupBy: CostGroup
  /** Days in order; other groups by cost, highest first. */
  readonly rows: readonly CostRow[]
  /** Over all groups, also those beyond `mostRows`. */
  readonly total: Omit<CostRow, 'key'>
  /** True where there are more groups than `mostRows`. */
  readonly truncated: boolean
}

const mostRows = 1_000
const longestDays = 400

const columns: Record<CostGroup, string> = {
  DAY: `to_char(at at time zone 'UTC', 'YYYY-MM-DD')`,
  USER: 'user_id',
  MODEL: 'model',
  PLAN: 'plan_id::text',
  CAPABILITY: 'intent',
}

/** What external AI really cost from `from` up to, not including, `to`, for requests that the viewer may see. Throws InvalidInputError beyond 400 days. */
export async function readCostReport(
  { em, viewer }: { em: EntityManager; viewer: Viewer },
  { from, to, groupBy }: { from: Date; to: Date; groupBy: CostGroup },
): Promise<CostReport> {
  if (to <= from) throw new InvalidInputError([{ path: 'to', rule: 'range', message: 'Choose an end after the start.' }])
  if (to.getTime() - from.getTime() > longestDays * 86_400_000) {
    throw new InvalidInputError([{ path: 'from', rule: 'range', message: `Ask for at most ${longestDays} days at a time.` }])
  }
  const found = await em.execute<Row[]>(
    `select ${columns[groupBy]} as key, grouping(${columns[groupBy]}) as total, count(*)::text as calls,
      coalesce(sum(input_tokens), 0)::text as input_tokens, coalesce(sum(output_tokens), 0)::text as output_tokens,
      coalesce(sum(cost_micro_usd), 0)::text as cost
    from ai_usage u where at >= ? and at < ?${viewer === null ? '' : ` and exists (select 1 from request r where r.id = u.request_id and ${maySeeSql('?')})`}
    group by grouping sets ((${columns[groupBy]}), ())
    order by total desc, ${groupBy === 'DAY' ? 'key' : 'sum(cost_micro_usd) desc, key'} limit ${mostRows + 2}`,
    [from, to, ...(viewer === null ? [] : [viewer, viewer])],
  )
  const groups = found.filter((row) => row.total === 0)
  return {
    from,
    to,
    groupBy,
    rows: groups.slice(0, mostRows).map((row) => ({
      key: row.key !== null && groupBy === 'PLAN' ? toGlobalId('Plan', row.key) : row.key,
      ...amounts(row),
    })),
    total: amounts(found.find((row) => row.total === 1)),
    truncated: groups.length > mostRows,
  }
}

type Row = { key: string | null; total: number; calls: string; input_tokens: string; output_tokens: string; cost: string }

const amounts = (row: Row | undefined): CostReport['total'] => ({
  calls: Number(row?.calls ?? 0),
  inputTokens: Number(row?.input_tokens ?? 0),
  outputTokens: Number(row?.output_tokens ?? 0),
  costMicroUsd: Number(row?.cost ?? 0),
})
