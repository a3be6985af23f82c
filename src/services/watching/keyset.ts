/** SQL for one page of a list ordered by (created_at, id): a range of one index for each combination of fixed columns. */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Key, PageRange } from './page.ts'

export type ListOrder = 'NEWEST_FIRST' | 'OLDEST_FIRST'

export type KeysetQuery = {
  readonly table: 'plan' | 'request'
  readonly order: ListOrder
  readonly range: PageRange
  /** One index range each: fixed columns by name. Their union is read. */
  readonly branches: readonly Readonly<Record<string, string>>[]
  readonly createdFrom: Date | null
  readonly createdTo: Date | null
  /** Where they are few, all rows that can meet the condition; null: look through the list. */
  readonly among: readonly string[] | null
  /** A further condition on a row `p`, by no index: at most `scanLimit` rows are looked at for one page. */
  readonly condition: { readonly sql: string; readonly parameters: readonly unknown[] } | null
}

/** Rows looked at for one page where a condition is served by no index. */
export const scanLimit = 2_000

/** Whether there is such a row, looked up for each row that is scanned: `offset 0` keeps the planner from joining whole tables instead. */
export const rowByRow = (from: string): string => `exists (select 1 ${from} offset 0)`

export type KeysetResult = {
  readonly ids: readonly string[]
  /** Where looking stopped with fewer rows than asked for; null where the list ended. */
  readonly stoppedAt: Key | null
}

/** Ids of the page, in list order or in reverse where the range is `backward`. */
export async function readKeyset({ em }: { em: EntityManager }, query: KeysetQuery): Promise<KeysetResult> {
  const descending = (query.order === 'NEWEST_FIRST') !== query.range.backward
  const orderBy = descending ? 'created_at desc, id desc' : 'created_at, id'
  const rowsScanned = query.condition ? scanLimit : query.range.limit
  const parameters: unknown[] = []
  const ranges = query.among === null ? query.branches.map((branch) => [branch]) : [query.branches]
  const branches = ranges.map((range) => {
    const { sql, values } = rangeConditions(query, range)
    parameters.push(...values)
    return `(select created_at, id from "${query.table}" where ${sql} order by ${orderBy} limit ${rowsScanned})`
  })
  const scanned = `select created_at, id from (${branches.join(' union all ')}) b order by ${orderBy} limit ${rowsScanned}`
  if (!query.condition) {
    const rows = await em.execute<{ id: string }[]>(scanned, parameters)
    return { ids: rows.map((row) => row.id), stoppedAt: null }
  }
  const reverse = descending ? 'created_at, id' : 'created_at desc, id desc'
  const rows = await em.execute<{ id: string; at: string; matches: boolean }[]>(
    `with scanned as materialized (${scanned}),
      matching as (select p.* from scanned p where ${query.condition.sql} order by ${orderBy} limit ${query.range.limit}),
      stop as (select * from scanned where (select count(*) from scanned) = ${scanLimit} order by ${reverse} limit 1)
    select id, (extract(epoch from created_at) * 1000)::bigint::text as at, matches
    from (select *, true as matches from matching union all select *, false from stop) found
    order by matches desc, ${orderBy}`,
    [...parameters, ...query.condition.parameters],
  )
  const ids = rows.filter((row) => row.matches).map((row) => row.id)
  const stop = rows.find((row) => !row.matches)
  return { ids, stoppedAt: stop && ids.length < query.range.limit ? [Number(stop.at), stop.id] : null }
}

/** Conditions on the rows of some branches; of one branch they are a range of its index. */
function rangeConditions(query: KeysetQuery, branches: KeysetQuery['branches']) {
  const conditions: string[] = []
  const values: unknown[] = []
  const add = (sql: string, ...more: unknown[]): void => {
    conditions.push(sql)
    values.push(...more)
  }
  const fixed = branches.map((branch) => Object.keys(branch).map((column) => `"${column}" = ?`).join(' and ') || 'true')
  add(`(${fixed.join(' or ')})`, ...branches.flatMap((branch) => Object.values(branch)))
  if (query.among !== null) add('id = any(?::uuid[])', `{${query.among.join(',')}}`)
  const { after, before } = query.range
  const [greater, smaller] = query.order === 'NEWEST_FIRST' ? [before, after] : [after, before]
  if (greater) add('(created_at, id) > (?, ?)', new Date(Number(greater[0])), greater[1])
  if (smaller) add('(created_at, id) < (?, ?)', new Date(Number(smaller[0])), smaller[1])
  if (query.createdFrom) add('created_at >= ?', query.createdFrom)
  if (query.createdTo) add('created_at < ?', query.createdTo)
  return { sql: conditions.join(' and '), values }
}

/** One branch for each status; the index on users leads over their statuses, so that both filters share it. */
export function branchesOf<Status extends string>(
  { status, submittedBy }: { readonly status: readonly Status[] | null; readonly submittedBy: string | null },
  statuses: readonly Status[],
): KeysetQuery['branches'] {
  if (submittedBy === null && status === null) return [{}]
  const user: Record<string, string> = submittedBy === null ? {} : { submitted_by: submittedBy }
  return [...new Set(status ?? statuses)].map((value) => ({ ...user, status: value }))
}
