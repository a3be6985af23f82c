import type { EntityManager } from '@mikro-orm/postgresql'
import { Plan } from '../../entities/plan.ts'
import { maySeeSql, type Viewer } from '../access/visibility.ts'
import type { RowReader } from './row-reader.ts'

/**
 * A plan with the number of its latest log entry, both read by one statement. What is read after it, its tasks
 * above all, is at least as new: whoever resumes a watch from this number misses nothing.
 */
export type ReadPlan = Plan & { readonly sequence: number }

/** A plan after a change, with that number where whoever changed it knows it. */
export type ChangedPlan = Plan & { readonly sequence?: number }

/** What to select of a plan `p`. */
export const planColumns = 'p.*, (select s.sequence from log_stream s where s.id = p.id) as log_sequence'

/** A row of `planColumns` as a plan. */
export const asReadPlan = ({ em }: { em: EntityManager }, { log_sequence, ...row }: Record<string, unknown>): ReadPlan =>
  Object.assign(em.map(Plan, row as never), { sequence: Number(log_sequence ?? 0) })

/** The plans with these ids that the viewer may see, in any order. */
export async function readPlans({ rows }: { readonly rows: RowReader }, ids: readonly string[], viewer: Viewer): Promise<ReadPlan[]> {
  if (ids.length === 0) return []
  const select = `select ${rows.columnsOf(Plan, 'p')}, coalesce((select s.sequence from log_stream s where s.id = p.id), 0) as sequence
    from plan p where p.id = any($1::uuid[])`
  if (viewer !== null) {
    const text = `${select} and exists (select 1 from request r where r.id = p.request_id and ${maySeeSql('$2')})`
    return (await rows.database.query({ name: 'show_visible_plans', text, values: [ids, viewer] })).rows as ReadPlan[]
  }
  return rows.gather<ReadPlan>('show_plans', 'id', ids, async (all) =>
    (await rows.database.query({ name: 'show_plans', text: select, values: [all] })).rows as ReadPlan[])
}
