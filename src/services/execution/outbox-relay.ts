/**
 * Sends what was committed. Messages go to the broker as soon as their transaction is over, all at once, and their rows
 * leave the outbox after the broker's confirm, off the critical path. Rows of a replica that died are taken over
 * when their claim ends; rows that could not be sent are given back, and taken again once the broker can be used.
 */
import { isTransient } from '../../database/database-errors.ts'
import { UnavailableError } from '../../errors.ts'
import type { Logger } from '../../logger.ts'
import type { PublishOutcome, ServiceBus } from '../../messaging/port.ts'
import { pause, type Scheduler } from '../../scheduler.ts'
import { isolateFaults } from '../recording/isolate-faults.ts'
import type { Queryable } from '../recording/rows.ts'
import type { FormatDeps, OutboxRow, OutgoingWork } from './outgoing-work.ts'
import { formatStored } from './stored-work.ts'

export type OutboxRelay = {
  /** Takes committed messages that this replica has claimed. Never throws. */
  send(work: readonly OutgoingWork[]): void
  start(): void
  /** Ends the turn under way and gives unsent claims back, so that another replica sends them at once. */
  stop(): Promise<void>
  /** Rows on their way. */
  readonly pending: number
}

export type OutboxRelayDeps = FormatDeps & {
  readonly bus: Pick<ServiceBus, 'publish' | 'health'>
  readonly database: Queryable
  readonly replicaId: string
  readonly logger: Logger
  readonly scheduler: Scheduler
  /** The broker has no queue for the agent of these attempts. */
  readonly undeliverable: (rows: readonly Pick<OutboxRow, 'plan_id' | 'task_id' | 'attempt' | 'agent_name'>[]) => void
  readonly sweepMs?: number
}

const batchSize = 500
/** More than this in memory and new rows are left to the sweep: the outbox is the queue, not this process. */
const maxPending = 10_000
const claimSeconds = 10
/** How long a stopping replica waits for confirms before it leaves the messages to the others. */
const lastConfirmsMs = 1_000

export function createOutboxRelay(deps: OutboxRelayDeps): OutboxRelay {
  const sweepMs = deps.sweepMs ?? 1_000
  let waiting: OutgoingWork[] = []
  let inFlight = 0
  let turn: Promise<void> | null = null
  let cancelTimer = () => {}
  let sweeping: Promise<void> | null = null
  let stopped = false
  const sent: string[] = []
  let forgetting: Promise<void> | null = null
  const givingBack = new Set<Promise<void>>()
  const format = isolateFaults((rows: readonly OutboxRow[]) => formatStored(deps, deps.database, rows))

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const work = waiting.slice(0, batchSize)
      waiting = waiting.slice(work.length)
      inFlight = work.length
      const outcomes = await deps.bus.publish(work.map(({ message }) => message))
      inFlight = 0
      settle(work.map(({ row }) => row), outcomes)
    }
    turn = null
  }

  function settle(rows: readonly OutboxRow[], outcomes: readonly PublishOutcome[]): void {
    const failed = rows.filter((_, index) => outcomes[index] === 'failed')
    if (failed.length > 0) {
      const returned: Promise<void> = giveBack(failed).finally(() => givingBack.delete(returned))
      givingBack.add(returned)
    }
    const gone = rows.filter((_, index) => outcomes[index] !== 'failed')
    const unroutable = rows.filter((_, index) => outcomes[index] === 'unroutable')
    if (unroutable.length > 0) deps.undeliverable(unroutable)
    if (gone.length === 0) return
    sent.push(...gone.map((row) => row.id))
    forgetting ??= forget().finally(() => {
      forgetting = null
    })
  }

  /** Another replica may have a broker. The pause keeps one sweep from claiming the same rows again and again. */
  async function giveBack(rows: readonly OutboxRow[]): Promise<void> {
    await deps.database
      .query({
        name: 'give_back_outbox',
        text: `update outbox_message set claimed_until = clock_timestamp() + interval '1 second' where id = any($1::uuid[]) and claimed_by = $2`,
        values: [rows.map((row) => row.id), deps.replicaId],
      })
      .catch((error: unknown) => deps.logger.debug({ err: error }, 'unsent messages could not be given back; their claims end by themselves'))
  }

  async function forget(): Promise<void> {
    while (sent.length > 0) {
      const ids = sent.splice(0, 5_000)
      try {
        await deps.database.query({ name: 'forget_sent', text: 'delete from outbox_message where id = any($1::uuid[])', values: [ids] })
      } catch (error) {
        // Sent twice after its claim ends, then: agents drop repeats.
        deps.logger.warn({ err: error, messages: ids.length }, 'sent messages could not be removed from the outbox')
        return
      }
    }
  }

  async function sweep(): Promise<void> {
    const { connected, blocked } = deps.bus.health()
    if (!connected || blocked) return
    try {
      for (let found = batchSize; found === batchSize && waiting.length < maxPending && !stopped; ) {
        const { rows } = await deps.database.query({
          name: 'claim_outbox',
          text: `update outbox_message set claimed_by = $1, claimed_until = clock_timestamp() + make_interval(secs => $2)
            where id in (select id from outbox_message where claimed_until < clock_timestamp() order by claimed_until limit ${batchSize} for update skip locked)
            returning *`,
          values: [deps.replicaId, claimSeconds],
        })
        found = rows.length
        if (found > 0) await enqueueStored((rows as OutboxRow[]).sort((a, b) => (a.id < b.id ? -1 : 1)))
      }
    } catch (error) {
      if (!isTransient(error)) deps.logger.error({ err: error }, 'the outbox could not be read')
    }
  }

  /** What cannot be made again from its plan keeps its claim until it is tried again, and holds up nothing else. */
  async function enqueueStored(rows: readonly OutboxRow[]): Promise<void> {
    const made = await format(rows)
    made.forEach((work, index) => {
      if (!(work instanceof Error) || work instanceof UnavailableError) return
      const { id, plan_id, task_id } = rows[index]!
      deps.logger.error({ err: work, message: id, plan: plan_id, task: task_id }, 'a message of the outbox could not be made from its plan')
    })
    enqueue(made.filter((work): work is OutgoingWork => !(work instanceof Error)))
  }

  function enqueue(work: readonly OutgoingWork[]): void {
    waiting.push(...work)
    turn ??= Promise.resolve().then(drain)
  }

  function schedule(): void {
    cancelTimer = deps.scheduler.after(sweepMs * (0.75 + deps.scheduler.random() / 2), () => {
      sweeping = sweep().finally(() => {
        sweeping = null
        if (!stopped) schedule()
      })
    })
  }

  return {
    send(work) {
      if (!stopped && waiting.length < maxPending) enqueue(work)
    },
    start() {
      stopped = false
      sweeping = sweep().finally(() => {
        sweeping = null
        if (!stopped) schedule()
      })
    },
    async stop() {
      stopped = true
      cancelTimer()
      await sweeping
      await Promise.race([turn, pause(deps.scheduler, lastConfirmsMs)])
      await forgetting
      await Promise.all(givingBack)
      await deps.database
        .query({ name: 'release_outbox', text: 'update outbox_message set claimed_until = clock_timestamp() where claimed_by = $1', values: [deps.replicaId] })
        .catch((error: unknown) => deps.logger.warn({ err: error }, 'claims on unsent messages could not be released; they end by themselves'))
    },
    get pending() {
      return waiting.length + inFlight
    },
  }
}
