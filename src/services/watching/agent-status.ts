/** Whether an agent can take work, as routing sees it: by the clock of the database. */
import type { Agent } from '../../entities/agent.ts'
import type { Queryable } from '../recording/rows.ts'

export type AgentStatus = 'ONLINE' | 'UNRESPONSIVE' | 'OFFLINE'

export type ReadAgentStatus = (agent: Pick<Agent, 'online' | 'suspendedUntil'>) => Promise<AgentStatus>

/** Only suspended agents need the time; those that are asked about together share one look at it. */
export function createAgentStatus(database: Queryable): ReadAgentStatus {
  let asking: Promise<number> | null = null

  function now(): Promise<number> {
    asking ??= readClock(database).finally(() => {
      asking = null
    })
    return asking
  }

  return async ({ online, suspendedUntil }) => {
    if (!online) return 'OFFLINE'
    return suspendedUntil && suspendedUntil.getTime() > (await now()) ? 'UNRESPONSIVE' : 'ONLINE'
  }
}

/** Milliseconds since 1970. */
async function readClock(database: Queryable): Promise<number> {
  const { rows } = await database.query({ name: 'database_clock', text: 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms', values: [] })
  return (rows as { ms: number }[])[0]!.ms
}
