/** The agents as routing and feasibility see them: a snapshot of the table, kept fresh by this replica's own changes. */
import type { AgentResources } from '../../entities/agent.ts'
import type { Scheduler } from '../../scheduler.ts'
import type { Queryable } from '../recording/rows.ts'

/** What an agent achieved with one intent so far. */
export type IntentPerformance = { readonly succeeded: number; readonly failed: number; readonly lost: number; readonly totalSeconds: number }

export type PooledAgent = {
  readonly id: string
  readonly name: string
  readonly agentType: string
  readonly instance: string
  readonly intents: ReadonlySet<string>
  readonly slots: number
  readonly openAttempts: number
  readonly resources: AgentResources
  /** Heard of lately, by the database's clock. */
  readonly online: boolean
  /** Sends heartbeats but does not take its work. */
  readonly suspended: boolean
  readonly performance: ReadonlyMap<string, IntentPerformance>
}

export type AgentPool = {
  /** The agents by id, at most `maxAgeMs` old, with all changes this replica has committed. */
  read(): Promise<ReadonlyMap<string, PooledAgent>>
  /** Takes over counters that a transaction of this replica has just written. */
  noteOpenAttempts(counts: readonly { readonly id: string; readonly openAttempts: number }[]): void
  /** The next read asks the database. */
  invalidate(): void
}

type Row = {
  id: string
  name: string
  agent_type: string
  instance: string
  intents: string[]
  slots: number
  open_attempts: number
  resources: AgentResources
  online: boolean
  suspended: boolean
  performance: { intent: string; succeeded: number; failed: number; lost: number; total_seconds: number }[] | null
}

const toAgent = (row: Row): PooledAgent => ({
  id: row.id,
  name: row.name,
  agentType: row.agent_type,
  instance: row.instance,
  intents: new Set(row.intents),
  slots: row.slots,
  openAttempts: row.open_attempts,
  resources: row.resources,
  online: row.online,
  suspended: row.suspended,
  performance: new Map(
    (row.performance ?? []).map((p) => [p.intent, { succeeded: p.succeeded, failed: p.failed, lost: p.lost, totalSeconds: p.total_seconds }]),
  ),
})

export type AgentPoolDeps = {
  readonly database: Queryable
  readonly scheduler: Pick<Scheduler, 'elapsed'>
  /** So long without a heartbeat an agent counts as offline for routing; its attempts live as long as their leases. */
  readonly offlineAfterSeconds: number
  readonly maxAgeMs?: number
}

export function createAgentPool(deps: AgentPoolDeps): AgentPool {
  const maxAgeMs = deps.maxAgeMs ?? 1_000
  let agents = new Map<string, PooledAgent>()
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null
  let invalidations = 0

  const isOld = () => deps.scheduler.elapsed() - readAt > maxAgeMs

  async function refresh(): Promise<void> {
    const startedAt = deps.scheduler.elapsed()
    const invalidationsSeen = invalidations
    const result = await deps.database.query({
      name: 'read_agent_pool',
      text: `select a.id, a.name, a.agent_type, a.instance, a.intents, a.slots, a.open_attempts, a.resources,
          a.last_seen_at > clock_timestamp() - make_interval(secs => $1) as online,
          coalesce(a.suspended_until > clock_timestamp(), false) as suspended,
          (select json_agg(p) from agent_performance p where p.agent_id = a.id) as performance
        from agent a where a.last_seen_at > clock_timestamp() - interval '1 day'`,
      values: [deps.offlineAfterSeconds],
    })
    agents = new Map((result.rows as Row[]).map((row) => [row.id, toAgent(row)]))
    if (invalidationsSeen === invalidations) readAt = startedAt
  }

  return {
    async read() {
      // A query that was under way at the latest invalidation may have missed its cause; a second one has not.
      for (let queries = 0; queries < 2 && isOld(); queries++) {
        reading ??= refresh().finally(() => {
          reading = null
        })
        await reading
      }
      return agents
    },
    noteOpenAttempts(counts) {
      for (const { id, openAttempts } of counts) {
        const agent = agents.get(id)
        if (agent) agents.set(id, { ...agent, openAttempts })
      }
    },
    invalidate() {
      invalidations++
      readAt = Number.NEGATIVE_INFINITY
    },
  }
}
