/** A plan as it happens: the present state or a replay, then every entry of its log, in order, once, to the end. */
import type { ExecutionLogEntry } from '../../entities/execution-log-entry.ts'
import { InvalidInputError, NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import { isTerminalPlan, type PlanStatus } from '../../lifecycle/states.ts'
import { createNaturalBatch } from '../recording/natural-batch.ts'
import type { Queryable } from '../recording/rows.ts'
import { hasLeft } from './has-left.ts'
import type { PlanFeed, PlanFeeds } from './plan-feeds.ts'
import type { PresentPlan, PresentPlans } from './present-plans.ts'

export type WatchPlanInput = {
  readonly planId: string
  /** Replay every entry after this number, then go on live; null: begin with the present state. */
  readonly afterSequence: number | null
}

/** One event of a plan's stream: `entry` is null on the first event of a watch without `afterSequence`. */
export type PlanStatusEvent = {
  readonly planId: string
  readonly sequence: number
  readonly entry: ExecutionLogEntry | null
  readonly changedTaskIds: readonly string[]
  /** The same object for entries that came together: what is read for one of them is new enough for all. */
  readonly page?: { /** The plan after the last of them, where no read is needed. */ readonly present: PresentPlan | null }
}

export type WatchPlanDeps = { readonly heads: PlanHeads; readonly feeds: PlanFeeds; readonly presentPlans: Pick<PresentPlans, 'upTo'> }

/** Where a plan stands when its watch begins; `tasks` are the ids of its tasks where they were asked for. */
type Head = { id: string; status: PlanStatus; sequence: number; tasks: string[] | null }

export type PlanHeads = { read(ask: { readonly planId: string; readonly withTasks: boolean }): Promise<Head | null> }

/** Watches that begin while a read is under way share the next one. */
export function createPlanHeads({ database }: { readonly database: Queryable }): PlanHeads {
  const batch = createNaturalBatch<{ planId: string; withTasks: boolean }, Head | null>({
    maxItems: 256,
    maxQueued: 20_000,
    async flush(items) {
      const { rows } = await database.query({
        name: 'watch_plan_heads',
        text: `select p.id, p.status, s.sequence, (select json_agg(t.id order by t.position) from task t where t.plan_id = p.id and p.id = any($2::uuid[])) as tasks
          from plan p join log_stream s on s.id = p.id where p.id = any($1::uuid[])`,
        values: [items.map((item) => item.planId), items.flatMap((item) => (item.withTasks ? [item.planId] : []))],
      })
      const heads = new Map((rows as Head[]).map((head) => [head.id, head]))
      return items.map(({ planId }) => heads.get(planId) ?? null)
    },
  })
  return { read: (ask) => batch.submit(ask) }
}

/** Subscribes first and reads then, so that nothing falls between. */
export async function watchPlan({ heads, feeds, presentPlans }: WatchPlanDeps, { planId, afterSequence }: WatchPlanInput, signal?: AbortSignal): Promise<AsyncIterable<PlanStatusEvent>> {
  const feed = feeds.join(planId)
  try {
    const head = await heads.read({ planId, withTasks: afterSequence === null })
    if (!head) throw new NotFoundError('plan', toGlobalId('Plan', planId))
    feed.reached(head.sequence)
    if (afterSequence !== null && (afterSequence < 0 || afterSequence > head.sequence)) {
      throw new InvalidInputError([{ path: 'afterSequence', rule: 'range', message: `Use a number from 0 to ${head.sequence}, the latest of this plan.` }])
    }
    return follow({ feed, planId, head, presentPlans }, afterSequence, signal)
  } catch (error) {
    feed.leave()
    throw error
  }
}

type Watch = Pick<WatchPlanDeps, 'presentPlans'> & { readonly feed: PlanFeed; readonly planId: string; readonly head: Head }

function follow(watch: Watch, afterSequence: number | null, outer?: AbortSignal): AsyncGenerator<PlanStatusEvent> {
  const ended = new AbortController()
  const signal = outer ? AbortSignal.any([outer, ended.signal]) : ended.signal
  const events = generate(watch, afterSequence, signal)
  let left = false
  const leave = () => {
    if (!left) watch.feed.leave()
    left = true
  }
  // A generator that was never asked for anything runs no finally block: the watch leaves here.
  signal.addEventListener('abort', leave, { once: true })
  return {
    async next() {
      const result = await events.next()
      if (result.done) leave()
      return result
    },
    throw: (error) => events.throw(error),
    // A pending next must end before the generator can return.
    return(value) {
      ended.abort(hasLeft)
      return events.return(value)
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      ended.abort(hasLeft)
      await events.return(undefined)
    },
  }
}

async function* generate({ feed, planId, head, presentPlans }: Watch, afterSequence: number | null, signal: AbortSignal): AsyncGenerator<PlanStatusEvent> {
  let cursor = afterSequence ?? head.sequence
  if (afterSequence === null) {
    yield { planId, sequence: head.sequence, entry: null, changedTaskIds: head.tasks ?? [], page: { present: presentPlans.upTo(planId, head.sequence) } }
  }
  if (isTerminalPlan(head.status) && cursor >= head.sequence) return
  while (!signal.aborted) {
    const entries = await feed.next(cursor, signal)
    const page = { present: entries.length > 0 ? presentPlans.upTo(planId, entries.at(-1)!.sequence) : null }
    for (const entry of entries) {
      cursor = entry.sequence
      yield { planId, sequence: cursor, entry, changedTaskIds: entry.taskId ? [entry.taskId] : [], page }
      if (entry.planStatus && isTerminalPlan(entry.planStatus)) return
    }
  }
}
