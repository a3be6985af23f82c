/** Which of the plans that wait for an agent are looked at next: as many as could be placed, each in its turn. */
import type { Queryable } from '../recording/rows.ts'
import type { AgentPool, PooledAgent } from './agent-pool.ts'

export type WaitingPlans = {
  /**
   * Ids of plans with waiting tasks, oldest first, from where the last call ended.
   * @param placeable only plans that fit a free slot; otherwise a few of all, so that the reasons they wait for stay true
   */
  next(placeable: boolean): Promise<string[]>
}

/** Plans looked at in one call at most, and where nothing is free. */
const most = 1_000
const fewest = 100

const firstId = '00000000-0000-0000-0000-000000000000'

export function createWaitingPlans(deps: { readonly database: Queryable; readonly agentPool: Pick<AgentPool, 'read'> }): WaitingPlans {
  let last = firstId
  return {
    async next(placeable) {
      const open = [...(await deps.agentPool.read()).values()].filter(hasFreeSlot)
      const slots = open.reduce((sum, agent) => sum + agent.slots - agent.openAttempts, 0)
      if (placeable && slots === 0) return []
      const limit = placeable ? Math.min(most, slots) : Math.min(most, Math.max(fewest, slots))
      const { rows } = await deps.database.query({
        name: 'waiting_plans',
        text: `select id from plan p where waiting_tasks > 0 and id > $1 and ($2::text[] is null or exists (
            select from task t where t.plan_id = p.id and t.intent = any($2) and t.status = 'WAITING_FOR_AGENT'))
          order by id limit $3`,
        values: [last, placeable ? [...new Set(open.flatMap((agent) => [...agent.intents]))] : null, limit],
      })
      const ids = (rows as { id: string }[]).map(({ id }) => id)
      // At the end it begins again; plans that nobody can take never keep the others from their turn.
      last = ids.length === limit ? ids.at(-1)! : firstId
      return ids
    },
  }
}

const hasFreeSlot = ({ online, suspended, slots, openAttempts }: PooledAgent): boolean => online && !suspended && slots > openAttempts
