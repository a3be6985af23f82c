/** Looks after what only people can settle, and sees when nothing is left to do. Reads the tables behind the service's back. */
import type { Backends } from '../database/backends.ts'
import type { Installation } from '../installation.ts'
import { createCaller, principal } from './calls.ts'

export type Caretaker = {
  /** When it last saw that all plans are over and nothing waits to be sent; null: something is left. */
  readonly quietAt: number | null
}

const openSql = `select
  (select coalesce(json_agg(json_build_object('id', t.id, 'status', t.status, 'effect', t.effect) order by t.id), '[]') from task t join plan p on p.id = t.plan_id
    where t.status = 'OUTCOME_UNKNOWN' or (t.status = 'FAILED' and p.status = 'EXECUTING')) as tasks,
  (select coalesce(json_agg(json_build_object('id', id) order by id), '[]') from plan where status in ('PENDING_APPROVAL', 'CHANGES_REQUESTED')) as plans,
  (select count(*)::int from plan where status in ('PENDING_APPROVAL', 'CHANGES_REQUESTED', 'APPROVED', 'EXECUTING', 'CANCELLING'))
    + (select count(*)::int from outbox_message) as open`

type Found = { tasks: { id: string; status: string; effect: string }[]; plans: { id: string }[]; open: number }

export function startCaretaker(installation: Installation, backends: Backends): Caretaker {
  const { world, faults } = installation
  const random = world.random('caretaker')
  const caller = createCaller(installation, random, 'caretaker')
  const who = principal('caretaker')
  const busy = new Set<string>()
  const retries = new Map<string, number>()
  let quietAt: number | null = null

  /** One call at a time about one thing. */
  function attendTo(id: string, work: () => Promise<unknown>): void {
    if (busy.has(id)) return
    busy.add(id)
    void work().finally(() => busy.delete(id))
  }

  function attendToTask({ id, status, effect }: Found['tasks'][number]): void {
    if (status === 'OUTCOME_UNKNOWN') {
      if (!faults.ended && random.chance(0.7)) return
      const outcome = random.chance(0.5) ? 'SUCCEEDED' : 'FAILED'
      attendTo(id, () => caller.call('resolve', (operations) => operations.resolveTask(who, { taskId: id, outcome, notes: null })))
      return
    }
    // Whether to repeat what cannot be undone is for a person who looked; this one never does.
    const tries = retries.get(id) ?? 0
    if (effect === 'irreversible' || tries >= 2 || random.chance(0.5)) return
    retries.set(id, tries + 1)
    attendTo(id, () => caller.call('retry', (operations) => operations.retryTask(who, { taskId: id })))
  }

  async function look(): Promise<void> {
    const [found] = (await backends.read(openSql)) as Found[]
    for (const task of found!.tasks) attendToTask(task)
    if (faults.ended) {
      for (const { id } of found!.plans) {
        attendTo(id, () => caller.call('approve', (operations) => operations.approvePlan(who, { planId: id, approved: true, contentHash: null, acceptInfeasible: true, notes: null, skip: [] })))
      }
    }
    quietAt = found!.open === 0 && busy.size === 0 ? world.now : null
    world.at(null, 1_500, look)
  }
  world.at(null, 1_500, look)

  return {
    get quietAt() {
      return quietAt
    },
  }
}
