/** What occupies the agents: how long their open work still takes, and what waits for a slot. */
import type { Scheduler } from '../../scheduler.ts'
import type { Queryable } from '../recording/rows.ts'

export type Occupancy = {
  /** By agent: minutes that each of its open attempts still takes, in no order. */
  readonly openMinutes: ReadonlyMap<string, readonly number[]>
  /** Minutes of work that waits for an agent. */
  readonly waiting: readonly { readonly agentType: string; readonly intent: string; readonly minutes: number }[]
}

export type OccupancyReader = {
  /** At most a second old. The query runs on the given connection: its caller may be in a transaction. */
  read(database: Queryable): Promise<Occupancy>
}

export function createOccupancyReader({ scheduler, maxAgeMs = 1_000 }: { readonly scheduler: Pick<Scheduler, 'elapsed'>; readonly maxAgeMs?: number }): OccupancyReader {
  let known: { readonly occupancy: Occupancy; readonly readAt: number } | null = null
  return {
    async read(database) {
      const readAt = scheduler.elapsed()
      if (known && readAt - known.readAt <= maxAgeMs) return known.occupancy
      const occupancy = await readOccupancy(database)
      known = { occupancy, readAt }
      return occupancy
    },
  }
}

type Row = { agent_id: string | null; agent_type: string | null; intent: string | null; minutes: number[] }

/** What has run longer than half of its kind does will end as late as nine of ten do; waiting work is that of the 1,000 oldest plans. */
async function readOccupancy(database: Queryable): Promise<Occupancy> {
  const { rows } = await database.query({
    name: 'read_occupancy',
    text: `select o.agent_id, null as agent_type, null as intent, json_agg(greatest(0, (case when o.ran < o.p50 then o.p50 else o.p90 end) - o.ran)) as minutes
      from (
        select a.agent_id, t.estimated_minutes as p50, (t.estimate->>'p90')::float8 as p90,
          coalesce(greatest(0, extract(epoch from clock_timestamp() - a.started_at)::float8 / 60), 0) as ran
        from attempt a join task t on t.id = a.task_id where a.status in ('DISPATCHED', 'ACCEPTED', 'GRANTED')) o
      group by o.agent_id
      union all
      select null, t.agent_type, t.intent, json_build_array(sum(t.estimated_minutes))
      from (select id from plan where waiting_tasks > 0 order by id limit 1000) p
      join task t on t.plan_id = p.id where t.status = 'WAITING_FOR_AGENT' group by t.agent_type, t.intent`,
    values: [],
  })
  const all = rows as Row[]
  return {
    openMinutes: new Map(all.flatMap(({ agent_id, minutes }) => (agent_id === null ? [] : [[agent_id, minutes] as const]))),
    waiting: all.flatMap(({ agent_type, intent, minutes }) => (agent_type === null || intent === null ? [] : [{ agentType: agent_type, intent, minutes: minutes[0]! }])),
  }
}

/**
 * Minutes until one of the slots takes new work, where all work that waits is spread over them as they become free.
 * @param open what each occupied slot still takes; at least one  @param waiting minutes of the work ahead
 */
export function minutesUntilFree(open: readonly number[], waiting: number): number {
  const sorted = open.toSorted((a, b) => a - b)
  let taken = waiting
  for (const [index, minutes] of sorted.entries()) {
    taken += minutes
    const level = taken / (index + 1)
    if (index + 1 === sorted.length || level <= sorted[index + 1]!) return level
  }
  return waiting
}
