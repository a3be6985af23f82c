/** The state of the installation in a few numbers, for metrics. Counts that could be large stop at a bound. */
import type { Queryable } from '../recording/rows.ts'

export type Figures = {
  /** Committed messages that are not confirmed, and the age of the oldest. */
  readonly outboxMessages: number
  readonly outboxOldestSeconds: number
  /** Open attempts by status. */
  readonly leases: Readonly<Record<string, number>>
  readonly leasesOverdue: number
  readonly tasksWaiting: number
  readonly plansPending: number
  readonly agentsOnline: number
  readonly agentsOffline: number
  /** Of agents that are online. */
  readonly slots: number
  readonly slotsTaken: number
  /** Null before the first checkpoint of the log. */
  readonly checkpointAgeSeconds: number | null
}

/** Larger counts are not told apart. */
const most = 10_001

/** All by indexes that hold open work only. */
export async function readFigures(database: Queryable): Promise<Figures> {
  const capped = (from: string) => `(select count(*) from (select 1 from ${from} limit ${most}) c)::int`
  const { rows } = await database.query({
    name: 'figures',
    text: `with open as (select status, lease_until < clock_timestamp() or coalesce(deadline_at < clock_timestamp(), false) as overdue from attempt
        where status in ('DISPATCHED', 'ACCEPTED', 'GRANTED'))
      select ${capped('outbox_message')} as "outboxMessages",
        coalesce((select extract(epoch from clock_timestamp() - created_at) from outbox_message order by id limit 1), 0)::float8 as "outboxOldestSeconds",
        coalesce((select json_object_agg(status, found) from (select status, count(*) as found from open group by status) s), '{}') as leases,
        (select count(*) from open where overdue)::int as "leasesOverdue",
        least(${most}, (select coalesce(sum(waiting_tasks), 0) from (select waiting_tasks from plan where waiting_tasks > 0 limit ${most}) w))::int as "tasksWaiting",
        ${capped(`plan where status = 'PENDING_APPROVAL'`)} as "plansPending",
        (select count(*) from agent where online)::int as "agentsOnline",
        (select count(*) from agent where not online)::int as "agentsOffline",
        coalesce((select sum(slots) from agent where online), 0)::int as slots,
        coalesce((select sum(open_attempts) from agent where online), 0)::int as "slotsTaken",
        (select extract(epoch from clock_timestamp() - at)::float8 from checkpoint order by number desc limit 1) as "checkpointAgeSeconds"`,
    values: [],
  })
  return rows[0] as Figures
}
