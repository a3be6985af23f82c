/**
 * Live changes inside one replica. A hint says only that a stream has moved; hints of this replica's commits come
 * directly, those of others by the events exchange, and a periodic comparison of heads catches lost ones.
 */
import { isTransient } from '../../database/database-errors.ts'
import type { Logger } from '../../logger.ts'
import { pause, type Scheduler } from '../../scheduler.ts'
import type { LogRow } from '../recording/execution-log.ts'
import type { Queryable } from '../recording/rows.ts'

/** `entries` are those up to `sequence`, in order, where this process has just written them. */
export type Hint = { readonly planId: string; readonly sequence: number; readonly entries?: readonly LogRow[] } | { readonly requestId: string }

/** Hears the latest known number of a plan's log, with the entries up to it where they are at hand. */
export type PlanListener = (sequence: number, entries?: readonly LogRow[]) => void

/** What travels between replicas: highest sequence by plan, requests, and the sender's ping. */
type EventBody = { readonly replica: string; readonly plans: Readonly<Record<string, number>>; readonly requests: readonly string[]; readonly ping?: true }

export type WatchHub = {
  /** After a commit of this replica: tells local watchers now and the other replicas in the next message. */
  announce(hint: Hint): void
  /** A message of the events exchange; answers the replica whose ping it is, if it is one. */
  hear(body: string): string | null
  /** Calls `listener` each time a plan's log moved. */
  onPlan(planId: string, listener: PlanListener): () => void
  onAnyPlan(listener: (planId: string) => void): () => void
  /** Calls `listener` each time a request changed, and with the number of its log at each comparison of heads. */
  onRequest(requestId: string, listener: (sequence: number | null) => void): () => void
  /** Hints may have been lost: what is watched is read again. */
  missed(): void
  start(): void
  stop(): Promise<void>
  /** Watchers of single plans, for metrics. */
  readonly watchers: number
}

export type WatchHubDeps = {
  readonly database: Queryable
  readonly replicaId: string
  readonly logger: Logger
  readonly scheduler: Scheduler
  /** Publishes one message on the events exchange, and answers whether it arrived there; null where there are no other replicas. */
  readonly publish: ((body: string) => Promise<boolean>) | null
  readonly compareMs?: number
}

const compareEveryMs = 2_000
const publishAgainMs = 500
/** Hints that wait for the broker, and plans that are told of after a gap. */
const mostUnsent = 10_000
/** Entries carry the time at which their transaction began. */
const longestCommitSeconds = 30

export function createWatchHub(deps: WatchHubDeps): WatchHub {
  const plans = new Map<string, Set<PlanListener>>()
  const requests = new Map<string, Set<(sequence: number | null) => void>>()
  const anyPlan = new Set<(planId: string) => void>()
  let outgoing = { plans: new Map<string, number>(), requests: new Set<string>() }
  let publishing: Promise<void> | null = null
  let cancelTimer = () => {}
  let heardAt = deps.scheduler.elapsed()
  let stopped = false

  function tell(hint: Hint): void {
    if ('requestId' in hint) {
      for (const listener of requests.get(hint.requestId) ?? []) listener(null)
      return
    }
    for (const listener of plans.get(hint.planId) ?? []) listener(hint.sequence, hint.entries)
    for (const listener of anyPlan) listener(hint.planId)
  }

  async function publishAll(publish: (body: string) => Promise<boolean>): Promise<void> {
    while (!stopped && (outgoing.plans.size > 0 || outgoing.requests.size > 0)) {
      const sending = outgoing
      outgoing = { plans: new Map(), requests: new Set() }
      const body: EventBody = { replica: deps.replicaId, plans: Object.fromEntries(sending.plans), requests: [...sending.requests] }
      if (await publish(JSON.stringify(body))) continue
      // The others are still to hear of it: again, with what came meanwhile.
      if (sending.plans.size + outgoing.plans.size + sending.requests.size + outgoing.requests.size > mostUnsent) continue
      for (const [planId, sequence] of sending.plans) outgoing.plans.set(planId, Math.max(sequence, outgoing.plans.get(planId) ?? 0))
      for (const requestId of sending.requests) outgoing.requests.add(requestId)
      await pause(deps.scheduler, publishAgainMs * (0.5 + deps.scheduler.random() / 2))
    }
    publishing = null
  }

  /** Reads the heads of everything that is watched by its id. */
  async function readHeads(): Promise<void> {
    if (plans.size === 0 && requests.size === 0) return
    const { rows } = await deps.database.query({
      name: 'watched_heads',
      text: 'select id, sequence from log_stream where id = any($1::uuid[])',
      values: [[...plans.keys(), ...requests.keys()]],
    })
    for (const { id, sequence } of rows as { id: string; sequence: number }[]) {
      for (const listener of plans.get(id) ?? []) listener(sequence)
      for (const listener of requests.get(id) ?? []) listener(sequence)
    }
  }

  /** Tells those who watch all plans of each that changed since the last hint was heard, and some time before. */
  async function readChanges(): Promise<void> {
    if (anyPlan.size === 0) return
    const seconds = (deps.scheduler.elapsed() - heardAt) / 1_000 + longestCommitSeconds
    const { rows } = await deps.database.query({
      name: 'changed_plans',
      text: `select distinct stream as id from execution_log_entry
        where at > now() - make_interval(secs => $1) and stream_kind = 'PLAN' limit ${mostUnsent}`,
      values: [seconds],
    })
    for (const { id } of rows as { id: string }[]) for (const listener of anyPlan) listener(id)
  }

  async function attempt(read: () => Promise<void>): Promise<void> {
    try {
      await read()
    } catch (error) {
      if (!isTransient(error)) deps.logger.error({ err: error }, 'the heads of what is watched could not be compared')
      else if (read === readChanges && !stopped) deps.scheduler.after(deps.compareMs ?? compareEveryMs, () => void attempt(readChanges))
    }
  }

  async function compare(): Promise<void> {
    await attempt(readHeads)
    if (!stopped) cancelTimer = deps.scheduler.after(deps.compareMs ?? compareEveryMs, () => void compare())
  }

  return {
    announce(hint) {
      tell(hint)
      if (!deps.publish || stopped) return
      if ('requestId' in hint) outgoing.requests.add(hint.requestId)
      else outgoing.plans.set(hint.planId, Math.max(hint.sequence, outgoing.plans.get(hint.planId) ?? 0))
      const { publish } = deps
      publishing ??= Promise.resolve().then(() => publishAll(publish))
    },
    hear(text) {
      const body = JSON.parse(text) as EventBody
      heardAt = deps.scheduler.elapsed()
      if (body.ping) return body.replica
      if (body.replica === deps.replicaId) return null
      for (const [planId, sequence] of Object.entries(body.plans)) tell({ planId, sequence })
      for (const requestId of body.requests) tell({ requestId })
      return null
    },
    onPlan: (planId, listener) => listen(plans, planId, listener),
    onRequest: (requestId, listener) => listen(requests, requestId, listener),
    onAnyPlan(listener) {
      anyPlan.add(listener)
      return () => anyPlan.delete(listener)
    },
    missed() {
      void attempt(readHeads)
      void attempt(readChanges)
    },
    start() {
      void compare()
    },
    async stop() {
      stopped = true
      cancelTimer()
      await publishing
    },
    get watchers() {
      let count = 0
      for (const listeners of plans.values()) count += listeners.size
      return count
    },
  }
}

/** The body of a ping. */
export const pingBody = (replica: string): string => JSON.stringify({ replica, plans: {}, requests: [], ping: true } satisfies EventBody)

function listen<Listener>(registry: Map<string, Set<Listener>>, key: string, listener: Listener): () => void {
  const listeners = registry.get(key) ?? new Set()
  registry.set(key, listeners.add(listener))
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && registry.get(key) === listeners) registry.delete(key)
  }
}
