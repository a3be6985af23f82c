/** Pages of long lists by keyset: a cursor names the last row seen, so rows written meanwhile move nothing. */
import { InvalidInputError } from '../../errors.ts'

/** As Relay defines them; `first` and `last` exclude each other. */
export type PageArgs = {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

/** Times that database and RFC 3339 both can write. */
const earliest = Date.parse('0001-01-01T00:00:00.000Z')
const latest = Date.parse('9999-12-31T23:59:59.999Z')
export const isStorableTime = (ms: number): boolean => ms >= earliest && ms <= latest

/** More rows are not counted. */
export const mostCounted = 1_000

export type Page<Row> = {
  readonly edges: { cursor: string; node: Row }[]
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

/** The values of the sort columns in one row. */
export type Key = readonly (string | number)[]

/** A page of a list whose rows can be counted; see `countRows`. */
export type CountedPage<Row> = Page<Row> & { readonly count: () => Promise<number | null> }

/** Which rows to read: those between the two keys, from the end where `backward`, at most `limit`. */
export type PageRange = {
  readonly after: Key | null
  readonly before: Key | null
  readonly limit: number
  readonly backward: boolean
}

export type PageRules<Row> = {
  /** Most rows of a page (100), and how many come unasked (20). */
  readonly maximum?: number
  readonly usual?: number
  /** What the values of a key must look like, in order. */
  readonly key: readonly ('time' | 'uuid' | 'integer' | 'text')[]
  readonly keyOf: (row: Row) => Key
  readonly read: (range: PageRange) => Promise<Found<Row>>
}

/** Rows in list order, or in reverse where the range is `backward`. */
export type Found<Row> = {
  readonly rows: readonly Row[]
  /** Where looking stopped early although more may follow; null where the rows found are all there are. */
  readonly stoppedAt: Key | null
}

/** Reads one row more than asked for, to know whether the list goes on. Throws InvalidInputError. */
export async function readPage<Row>(args: PageArgs, rules: PageRules<Row>): Promise<Page<Row>> {
  const size = pageSize(args, rules.maximum ?? 100, rules.usual ?? 20)
  const backward = args.last != null
  const after = args.after == null ? null : parseCursor('after', args.after, rules.key)
  const before = args.before == null ? null : parseCursor('before', args.before, rules.key)
  const { rows: found, stoppedAt } = await rules.read({ after, before, limit: size + 1, backward })
  const rows = found.slice(0, size)
  if (backward) rows.reverse()
  const edges = rows.map((node) => ({ cursor: toCursor(rules.keyOf(node)), node }))
  const more = found.length > size || stoppedAt !== null
  const stop = stoppedAt && toCursor(stoppedAt)
  return {
    edges,
    pageInfo: {
      hasNextPage: backward ? before !== null : more,
      hasPreviousPage: backward ? more : after !== null,
      startCursor: (backward ? stop : null) ?? edges.at(0)?.cursor ?? null,
      endCursor: (backward ? null : stop) ?? edges.at(-1)?.cursor ?? null,
    },
  }
}

/** How many rows a list has; null for more than `mostCounted`, and where looking for them stopped early. */
export async function countRows(find: (range: PageRange) => Promise<{ readonly ids: readonly string[]; readonly stoppedAt: Key | null }>): Promise<number | null> {
  const { ids, stoppedAt } = await find({ after: null, before: null, limit: mostCounted + 1, backward: false })
  return stoppedAt !== null || ids.length > mostCounted ? null : ids.length
}

function pageSize({ first, last }: PageArgs, maximum: number, usual: number): number {
  if (first != null && last != null) throw invalid('last', 'exclusive', 'Give first or last, not both.')
  const [name, size] = last != null ? ['last', last] : ['first', first ?? usual]
  if (size < 0 || size > maximum) throw invalid(String(name), 'range', `Ask for 0 to ${maximum} at a time.`)
  return size
}

const toCursor = (key: Key): string => Buffer.from(JSON.stringify(key)).toString('base64url')

const shapes: Record<PageRules<unknown>['key'][number], (value: unknown) => boolean> = {
  time: (value) => Number.isSafeInteger(value) && isStorableTime(Number(value)),
  integer: (value) => Number.isSafeInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  uuid: (value) => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value),
  text: (value) => typeof value === 'string' && value.length <= 200 && !value.includes('\0'),
}

function parseCursor(name: string, cursor: string, key: PageRules<unknown>['key']): Key {
  const fault = invalid(name, 'cursor', 'Pass a cursor of this list, unchanged.')
  if (cursor.length > 1_000) throw fault
  let values: unknown
  try {
    values = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    throw fault
  }
  if (!Array.isArray(values) || values.length !== key.length) throw fault
  if (!key.every((shape, index) => shapes[shape](values[index]))) throw fault
  return values
}

const invalid = (path: string, rule: string, message: string) => new InvalidInputError([{ path, rule, message }])
