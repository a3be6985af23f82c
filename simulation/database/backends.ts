/** The real connections behind the virtual ones; which of them serves whom makes no difference. */
import type pg from 'pg'
import { createPool } from '../../src/database/pool.ts'
import type { Logger } from '../../src/logger.ts'

/** What one statement gave: a result or an error of PostgreSQL. */
export type Outcome = { readonly result: pg.QueryResult } | { readonly error: Error }

export type Statement = { readonly name?: string; readonly text: string; readonly values?: readonly unknown[] }

/** One real connection in use. */
export type Backend = {
  /** Sends all at once at this virtual time; never rejects. */
  send(statements: readonly Statement[], now: number): Promise<Outcome[]>
  /** Gives the connection back; no transaction may be open. */
  release(): void
}

export type Backends = {
  take(): Promise<Backend>
  /** Removes every row of every table. */
  clear(): Promise<void>
  /** A statement outside the simulation, such as a check's. */
  read(text: string): Promise<Record<string, unknown>[]>
  end(): Promise<void>
}

const seedsBetweenVacuums = 50

const tables = [
  'agent', 'agent_performance', 'ai_usage', 'approval', 'attempt', 'evidence', 'execution_log_entry', 'fallback_decision', 'log_stream',
  'outbox_message', 'plan', 'quota_account', 'quota_reservation', 'replica', 'request', 'routing_decision', 'task',
]

export function createBackends(url: string, logger: Logger): Backends {
  const pool = createPool({ url, max: 40, logger, pipeline: true })
  const clocks = new WeakMap<pg.PoolClient, string>()
  const idle: pg.PoolClient[] = []
  let cleared = 0

  async function send(client: pg.PoolClient, statements: readonly Statement[], now: number): Promise<Outcome[]> {
    const clock = (now / 1_000).toFixed(4)
    const setClock = clocks.get(client) === clock ? [] : [client.query({ name: 'set_clock', text: `select set_config('simulation.now', $1, false)`, values: [clock] })]
    clocks.set(client, clock)
    const sent = statements.map(({ name, text, values }) => client.query({ ...(name ? { name } : {}), text, values: values ? [...values] : [] }))
    // A clock that cannot be set in an aborted transaction makes no difference.
    const [, ...settled] = await Promise.all([Promise.allSettled(setClock), ...sent.map((result) => result.then((value) => ({ result: value }), (error: Error) => ({ error })))])
    // A rollback takes the clock back too.
    if (settled.some((outcome) => 'error' in outcome || outcome.result.command === 'ROLLBACK')) clocks.delete(client)
    return settled
  }

  return {
    async take() {
      const client = idle.pop() ?? (await pool.connect())
      return { send: (statements, now) => send(client, statements, now), release: () => void idle.push(client) }
    },
    async clear() {
      const client = idle.pop() ?? (await pool.connect())
      // The log's table refuses this; a replica's role leaves its trigger and the foreign keys out. A truncate would cost more.
      await client.query(`set session_replication_role = replica; ${tables.map((table) => `delete from ${table};`).join(' ')} set session_replication_role = origin`)
      if (++cleared % seedsBetweenVacuums === 0) await client.query(`vacuum ${tables.join(', ')}`)
      idle.push(client)
    },
    async read(text) {
      const client = idle.pop() ?? (await pool.connect())
      const { rows } = await client.query<Record<string, unknown>>(text)
      idle.push(client)
      return rows
    },
    async end() {
      for (const client of idle.splice(0)) client.release()
      await pool.end()
    },
  }
}
