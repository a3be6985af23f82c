import type { EntityManager } from '@mikro-orm/postgresql'
import { Request } from '../../entities/request.ts'
import { requestStatuses, type RequestStatus } from '../../lifecycle/states.ts'
import { inOrder } from './in-order.ts'
import { branchesOf, readKeyset, type ListOrder } from './keyset.ts'
import { readPage, type Page, type PageArgs } from './page.ts'

export type RequestFilter = {
  /** Any of these; null: any. */
  readonly status: readonly RequestStatus[] | null
  readonly submittedBy: string | null
  readonly createdFrom: Date | null
  /** Exclusive. */
  readonly createdTo: Date | null
}

/** Requests by creation. */
export function listRequests(
  { em }: { em: EntityManager },
  filter: RequestFilter,
  page: PageArgs & { readonly order: ListOrder },
): Promise<Page<Request>> {
  return readPage(page, {
    key: ['time', 'uuid'],
    keyOf: (request: Request) => [request.createdAt.getTime(), request.id],
    read: async (range) => {
      const branches = branchesOf(filter, requestStatuses)
      if (branches.length === 0) return { rows: [], stoppedAt: null }
      const { ids } = await readKeyset(
        { em },
        { table: 'request', ...filter, ...page, range, branches, condition: null },
      )
      return { rows: inOrder(ids, await em.find(Request, { id: { $in: [...ids] } })), stoppedAt: null }
    },
  })
}
