/** Heartbeats: who is there, with what, and which attempts they hold. */
import type pg from 'pg'
import { withTransaction } from '../../database/transaction.ts'
import { isTransient } from '../../database/database-errors.ts'
import type { Logger } from '../../logger.ts'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import { parseMessage } from '../../messaging/cloud-event.ts'
import type { AgentHeartbeat } from '../../messaging/messages.ts'
import type { Consumer, Delivery, ServiceBus } from '../../messaging/port.ts'
import type { Scheduler } from '../../scheduler.ts'
import { fromGlobalId } from '../../global-id.ts'
import { emptyHead } from '../recording/execution-log.ts'
import { appendLog, lockStreams, type Queryable } from '../recording/rows.ts'
import type { AgentPool } from './agent-pool.ts'

export type AgentRegistryDeps = {
  readonly bus: Pick<ServiceBus, 'consumeHeartbeats' | 'declareAgentQueue'>
  readonly pool: pg.Pool
  readonly scheduler: Scheduler
  readonly agentPool: AgentPool
  readonly newId: () => string
  readonly leaseSeconds: number
  /** Names that may register; null: any. */
  readonly allowed: readonly string[] | null
  readonly logger: Logger
  /** True where queued work does not survive the agent's process: a new instance never gets the old one's messages. */
  readonly queueDiesWithAgent: boolean
  /** Attempts of an agent that ended with its old instance. */
  readonly lost: (attempts: readonly { readonly planId: string; readonly taskId: string; readonly attempt: number }[]) => void
  /** An agent came or came back: waiting tasks may go to it. */
  readonly joined: () => void
}

export type AgentRegistry = {
  start(): Promise<void>
  stop(): Promise<void>
  /** Makes the queues of agents anew that the broker no longer has. A name that never registered, as in a forged report, gets none. */
  restoreQueues(names: readonly string[]): Promise<void>
}

type Heartbeat = AgentHeartbeat & { readonly name: string }
/** New agents whose queues are declared side by side, and which are recorded together. */
const joinedAtOnce = 16

type AgentRow = { id: string; name: string; instance: string; online: boolean }

export function createAgentRegistry(deps: AgentRegistryDeps): AgentRegistry {
  let consumer: Consumer | null = null
  const declared = new Set<string>()
  const declaring = new Set<string>()
  const joins = new Set<Promise<void>>()

  async function take(deliveries: readonly Delivery[]): Promise<void> {
    const latest = latestOf(deps, deliveries)
    const unknown = latest.filter(({ name }) => !declared.has(name) && !declaring.has(name))
    if (unknown.length > 0) {
      const joined: Promise<void> = join(unknown).finally(() => joins.delete(joined))
      joins.add(joined)
    }
    await recordOrWait(deps, latest.filter(({ name }) => declared.has(name)))
    for (const delivery of deliveries) delivery.ack()
  }

  /** Nobody waits for it: a thousand queues take the broker a while, and the agents that have theirs must be heard meanwhile. */
  async function join(heartbeats: readonly Heartbeat[]): Promise<void> {
    for (const { name } of heartbeats) declaring.add(name)
    try {
      for (let from = 0; from < heartbeats.length; from += joinedAtOnce) {
        const some = heartbeats.slice(from, from + joinedAtOnce)
        await Promise.all(some.map(({ name }) => deps.bus.declareAgentQueue(name)))
        for (const { name } of some) declared.add(name)
        await recordOrWait(deps, some)
      }
    } catch (error) {
      // The next heartbeat says the same again.
      deps.logger.debug({ err: error }, 'queues of agents could not be declared')
    } finally {
      for (const { name } of heartbeats) declaring.delete(name)
    }
  }

  return {
    async start() {
      consumer = await deps.bus.consumeHeartbeats(take, { prefetch: 256 })
    },
    async stop() {
      await consumer?.stop()
      await Promise.all(joins)
    },
    async restoreQueues(names) {
      for (const name of (await readAgents(deps.pool, names)).keys()) await deps.bus.declareAgentQueue(name)
    },
  }
}

/** The latest heartbeat of each agent, by name; what is none goes to the dead letters. */
function latestOf(deps: AgentRegistryDeps, deliveries: readonly Delivery[]): Heartbeat[] {
  const latest = new Map<string, Heartbeat>()
  for (const delivery of deliveries) {
    const heartbeat = readHeartbeat(deps, delivery)
    if (heartbeat) latest.set(heartbeat.name, heartbeat)
  }
  return [...latest.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function recordOrWait(deps: AgentRegistryDeps, heartbeats: readonly Heartbeat[]): Promise<void> {
  if (heartbeats.length === 0) return
  try {
    await record(deps, heartbeats)
  } catch (error) {
    // The next heartbeat says the same again.
    if (!isTransient(error)) deps.logger.error({ err: error }, 'heartbeats could not be recorded')
  }
}

function readHeartbeat(deps: AgentRegistryDeps, delivery: Delivery): Heartbeat | null {
  const name = /^agent\.([a-z0-9-]{1,64})\.heartbeat$/.exec(delivery.routingKey)?.[1]
  const parsed = parseMessage(delivery.body, ['planwright.agent.heartbeat'])
  if (!name || !parsed.ok) {
    delivery.deadLetter(parsed.ok ? 'unknown routing key' : parsed.reason)
    return null
  }
  if (deps.allowed && !deps.allowed.includes(name)) {
    delivery.deadLetter('this agent is not allowed; see the setting AGENTS')
    return null
  }
  return { ...parsed.event.data, name }
}

async function record(deps: AgentRegistryDeps, heartbeats: readonly Heartbeat[]): Promise<void> {
  const known = await readAgents(deps.pool, heartbeats.map(({ name }) => name))
  const changed = heartbeats.filter((beat) => {
    const agent = known.get(beat.name)
    return !agent || agent.instance !== beat.instance || !agent.online
  })
  if (changed.length > 0) await register(deps, changed)
  await refresh(deps.pool, heartbeats)
  await renew(deps.pool, heartbeats, deps.leaseSeconds)
  if (changed.length === 0) return
  deps.agentPool.invalidate()
  deps.joined()
}

async function readAgents(client: Queryable, names: readonly string[]): Promise<Map<string, AgentRow>> {
  const { rows } = await client.query({ name: 'agents_by_name', text: 'select id, name, instance, online from agent where name = any($1)', values: [names] })
  return new Map((rows as AgentRow[]).map((row) => [row.name, row]))
}

/** New agents, new instances and returned ones: with a log entry, and the end of what an old instance held. */
async function register(deps: AgentRegistryDeps, heartbeats: readonly Heartbeat[]): Promise<void> {
  const lost = await withTransaction(deps.pool, async (client) => {
    const rows = heartbeats.map((beat) => ({ ...beat, id: deps.newId() }))
    await client.query({
      name: 'add_agents',
      text: `insert into agent (id, name, agent_type, instance, intents, work_types, slots, open_attempts, resources, unanswered, online, last_seen_at, registered_at)
        select id, name, "agentType", '', intents, "workTypes", slots, 0, resources, 0, false, clock_timestamp(), clock_timestamp()
        from json_to_recordset($1::json) as a(id uuid, name text, "agentType" text, intents jsonb, "workTypes" jsonb, slots int, resources jsonb)
        on conflict (name) do nothing`,
      values: [JSON.stringify(rows)],
    })
    const present = await readAgents(client, heartbeats.map(({ name }) => name))
    const ids = [...present.values()].map(({ id }) => id)
    const { heads, now } = await lockStreams(client, ids)
    // Read again under the lock: another replica may have registered the same instance meanwhile.
    const locked = await readAgents(client, heartbeats.map(({ name }) => name))
    const drafts = heartbeats.flatMap((beat) => draftOf(beat, locked.get(beat.name)!))
    const restarted = heartbeats.flatMap((beat) => {
      const agent = locked.get(beat.name)!
      return agent.instance !== '' && agent.instance !== beat.instance ? [{ id: agent.id, instance: beat.instance }] : []
    })
    const allHeads = new Map(ids.map((id) => [id, heads.get(id) ?? emptyHead(id, 'AGENT')]))
    await Promise.all(appendLog(client, allHeads, drafts, now).writes)
    await client.query({
      name: 'switch_instances',
      text: `update agent a set instance = h.instance, online = true, unanswered = 0, suspended_until = null
        from json_to_recordset($1::json) as h(name text, instance text) where a.name = h.name`,
      values: [JSON.stringify(heartbeats)],
    })
    return readOrphans(client, restarted, deps.queueDiesWithAgent)
  }, { scheduler: deps.scheduler })
  if (lost.length > 0) deps.lost(lost)
}

function draftOf(beat: Heartbeat, agent: AgentRow): LogDraft[] {
  const entry = { stream: agent.id, streamKind: 'AGENT' as const, actor: `agent:${beat.name}`, detail: { instance: beat.instance, slots: beat.slots, intents: beat.intents } }
  if (agent.instance === '') return [{ ...entry, kind: 'AGENT_REGISTERED', message: `${beat.name} joined with ${beat.slots} slots.` }]
  if (agent.instance !== beat.instance) return [{ ...entry, kind: 'AGENT_RESTARTED', message: `${beat.name} runs as a new instance.` }]
  return agent.online ? [] : [{ ...entry, kind: 'AGENT_RETURNED', message: `${beat.name} is heard of again.` }]
}

async function readOrphans(client: Queryable, restarted: readonly { id: string; instance: string }[], unacceptedToo: boolean) {
  if (restarted.length === 0) return []
  const { rows } = await client.query({
    name: 'attempts_of_old_instances',
    text: `select t.plan_id as "planId", a.task_id as "taskId", a.number as attempt from attempt a join task t on t.id = a.task_id
      join json_to_recordset($1::json) as r(id uuid, instance text) on r.id = a.agent_id
      where a.status in ('DISPATCHED', 'ACCEPTED', 'GRANTED') and (a.instance <> r.instance or (a.instance is null and $2))`,
    values: [JSON.stringify(restarted), unacceptedToo],
  })
  return rows as { planId: string; taskId: string; attempt: number }[]
}

async function refresh(client: Queryable, heartbeats: readonly Heartbeat[]): Promise<void> {
  await client.query({
    name: 'refresh_agents',
    text: `with beat as (select * from json_to_recordset($1::json) as h(name text, instance text, "agentType" text, intents jsonb, "workTypes" jsonb, slots int, resources jsonb)),
        locked as (select id from agent where name in (select name from beat) order by id for update)
      update agent a set last_seen_at = clock_timestamp(), agent_type = b."agentType", intents = b.intents, work_types = b."workTypes", slots = b.slots, resources = b.resources
      from beat b where a.name = b.name and a.instance = b.instance and a.id in (select id from locked)`,
    values: [JSON.stringify(heartbeats)],
  })
}

/** Extends the leases of exactly the attempts that the present instance lists. A row that a batch holds is being changed anyway. */
async function renew(client: Queryable, heartbeats: readonly Heartbeat[], leaseSeconds: number): Promise<void> {
  const held = heartbeats.flatMap((beat) => beat.attempts.map(({ taskId, attempt }) => ({ task_id: fromGlobalId('Task', taskId), number: attempt, name: beat.name, instance: beat.instance })))
  if (held.length === 0) return
  await client.query({
    name: 'renew_leases',
    text: `with held as (select * from json_to_recordset($1::json) as h(task_id uuid, number int, name text, instance text)),
        free as (select a.id from attempt a join held h on h.task_id = a.task_id and h.number = a.number join agent g on g.id = a.agent_id and g.name = h.name
          where a.status in ('ACCEPTED', 'GRANTED') and a.instance = h.instance for update of a skip locked)
      update attempt set lease_until = clock_timestamp() + make_interval(secs => $2) where id in (select id from free)`,
    values: [JSON.stringify(held), leaseSeconds],
  })
}
