import type { EntityManager } from '@mikro-orm/postgresql'
import { Plan } from '../../entities/plan.ts'

/**
 * A plan with the number of its latest log entry, both read by one statement. What is read after it, its tasks
 * above all, is at least as new: whoever resumes a watch from this number misses nothing.
 */
export type ReadPlan = Plan & { readonly sequence: number }

/** What to select of a plan `p`. */
export const planColumns = 'p.*, (select s.sequence from log_stream s where s.id = p.id) as log_sequence'

/** A row of `planColumns` as a plan. */
export const asReadPlan = ({ em }: { em: EntityManager }, { log_sequence, ...row }: Record<string, unknown>): ReadPlan =>
  Object.assign(em.map(Plan, row as never), { sequence: Number(log_sequence ?? 0) })

/** The plans with these ids, in any order. */
export async function readPlans({ em }: { em: EntityManager }, ids: readonly string[]): Promise<ReadPlan[]> {
  if (ids.length === 0) return []
  const rows = await em.execute<Record<string, unknown>[]>(
    `select ${planColumns} from plan p where p.id = any(?::uuid[])`,
    [`{${ids.join(',')}}`],
  )
  return rows.map((row) => asReadPlan({ em }, row))
}
