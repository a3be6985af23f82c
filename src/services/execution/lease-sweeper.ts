/** LeaseSweeper: what time alone brings about, by the database's clock: lost attempts, due retries, expired plans, silent agents. */
import type pg from 'pg'
import { isTransient } from '../../database/database-errors.ts'
import { withTransaction } from '../../database/transaction.ts'
import type { LossReason } from '../../lifecycle/plan-event.ts'
import type { Logger } from '../../logger.ts'
import type { Scheduler } from '../../scheduler.ts'
import { appendLog, lockStreams } from '../recording/rows.ts'
import type { AgentPool } from './agent-pool.ts'
import { listeningFor } from './listening.ts'
import type { PlanEngine } from './plan-engine.ts'
import { createWaitingPlans, type WaitingPlans } from './waiting-plans.ts'

export type LeaseSweeperDeps = {
  readonly engine: PlanEngine
  readonly pool: pg.Pool
  readonly agentPool: AgentPool
  readonly leaseSeconds: number
  readonly logger: Logger
  readonly scheduler: Scheduler
  readonly intervalMs?: number
}

export type LeaseSweeper = {
  start(): void
  stop(): Promise<void>
  /** Slots or agents came free: looks for waiting tasks at once. */
  wake(): void
  /** Ends attempts whose agent is known to have lost them. */
  lose(attempts: readonly { readonly planId: string; readonly taskId: string; readonly attempt: number }[], reason: LossReason): void
}

/** Plans taken up in one turn; the next turn follows at once while there are more. */
const limit = 1_000

export function createLeaseSweeper(deps: LeaseSweeperDeps): LeaseSweeper {
  const intervalMs = deps.intervalMs ?? 500
  let cancelTimer = () => {}
  let turn: Promise<void> | null = null
  let again = false
  let stopped = true
  let woken = false
  /** What is due by time is looked for no earlier than this. */
  let dueAt = 0
  const waiting = createWaitingPlans({ database: deps.pool, agentPool: deps.agentPool })

  async function sweep(): Promise<void> {
    const wasWoken = woken
    woken = false
    try {
      // Slots come free many times a second: what is due by time is looked for in its own time.
      if (wasWoken) await placeWaiting(deps, await waiting.next(true))
      if (deps.scheduler.elapsed() < dueAt) return
      dueAt = deps.scheduler.elapsed() + intervalMs / 2
      if (await sweepOnce(deps, { lose, waiting })) {
        again = true
        dueAt = 0
      }
    } catch (error) {
      if (!isTransient(error)) deps.logger.error({ err: error }, 'the sweep for due work failed')
    }
  }

  function run(): void {
    if (stopped || turn) {
      again = true
      return
    }
    cancelTimer()
    again = false
    turn = sweep().finally(() => {
      turn = null
      if (stopped) return
      const waitMs = again ? 0 : intervalMs * (0.75 + deps.scheduler.random() / 2)
      cancelTimer = deps.scheduler.after(waitMs, run)
    })
  }

  function lose(attempts: Parameters<LeaseSweeper['lose']>[0], reason: LossReason): void {
    for (const { planId, taskId, attempt } of attempts) {
      deps.engine
        .run(planId, (turnOfPlan) => {
          const plan = turnOfPlan.plan()
          const task = plan.definition.tasks.find((candidate) => candidate.id === taskId)
          if (!task) return
          const leaseUntil = plan.tasks[task.order - 1]!.current?.leaseUntil
          // The agent was heard of between the search and this turn.
          if (reason === 'lease_expired' && leaseUntil !== undefined && leaseUntil > turnOfPlan.batch.nowIso) return
          turnOfPlan.apply({ type: 'lost', order: task.order, attempt, reason })
        })
        // The attempt is still due: the next sweep finds it again.
        .catch((error: unknown) => deps.logger.warn({ err: error, planId }, 'a lost attempt could not be ended'))
    }
  }

  return {
    start() {
      stopped = false
      run()
    },
    async stop() {
      stopped = true
      cancelTimer()
      await turn
    },
    wake() {
      woken = true
      run()
    },
    lose,
  }
}

type Due = { planId: string; taskId: string; attempt: number; timeout: boolean }

type Parts = { readonly lose: LeaseSweeper['lose']; readonly waiting: WaitingPlans }

/** A plan that is only touched has its ready tasks routed. */
async function placeWaiting({ engine }: LeaseSweeperDeps, plans: Iterable<string>): Promise<void> {
  await Promise.allSettled([...plans].map((id) => engine.run(id, () => {})))
}

/** Answers whether there is more to do. */
async function sweepOnce(deps: LeaseSweeperDeps, { lose, waiting }: Parts): Promise<boolean> {
  const [attempts, retries, waitingPlans, expired] = await Promise.all([
    deps.pool.query({
      name: 'due_attempts',
      text: `select a.plan_id as "planId", a.task_id as "taskId", a.number as attempt, coalesce(a.deadline_at < clock_timestamp(), false) as timeout from attempt a
        where a.status in ('DISPATCHED', 'ACCEPTED', 'GRANTED')
          and (a.deadline_at < clock_timestamp() or a.lease_until < clock_timestamp()) and ${listeningFor('$1')}
        order by a.lease_until limit ${limit}`,
      values: [deps.leaseSeconds],
    }),
    deps.pool.query({
      name: 'due_retries',
      text: `select id from plan where next_retry_at < clock_timestamp() order by next_retry_at, id limit ${limit}`,
    }),
    waiting.next(false),
    deps.pool.query({
      name: 'expired_plans',
      text: `select id from plan where status = 'PENDING_APPROVAL' and expires_at < clock_timestamp() limit ${limit}`,
    }),
  ])
  const due = attempts.rows as Due[]
  lose(due.filter(({ timeout }) => timeout), 'timeout')
  lose(due.filter(({ timeout }) => !timeout), 'lease_expired')
  const ready = new Set([...(retries.rows as { id: string }[]).map(({ id }) => id), ...waitingPlans])
  const expire = (expired.rows as { id: string }[]).map(({ id }) => deps.engine.run(id, (turn) => turn.apply({ type: 'expire' })))
  await Promise.allSettled([placeWaiting(deps, ready), ...expire])
  await noteSilentAgents(deps)
  return due.length === limit || expired.rows.length === limit
}

/** Logs, once, that an agent is no longer heard of. */
async function noteSilentAgents(deps: LeaseSweeperDeps): Promise<void> {
  const silent = { name: 'silent_agents', text: `select id, name from agent where online and last_seen_at < clock_timestamp() - make_interval(secs => $1) and ${listeningFor('$1')}`, values: [deps.leaseSeconds] }
  const found = await deps.pool.query(silent)
  if (found.rows.length === 0) return
  await withTransaction(deps.pool, async (client) => {
    const { heads, now } = await lockStreams(client, (found.rows as { id: string }[]).map(({ id }) => id))
    const { rows } = await client.query({
      name: 'mark_offline',
      text: `update agent set online = false where id = any($1::uuid[]) and online and last_seen_at < clock_timestamp() - make_interval(secs => $2) returning id, name`,
      values: [[...heads.keys()], deps.leaseSeconds],
    })
    const drafts = (rows as { id: string; name: string }[]).map(({ id, name }) => ({
      stream: id, streamKind: 'AGENT' as const, kind: 'AGENT_LOST' as const, actor: 'service', message: `${name} was not heard of for ${deps.leaseSeconds} seconds.`,
    }))
    await Promise.all(appendLog(client, heads, drafts, now).writes)
  }, { scheduler: deps.scheduler })
  deps.agentPool.invalidate()
}
