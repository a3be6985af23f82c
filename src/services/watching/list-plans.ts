import type { EntityManager } from '@mikro-orm/postgresql'
import { planStatuses, type PlanStatus } from '../../lifecycle/states.ts'
import { branchesOf, readKeyset, rowByRow, scanLimit, type KeysetQuery, type KeysetResult, type ListOrder } from './keyset.ts'
import { maySeeSql, type Viewer } from '../access/visibility.ts'
import { countRows, readPage, type CountedPage, type PageArgs, type PageRange } from './page.ts'
import { inOrder } from './in-order.ts'
import { readPlans, type ReadPlan } from './read-plans.ts'
import type { RowReader } from './row-reader.ts'

export type PlanFilter = {
  /** Any of these; null: any. */
  readonly status: readonly PlanStatus[] | null
  readonly submittedBy: string | null
  readonly createdFrom: Date | null
  /** Exclusive. */
  readonly createdTo: Date | null
  /** Some task went to this agent last. */
  readonly agentId: string | null
  /** Some task has this intent. */
  readonly capability: string | null
}

/**
 * Plans by creation that the viewer may see. Where a page is filtered by viewer, or by an agent or capability of many
 * plans, it may be short, even empty, although more follow.
 */
export async function listPlans(
  { em, rows, viewer }: { em: EntityManager; rows: RowReader; viewer: Viewer },
  filter: PlanFilter,
  page: PageArgs & { readonly order: ListOrder },
): Promise<CountedPage<ReadPlan>> {
  const find = async (range: PageRange): Promise<KeysetResult> => {
    const branches = branchesOf(filter, planStatuses)
    if (branches.length === 0) return { ids: [], stoppedAt: null }
    const among = await candidates({ em }, filter)
    return readKeyset({ em }, { table: 'plan', ...filter, ...page, range, branches, among, condition: conditionOf(filter, viewer) })
  }
  const found = await readPage(page, {
    key: ['time', 'uuid'],
    keyOf: (plan: ReadPlan) => [plan.createdAt.getTime(), plan.id],
    read: async (range) => {
      const { ids, stoppedAt } = await find(range)
      return { rows: inOrder(ids, await readPlans({ rows }, ids, viewer)), stoppedAt }
    },
  })
  return { ...found, count: () => countRows(find) }
}

/** The plans with work of the agent or capability, where those are few; what many plans have is soon found by looking through the list. */
async function candidates({ em }: { em: EntityManager }, { agentId, capability }: PlanFilter): Promise<readonly string[] | null> {
  const sources = [
    agentId !== null && { sql: 'select plan_id from attempt where agent_id = ?', value: agentId },
    capability !== null && { sql: 'select plan_id from task where intent = ?', value: capability },
  ].filter((source) => source !== false)
  for (const { sql, value } of sources) {
    // In the order of the index: reading the table from its beginning could take all of it.
    const found = await em.execute<{ plan_id: string }[]>(`${sql} order by plan_id limit ${scanLimit}`, [value])
    if (found.length < scanLimit) return [...new Set(found.map((row) => row.plan_id))]
  }
  return null
}

function conditionOf({ agentId, capability, submittedBy }: PlanFilter, viewer: Viewer): KeysetQuery['condition'] {
  const conditions: string[] = []
  const parameters: unknown[] = []
  if (agentId !== null || capability !== null) {
    const ofTask = [agentId !== null && 't.agent_id = ?', capability !== null && 't.intent = ?'].filter(Boolean)
    conditions.push(rowByRow(`from task t where t.plan_id = p.id and ${ofTask.join(' and ')}`))
    parameters.push(...[agentId, capability].filter((value) => value !== null))
  }
  if (viewer !== null && viewer !== submittedBy) {
    conditions.push(rowByRow(`from plan v join request r on r.id = v.request_id where v.id = p.id and ${maySeeSql('?')}`))
    parameters.push(viewer, viewer)
  }
  return conditions.length === 0 ? null : { sql: conditions.join(' and '), parameters }
}
