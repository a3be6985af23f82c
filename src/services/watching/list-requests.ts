import type { EntityManager } from '@mikro-orm/postgresql'
import { Request } from '../../entities/request.ts'
import { requestStatuses, type RequestStatus } from '../../lifecycle/states.ts'
import { inOrder } from './in-order.ts'
import { branchesOf, readKeyset, rowByRow, type KeysetResult, type ListOrder } from './keyset.ts'
import { maySeeSql, type Viewer } from '../access/visibility.ts'
import { countRows, readPage, type CountedPage, type PageArgs, type PageRange } from './page.ts'

export type RequestFilter = {
  /** Any of these; null: any. */
  readonly status: readonly RequestStatus[] | null
  readonly submittedBy: string | null
  readonly createdFrom: Date | null
  /** Exclusive. */
  readonly createdTo: Date | null
}

/** Requests by creation that the viewer may see; where others are hidden, a page may be short although more follow. */
export async function listRequests(
  { em, viewer }: { em: EntityManager; viewer: Viewer },
  filter: RequestFilter,
  page: PageArgs & { readonly order: ListOrder },
): Promise<CountedPage<Request>> {
  const find = async (range: PageRange): Promise<KeysetResult> => {
    const branches = branchesOf(filter, requestStatuses)
    if (branches.length === 0) return { ids: [], stoppedAt: null }
    const hidden = viewer !== null && viewer !== filter.submittedBy
    const condition = hidden
      ? { sql: rowByRow(`from request r where r.id = p.id and ${maySeeSql('?')}`), parameters: [viewer, viewer] }
      : null
    return readKeyset({ em }, { table: 'request', ...filter, ...page, range, branches, among: null, condition })
  }
  const found = await readPage(page, {
    key: ['time', 'uuid'],
    keyOf: (request: Request) => [request.createdAt.getTime(), request.id],
    read: async (range) => {
      const { ids, stoppedAt } = await find(range)
      return { rows: inOrder(ids, await em.find(Request, { id: { $in: [...ids] } })), stoppedAt }
    },
  })
  return { ...found, count: () => countRows(find) }
}
