/** Pages of lists that belong to something (plans of a request, log of a plan), read for many owners in one statement. */
import DataLoader from 'dataloader'
import type { EntityManager } from '@mikro-orm/postgresql'
import { readPage, type Page, type PageArgs, type PageRange } from './page.ts'

export type OwnedList<Row extends object> = {
  readonly table: string
  /** What to select of a row `p`, and how that becomes a row. */
  readonly columns: string
  readonly asRow: (em: EntityManager, selected: Record<string, unknown>) => Row
  /** Columns of the owner and of the integer that orders the list; together they are an index. */
  readonly owner: string
  readonly position: string
  readonly descending: boolean
  readonly ownerOf: (row: Row) => string
  readonly positionOf: (row: Row) => number
  readonly maximum?: number
}

export type PagesByOwner<Row> = (ownerId: string, args: PageArgs) => Promise<Page<Row>>

/** Pages with equal arguments that one operation asks for at a time become one statement. */
export function pagesByOwner<Row extends object>({ em }: { em: EntityManager }, list: OwnedList<Row>): PagesByOwner<Row> {
  const loaders = new Map<string, DataLoader<string, readonly Row[]>>()
  const loaderOf = (range: PageRange) => {
    const key = JSON.stringify(range)
    const loader = loaders.get(key) ?? new DataLoader((owners: readonly string[]) => readRanges({ em }, list, owners, range))
    loaders.set(key, loader)
    return loader
  }
  return (ownerId, args) =>
    readPage(args, {
      maximum: list.maximum ?? 100,
      key: ['integer'],
      keyOf: (row: Row) => [list.positionOf(row)],
      read: async (range) => ({ rows: await loaderOf(range).load(ownerId), stoppedAt: null }),
    })
}

async function readRanges<Row extends object>(
  { em }: { em: EntityManager },
  { table, columns, asRow, owner, position, descending, ownerOf, positionOf }: OwnedList<Row>,
  owners: readonly string[],
  { after, before, limit, backward }: PageRange,
): Promise<readonly Row[][]> {
  const reverse = descending !== backward
  const [greater, smaller] = descending ? [before, after] : [after, before]
  const rows = await em.execute<Record<string, unknown>[]>(
    `select r.* from unnest(?::uuid[]) o(id) cross join lateral (
      select ${columns} from "${table}" p where "${owner}" = o.id and "${position}" > ? and "${position}" < ?
      order by "${position}" ${reverse ? 'desc' : 'asc'} limit ?) r`,
    [`{${owners.join(',')}}`, greater?.[0] ?? -1, smaller?.[0] ?? 2 ** 31 - 1, limit],
  )
  const lists = Map.groupBy(rows.map((row) => asRow(em, row)), ownerOf)
  const direction = reverse ? -1 : 1
  return owners.map((id) => (lists.get(id) ?? []).toSorted((a, b) => direction * (positionOf(a) - positionOf(b))))
}
