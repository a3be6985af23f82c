import type { EntityManager } from '@mikro-orm/postgresql'
import { Agent } from '../../entities/agent.ts'
import type { AgentStatus, ReadAgentStatus } from './agent-status.ts'
import { countRows, readPage, type CountedPage, type Found, type Key, type PageArgs, type PageRange } from './page.ts'

export type AgentFilter = {
  /** Any of these; null: any. Derived from the clock, not stored: agents are looked through, `scanLimit` for a page. */
  readonly status: readonly AgentStatus[] | null
  readonly agentType: string | null
  /** Announces this intent. */
  readonly intent: string | null
}

const scanLimit = 2_000

/** Agents by name. */
export async function listAgents(
  { em, agentStatus }: { em: EntityManager; agentStatus: ReadAgentStatus },
  { status, agentType, intent }: AgentFilter,
  page: PageArgs,
): Promise<CountedPage<Agent>> {
  const keyOf = (agent: Agent): Key => [agent.name]
  const find = async ({ after, before, limit, backward }: PageRange): Promise<Found<Agent>> => {
    const found = await em.find(
      Agent,
      {
        name: { ...(after && { $gt: String(after[0]) }), ...(before && { $lt: String(before[0]) }) },
        ...(agentType !== null && { agentType }),
        ...(intent !== null && { intents: { $contains: [intent] } }),
      },
      { orderBy: { name: backward ? 'desc' : 'asc' }, limit: status === null ? limit : scanLimit },
    )
    if (status === null) return { rows: found, stoppedAt: null }
    const statuses = await Promise.all(found.map(agentStatus))
    const rows = found.filter((_, index) => status.includes(statuses[index]!))
    const last = found.at(-1)
    return { rows, stoppedAt: found.length === scanLimit && rows.length < limit && last ? keyOf(last) : null }
  }
  const found = await readPage(page, { key: ['text'], keyOf, read: find })
  const count = () => countRows(async (range) => {
    const { rows, stoppedAt } = await find(range)
    return { ids: rows.map(({ id }) => id), stoppedAt }
  })
  return { ...found, count }
}
