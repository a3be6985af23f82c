/**
 * Whether the service can hear its agents: each replica sends itself a ping through the broker and records its
 * return. Leases run out only while some replica has been listening for a whole lease, so that an outage of broker
 * or database never looks like the death of all agents.
 */
import type { Logger } from '../../logger.ts'
import type { Scheduler } from '../../scheduler.ts'
import type { Queryable } from '../recording/rows.ts'

export type ListeningDeps = {
  readonly database: Queryable
  readonly replicaId: string
  readonly logger: Logger
  readonly scheduler: Pick<Scheduler, 'after'>
  /** Publishes the ping on the events exchange; it comes back by `heard`. */
  readonly ping: (replicaId: string) => Promise<void>
  readonly leaseSeconds: number
}

/** A gap between two pings that ends the listening, in seconds: so far below a lease that none can end inside it. */
const gapSeconds = (parameter: string): string => `least(6, 0.4 * ${parameter}::float8)`
/** Pings in a gap; one or two of them may be late. */
const pingsPerGap = 4

export type Listening = { start(): Promise<void>; heard(replicaId: string): void; stop(): Promise<void> }

export function createListening(deps: ListeningDeps): Listening {
  const intervalMs = (Math.min(6, 0.4 * deps.leaseSeconds) / pingsPerGap) * 1_000
  let cancelTimer = () => {}
  let stopped = false
  let recording: Promise<void> | null = null

  async function record(): Promise<void> {
    try {
      await deps.database.query({
        name: 'record_ping',
        text: `insert into replica (id, started_at, last_heard_at, listening_since) values ($1, clock_timestamp(), clock_timestamp(), clock_timestamp())
          on conflict (id) do update set last_heard_at = clock_timestamp(),
            listening_since = case when replica.last_heard_at > clock_timestamp() - make_interval(secs => ${gapSeconds('$2')}) then replica.listening_since else clock_timestamp() end`,
        values: [deps.replicaId, deps.leaseSeconds],
      })
    } catch (error) {
      deps.logger.debug({ err: error }, 'a returned ping could not be recorded')
    }
  }

  const beat = () => {
    if (stopped) return
    cancelTimer = deps.scheduler.after(intervalMs, beat)
    void deps.ping(deps.replicaId)
  }

  return {
    async start() {
      await deps.database.query({ name: 'forget_replicas', text: `delete from replica where last_heard_at < clock_timestamp() - interval '1 hour'`, values: [] })
      beat()
    },
    heard(replicaId) {
      if (replicaId === deps.replicaId && !stopped) recording ??= record().finally(() => {
        recording = null
      })
    },
    async stop() {
      stopped = true
      cancelTimer()
      await recording
    },
  }
}

/** SQL condition: some replica listens now and has done so for a lease; `$n` is its seconds. */
export const listeningFor = (parameter: string): string =>
  `exists (select 1 from replica where last_heard_at > clock_timestamp() - make_interval(secs => ${gapSeconds(parameter)}) and listening_since <= clock_timestamp() - make_interval(secs => ${parameter}))`
