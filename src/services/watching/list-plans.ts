import type { EntityManager } from '@mikro-orm/postgresql'
import { planStatuses, type PlanStatus } from '../../lifecycle/states.ts'
import { branchesOf, readKeyset, type KeysetQuery, type ListOrder } from './keyset.ts'
import { readPage, type Page, type PageArgs } from './page.ts'
import { inOrder } from './in-order.ts'
import { readPlans, type ReadPlan } from './read-plans.ts'

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

/** Plans by creation. A page filtered by agent or capability may be short, even empty, although more follow. */
export function listPlans(
  { em }: { em: EntityManager },
  filter: PlanFilter,
  page: PageArgs & { readonly order: ListOrder },
): Promise<Page<ReadPlan>> {
  return readPage(page, {
    key: ['time', 'uuid'],
    keyOf: (plan: ReadPlan) => [plan.createdAt.getTime(), plan.id],
    read: async (range) => {
      const branches = branchesOf(filter, planStatuses)
      if (branches.length === 0) return { rows: [], stoppedAt: null }
      const { ids, stoppedAt } = await readKeyset(
        { em },
        { table: 'plan', ...filter, ...page, range, branches, condition: taskCondition(filter) },
      )
      return { rows: inOrder(ids, await readPlans({ em }, ids)), stoppedAt }
    },
  })
}

function taskCondition({ agentId, capability }: PlanFilter): KeysetQuery['condition'] {
  if (agentId === null && capability === null) return null
  const conditions = [agentId !== null && 't.agent_id = ?', capability !== null && 't.intent = ?'].filter(Boolean)
  return {
    sql: `exists (select 1 from task t where t.plan_id = p.id and ${conditions.join(' and ')})`,
    parameters: [agentId, capability].filter((value) => value !== null),
  }
}
