/** How long tasks take: measured on this installation's agents, by work type; the catalog's figure until then. */
import type { Capability } from '../../catalog/capability.ts'
import type { Estimate } from '../../entities/task.ts'
import type { Scheduler } from '../../scheduler.ts'
import type { Queryable } from '../recording/rows.ts'

/** Minutes that succeeded attempts of one work type took. */
export type MeasuredMinutes = { readonly p50: number; readonly p90: number; readonly samples: number }

/** By work type. */
export type History = ReadonlyMap<string, MeasuredMinutes>

/** Fewer samples than these say less than the catalog. */
const enoughSamples = 5

/** The median of what the work type took, or the catalog's figure, labelled. */
export function estimate({ workType, estimatedMinutes }: Pick<Capability, 'workType' | 'estimatedMinutes'>, history: History): Estimate {
  const measured = history.get(workType)
  if (measured && measured.samples >= enoughSamples) return { source: 'history', ...measured }
  return { source: 'catalog', p50: estimatedMinutes, p90: estimatedMinutes, samples: measured?.samples ?? 0 }
}

export type HistoryReaderDeps = {
  readonly database: Queryable
  readonly workTypes: readonly string[]
  readonly scheduler: Pick<Scheduler, 'elapsed'>
  readonly maxAgeMs?: number
}

/**
 * Reads the history of work types, at most `maxAgeMs` old (1,000): the 200 latest succeeded attempts of each count.
 * Types that lack samples are read anew each time: there a single run may replace the catalog's figure, and few rows
 * are read quickly.
 */
export function createHistoryReader(deps: HistoryReaderDeps) {
  const maxAgeMs = deps.maxAgeMs ?? 1_000
  let history: History = new Map()
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null

  async function refresh(): Promise<void> {
    const startedAt = deps.scheduler.elapsed()
    const isOld = startedAt - readAt > maxAgeMs
    const wanted = isOld ? deps.workTypes : deps.workTypes.filter((workType) => (history.get(workType)?.samples ?? 0) < enoughSamples)
    if (wanted.length === 0) return
    const found = await readHistory(deps.database, wanted)
    history = isOld ? found : new Map([...history, ...found])
    if (isOld) readAt = startedAt
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

async function readHistory(database: Queryable, workTypes: readonly string[]): Promise<History> {
  const { rows } = await database.query({
    name: 'read_work_type_history',
    text: `select w.work_type, count(*)::int as samples,
        percentile_cont(0.5) within group (order by a.minutes) as p50,
        percentile_cont(0.9) within group (order by a.minutes) as p90
      from unnest($1::text[]) w(work_type) cross join lateral (
        select extract(epoch from finished_at - started_at)::float8 / 60 as minutes from attempt
        where work_type = w.work_type and status = 'SUCCEEDED' and started_at is not null
        order by finished_at desc limit 200) a
      group by w.work_type`,
    values: [[...new Set(workTypes)]],
  })
  const round = (minutes: number) => Math.round(minutes * 1_000) / 1_000
  return new Map((rows as (MeasuredMinutes & { work_type: string })[]).map(({ work_type, p50, p90, samples }) => [
    work_type, { p50: round(p50), p90: round(p90), samples },
  ]))
}
