/**
 * The engine: everything that happens to plans goes through here. Events that arrive while a transaction is under
 * way share the next one: lock the plans' streams in id order, load what is not in memory, apply the rules, route
 * what became ready, write back and commit. Two round trips for any number of plans.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { presentCause, type Cause } from '../../cause.ts'
import { withTransaction } from '../../database/transaction.ts'
import { NotFoundError, PlanwrightError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { PlanEvent, Refusal } from '../../lifecycle/plan-event.ts'
import type { PlanState } from '../../lifecycle/plan-state.ts'
import type { Step } from '../../lifecycle/transition.ts'
import type { Scheduler } from '../../scheduler.ts'
import type { QuotaLedger } from '../planning/quota-ledger.ts'
import { isolateFaults } from '../recording/isolate-faults.ts'
import type { LogRow } from '../recording/execution-log.ts'
import { createNaturalBatch } from '../recording/natural-batch.ts'
import { lockStreams, type Queryable } from '../recording/rows.ts'
import { createStatementGroups, type StatementGroups } from '../recording/statement-group.ts'
import type { AgentPool } from './agent-pool.ts'
import { dispatchReady } from './dispatch-ready.ts'
import type { EngineObserver } from './engine-observer.ts'
import { formatOutgoing, outboxRows, type OutboxRow, type OutgoingDeps, type OutgoingWork } from './outgoing-work.ts'
import { createPlanBatch, type PlanBatch } from './plan-batch.ts'
import type { PlanStore } from './plan-store.ts'
import { writeBatch, type WrittenBatch } from './write-batch.ts'

/** A stored decision about a plan, as the engine reads it for those who need it. */
export type ApprovalRow = {
  readonly id: string
  readonly plan_id: string
  readonly decided_by: string
  readonly decision: string
  readonly content_hash: string
  readonly skipped_tasks: readonly string[]
}

/** One plan inside the engine's transaction. */
export type PlanTurn = {
  readonly batch: PlanBatch
  readonly approvals: readonly ApprovalRow[]
  /** The present state, with what this turn has changed. */
  plan(): PlanState
  apply(event: PlanEvent): Step | Refusal
}

/** Work on one plan; a typed error that it throws before its first `apply` is its answer and changes nothing. */
type Item = { readonly planId: string; readonly needsApprovals: boolean; readonly cause: Cause | undefined; readonly work: (turn: PlanTurn) => unknown }

export type PlanEngine = {
  /** Runs `work` on a locked plan; resolves once it is committed. Throws NotFoundError for an unknown plan. */
  run<Result>(planId: string, work: (turn: PlanTurn) => Result, options?: { readonly needsApprovals: boolean }): Promise<Result>
  /** Events waiting or under way. */
  readonly size: number
  stop(): Promise<void>
}

export type PlanEngineDeps = OutgoingDeps & {
  /** Tasks of one plan that a batch sends out at most. */
  readonly tasksAtOnce: number
  readonly pool: pg.Pool
  readonly scheduler: Scheduler
  readonly store: PlanStore
  readonly agentPool: AgentPool
  readonly ledger: Pick<QuotaLedger, 'book' | 'release'>
  /** Called after the commit with the messages that may leave now. */
  readonly send: (work: readonly OutgoingWork[]) => void
  /** Called after the commit with each plan that changed, the number of its latest entry, and its new entries in order. */
  readonly announce: (hint: { readonly planId: string; readonly sequence: number; readonly entries: readonly LogRow[] }) => void
  /** Called after the commit of a batch that ended attempts: others may be waiting for the slots. */
  readonly slotsFreed: () => void
  /** Told of every commit, for figures. */
  readonly observer?: EngineObserver | undefined
}

/** Plans whose latest cause is kept, for what happens to them by time alone. */
const rememberedCauses = 10_000

export function createPlanEngine(deps: PlanEngineDeps): PlanEngine {
  const goOn = (planId: string) => void queue.submit({ planId, work: () => {}, needsApprovals: false, cause: undefined }).catch(() => {})
  const parts = { ...deps, goOn, causes: new LRUCache<string, Cause>({ max: rememberedCauses }), statementGroups: createStatementGroups() }
  const queue = createNaturalBatch<Item, unknown>({
    flush: isolateFaults((items: readonly Item[]) => flush(parts, items)),
    maxItems: 512,
    maxQueued: 20_000,
  })
  return {
    run: <Result>(planId: string, work: (turn: PlanTurn) => Result, options?: { needsApprovals: boolean }) =>
      queue.submit({ planId, work, needsApprovals: options?.needsApprovals ?? false, cause: presentCause() }) as Promise<Result>,
    get size() {
      return queue.size
    },
    stop: () => queue.stop(),
  }
}

type Parts = PlanEngineDeps & {
  /** Sends out more tasks of a plan. Should this process die, the results of those that it sent bring the plan up again. */
  readonly goOn: (planId: string) => void
  readonly causes: LRUCache<string, Cause>
  readonly statementGroups: StatementGroups
}

async function flush(deps: Parts, items: readonly Item[]): Promise<unknown[]> {
  const began = deps.scheduler.elapsed()
  for (const { planId, cause } of items) if (cause) deps.causes.set(planId, cause)
  const agents = await deps.agentPool.read()
  const ids = [...new Set(items.map((item) => item.planId))]
  const asking = items.flatMap((item) => (item.needsApprovals ? [item.planId] : []))
  const done = await withTransaction(deps.pool, async (client, commit) => {
    const [{ heads, now }, approvals] = await Promise.all([lockStreams(client, ids), readApprovals(client, asking)])
    const plans = new Map([...heads].filter(([, head]) => head.kind === 'PLAN'))
    const batch = createPlanBatch(await deps.store.load(client, plans), now)
    const results = items.map((item) => runItem(batch, item, approvals))
    dispatchReady(deps, batch, agents)
    const outbox = outboxRows(deps, batch, deps.causes)
    const [written, outgoing] = await Promise.all([writeBatch(deps, client, batch, heads, outbox, commit), formatWhileWriting(deps, batch, outbox)])
    return { batch, results, outgoing, heads, ...written }
  }, { scheduler: deps.scheduler })
  for (const [id, state] of done.batch.states) deps.store.keep(state, (done.moved.get(id) ?? done.heads.get(id))!.sequence)
  deps.agentPool.noteOpenAttempts(done.openAttempts)
  if (done.outgoing.length > 0) deps.send(done.outgoing)
  for (const id of done.batch.unfinished) deps.goOn(id)
  // In a turn of its own: work and answers leave before the events of a large batch are made.
  setImmediate(announce, deps, done)
  if ([...done.batch.agents.values()].some((change) => change.opened < 0)) deps.slotsFreed()
  deps.observer?.committed(done.batch, { events: items.length, seconds: (deps.scheduler.elapsed() - began) / 1_000 })
  return done.results
}

/** In the next turn, when the statements have left. The commit may have left with them: what fails here is the sweep's to send, or to report. */
async function formatWhileWriting(deps: Parts, batch: PlanBatch, outbox: readonly OutboxRow[]): Promise<OutgoingWork[]> {
  if (outbox.length === 0) return []
  await turn()
  try {
    return batch.messages.map(({ planId, message }, index) => {
      const plan = batch.states.get(planId)!
      return formatOutgoing(deps, outbox[index]!, plan, plan.definition.tasks[message.order - 1]!)
    })
  } catch {
    return []
  }
}

function announce(deps: Parts, { moved, logged }: Pick<WrittenBatch, 'moved' | 'logged'>): void {
  const entries = Map.groupBy(logged, ({ stream }) => stream)
  for (const { id, sequence } of moved.values()) deps.announce({ planId: id, sequence, entries: entries.get(id)! })
}

function runItem(batch: PlanBatch, { planId, work }: Item, approvals: ReadonlyMap<string, ApprovalRow[]>): unknown {
  if (!batch.states.has(planId)) return new NotFoundError('plan', toGlobalId('Plan', planId))
  try {
    return work({
      batch,
      approvals: [...(approvals.get(planId) ?? []), ...recordedNow(batch, planId)],
      plan: () => batch.states.get(planId)!,
      apply: (event) => batch.apply(planId, event),
    })
  } catch (error) {
    if (error instanceof PlanwrightError) return error
    throw error
  }
}

/** Decisions of this batch; those of one plan may come together. */
const recordedNow = (batch: PlanBatch, planId: string): ApprovalRow[] =>
  ((batch.inserts.get('approval') ?? []) as unknown as ApprovalRow[]).filter((row) => row.plan_id === planId)

async function readApprovals(client: Queryable, planIds: readonly string[]): Promise<Map<string, ApprovalRow[]>> {
  if (planIds.length === 0) return new Map()
  const { rows } = await client.query({
    name: 'read_plan_approvals',
    text: 'select id, plan_id, decided_by, decision, content_hash, skipped_tasks from approval where plan_id = any($1::uuid[]) order by decided_at, id',
    values: [planIds],
  })
  return Map.groupBy(rows as ApprovalRow[], (row) => row.plan_id)
}
