/**
 * How long tasks take: measured on the agents that would do them, else on others that did the same work type; the
 * catalog's figure until then.
 */
import type { Capability } from '../../catalog/capability.ts'
import type { Estimate } from '../../entities/task.ts'
import type { Scheduler } from '../../scheduler.ts'
import type { AgentPool, PooledAgent } from '../execution/agent-pool.ts'
import type { Queryable } from '../recording/rows.ts'

/** Minutes that succeeded attempts took. */
export type MeasuredMinutes = { readonly p50: number; readonly p90: number; readonly samples: number }

/** What agents of one type took that can carry out one capability. */
export type MeasuredOnAgents = { /** Those that take work now. */ readonly live: MeasuredMinutes; readonly able: MeasuredMinutes }

/** What a work type took on any agent, and on those of one type that can carry out one capability. */
export type WorkTypeHistory = MeasuredMinutes & { readonly on?: (intent: string, agentType: string) => MeasuredOnAgents }

/** By work type. */
export type History = ReadonlyMap<string, WorkTypeHistory>

/** Fewer samples than these say less than the next wider figure. */
const enoughSamples = 5

/**
 * The median of what the work type took on the agents that can do it now, else on agents of its type, else on any, each
 * from five samples on; or the catalog's figure. Labelled.
 */
export function estimate({ id, workType, agentType, estimatedMinutes }: Pick<Capability, 'id' | 'workType' | 'agentType' | 'estimatedMinutes'>, history: History): Estimate {
  const any = history.get(workType)
  const { live, able } = any?.on?.(id, agentType) ?? {}
  for (const [agents, measured] of [['live', live], ['able', able], ['any', any]] as const) {
    if (!measured || measured.samples < enoughSamples) continue
    const { p50, p90, samples } = measured
    return { source: 'history', p50, p90, samples, agents }
  }
  return { source: 'catalog', p50: estimatedMinutes, p90: estimatedMinutes, samples: any?.samples ?? 0, agents: null }
}

export type HistoryReaderDeps = {
  readonly database: Queryable
  readonly capabilities: readonly Pick<Capability, 'id' | 'workType'>[]
  readonly agentPool: Pick<AgentPool, 'read'>
  readonly scheduler: Pick<Scheduler, 'elapsed'>
  readonly maxAgeMs?: number
}

/** Succeeded attempts of a work type that count, the latest ones. */
const window = 200
/** And where the agents that can do the work now have too few among those. */
const wideWindow = 2_000

/**
 * Reads the history of work types, at most `maxAgeMs` old (1,000), for all plans that are made meanwhile. Types that
 * lack samples are read anew each time: there a single run may replace the catalog's figure, and few rows are read
 * quickly.
 */
export function createHistoryReader(deps: HistoryReaderDeps) {
  const maxAgeMs = deps.maxAgeMs ?? 1_000
  const workTypes = [...new Set(deps.capabilities.map(({ workType }) => workType))]
  let history: History = new Map()
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null

  async function refresh(): Promise<void> {
    const startedAt = deps.scheduler.elapsed()
    const isOld = startedAt - readAt > maxAgeMs
    const wanted = isOld ? workTypes : workTypes.filter((workType) => (history.get(workType)?.samples ?? 0) < enoughSamples)
    if (wanted.length === 0) return
    const found = await readHistory(wanted)
    history = isOld ? found : new Map([...history, ...found])
    if (isOld) readAt = startedAt
  }

  async function readHistory(wanted: readonly string[]): Promise<History> {
    const agents = await deps.agentPool.read()
    const runs = await readRuns(deps.database, wanted, { depth: window, agentIds: null })
    const lacking = deps.capabilities.filter(({ id, workType }) => runs.get(workType)?.length === window && lacksLiveRuns(runs.get(workType)!, id, agents))
    const older = lacking.length === 0 ? new Map<string, Run[]>() : await readRuns(deps.database, [...new Set(lacking.map(({ workType }) => workType))], {
      depth: wideWindow,
      agentIds: [...agents.values()].filter((agent) => isLive(agent) && lacking.some(({ id }) => agent.intents.has(id))).map(({ id }) => id),
    })
    return new Map([...runs].map(([workType, latest]) => [workType, { ...measure(latest), on: onAgents(latest, older.get(workType) ?? latest, agents) }]))
  }

  return {
    async read(): Promise<History> {
      reading ??= refresh().finally(() => {
        reading = null
      })
      await reading
      return history
    },
  }
}

export type HistoryReader = ReturnType<typeof createHistoryReader>

type Run = readonly [agentId: string, minutes: number]
type Agents = ReadonlyMap<string, PooledAgent>

const isLive = ({ online, suspended }: PooledAgent): boolean => online && !suspended

/** True where agents of some type could carry the capability out now and too few of the runs are theirs. */
function lacksLiveRuns(runs: readonly Run[], intent: string, agents: Agents): boolean {
  const counts = new Map<string, number>()
  for (const [agentId] of runs) {
    const agent = agents.get(agentId)
    if (agent && isLive(agent) && agent.intents.has(intent)) counts.set(agent.agentType, (counts.get(agent.agentType) ?? 0) + 1)
  }
  for (const agent of agents.values()) {
    if (isLive(agent) && agent.intents.has(intent) && (counts.get(agent.agentType) ?? 0) < enoughSamples) return true
  }
  return false
}

/** Each figure is worked out when it is first asked for. */
function onAgents(latest: readonly Run[], ofLive: readonly Run[], agents: Agents): (intent: string, agentType: string) => MeasuredOnAgents {
  const known = new Map<string, MeasuredOnAgents>()
  return (intent, agentType) => {
    const key = JSON.stringify([intent, agentType])
    const isAble = (agent: PooledAgent | undefined) => agent !== undefined && agent.agentType === agentType && agent.intents.has(intent)
    const found = known.get(key) ?? {
      live: measure(ofLive.filter(([id]) => isAble(agents.get(id)) && isLive(agents.get(id)!))),
      able: measure(latest.filter(([id]) => isAble(agents.get(id)))),
    }
    known.set(key, found)
    return found
  }
}

function measure(runs: readonly Run[]): MeasuredMinutes {
  const minutes = runs.map((run) => run[1]).sort((a, b) => a - b)
  const at = (share: number): number => {
    const place = share * (minutes.length - 1)
    const [low, high] = [minutes[Math.floor(place)] ?? 0, minutes[Math.ceil(place)] ?? 0]
    return Math.round((low + (high - low) * (place % 1)) * 1_000) / 1_000
  }
  return { p50: at(0.5), p90: at(0.9), samples: minutes.length }
}

/** Those of the agents named, or of all, among the latest `depth` runs of each work type. */
async function readRuns(database: Queryable, workTypes: readonly string[], { depth, agentIds }: { depth: number; agentIds: readonly string[] | null }): Promise<Map<string, Run[]>> {
  const { rows } = await database.query({
    name: 'read_work_type_history',
    text: `select w.work_type, json_agg(a.agent_id) as agents, json_agg(a.ms) as ms
      from unnest($1::text[]) w(work_type) cross join lateral (
        select agent_id, (extract(epoch from finished_at - started_at) * 1000)::bigint as ms from attempt
        where work_type = w.work_type and status = 'SUCCEEDED' and started_at is not null and finished_at is not null
        order by finished_at desc limit $2) a
      where $3::uuid[] is null or a.agent_id = any($3) group by w.work_type`,
    values: [workTypes, depth, agentIds],
  })
  return new Map((rows as { work_type: string; agents: string[]; ms: number[] }[]).map(({ work_type, agents, ms }) => (
    [work_type, agents.map((id, index) => [id, ms[index]! / 60_000] as const)]
  )))
}
