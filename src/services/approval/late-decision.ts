/** A decision that came too late: refused, and its words kept. The log of an expired plan is closed, that of its request is not. */
import type pg from 'pg'
import { withTransaction } from '../../database/transaction.ts'
import { toGlobalId } from '../../global-id.ts'
import type { Scheduler } from '../../scheduler.ts'
import { appendLog, lockStreams } from '../recording/rows.ts'

export type LateDecision = {
  readonly planId: string
  readonly requestId: string
  /** `user:<id>`. */
  readonly actor: string
  readonly decision: 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
  /** Notes or feedback, as the person gave them. */
  readonly notes: string | null
}

export type LateDecisionDeps = {
  readonly pool: pg.Pool
  readonly scheduler: Scheduler
  /** Called after the commit. */
  readonly announce: (hint: { readonly requestId: string }) => void
}

/** Keeps a late decision in the log of its request. */
export async function recordLateDecision({ pool, scheduler, announce }: LateDecisionDeps, late: LateDecision): Promise<void> {
  const { planId, requestId, actor, decision, notes } = late
  await withTransaction(pool, async (client) => {
    const { heads, now } = await lockStreams(client, [requestId])
    const detail = { planId: toGlobalId('Plan', planId), decision, notes }
    const entry = { stream: requestId, streamKind: 'REQUEST', kind: 'LATE_DECISION_REFUSED', actor, message: 'A decision came after the plan had expired.', detail } as const
    await Promise.all(appendLog(client, heads, [entry], now).writes)
  }, { scheduler })
  announce({ requestId })
}
