/**
 * All writes of requests: concurrent ones share a transaction. A request's state and its log entries change
 * together, under the lock of the request's log stream.
 */
import type pg from 'pg'
import { withTransaction } from '../../database/transaction.ts'
import type { Request } from '../../entities/request.ts'
import { InvalidInputError, NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import type { Scheduler } from '../../scheduler.ts'
import type { QuotaLedger, UsageBooking } from '../planning/quota-ledger.ts'
import { emptyHead } from '../recording/execution-log.ts'
import { isolateFaults } from '../recording/isolate-faults.ts'
import { createNaturalBatch } from '../recording/natural-batch.ts'
import { appendLog, lockStreams, updateRows } from '../recording/rows.ts'
import { insertRequests, readRequests, readRequestsByKey, requestRow } from './request-rows.ts'

/** What a change leaves: the new state, what happened, and what paid model calls cost. */
export type RequestStep = {
  readonly request: Request
  readonly log: readonly LogDraft[]
  readonly usage?: readonly UsageBooking[]
}

export type NewRequest = Omit<RequestStep, 'request'> & { readonly request: Omit<Request, 'createdAt' | 'updatedAt' | 'parsingLeaseUntil'> }

export type RequestChange = {
  readonly requestId: string
  /**
   * Called under the lock with the present state and the database's time, again if the transaction has to be
   * repeated. Null: leave it as it is. Throws the typed error that the caller gets.
   */
  readonly apply: (request: Request, now: Date) => RequestStep | null
}

export type RequestWriter = {
  /**
   * Stores a request, or answers the one that the same user submitted before under the same key (`repeated`); the key
   * with other content is InvalidInputError. A request in PARSING is leased for `leaseSeconds`.
   */
  insert(draft: NewRequest): Promise<{ readonly request: Request; readonly repeated: boolean }>
  /** Changes a request; `changed` is false where `apply` left it alone. NotFoundError if there is none. */
  change(change: RequestChange): Promise<{ readonly request: Request; readonly changed: boolean }>
  /** Refuses new writes and waits for those under way. */
  stop(): Promise<void>
}

export type RequestWriterDeps = {
  readonly pool: pg.Pool
  readonly ledger: Pick<QuotaLedger, 'book'>
  readonly scheduler: Scheduler
  /** How long a request in PARSING belongs to the replica that parses it. */
  readonly leaseSeconds: number
  /** Called after the commit with every request that changed. */
  readonly announce: (hint: { readonly requestId: string }) => void
}

export function createRequestWriter(deps: RequestWriterDeps): RequestWriter {
  const limits = { maxItems: 256, maxQueued: 4_096 }
  const inserts = createNaturalBatch({ ...limits, flush: isolateFaults((drafts: readonly NewRequest[]) => insertAll(deps, drafts)) })
  const changes = createNaturalBatch({ ...limits, flush: isolateFaults((items: readonly RequestChange[]) => changeAll(deps, items)) })
  return {
    insert: (draft) => inserts.submit(draft),
    change: (change) => changes.submit(change),
    async stop() {
      await Promise.all([inserts.stop(), changes.stop()])
    },
  }
}

type Inserted = { request: Request; repeated: boolean }

async function insertAll(deps: RequestWriterDeps, drafts: readonly NewRequest[]): Promise<(Inserted | Error)[]> {
  // Two batches that insert the same keys in one order cannot deadlock.
  const sorted = drafts.toSorted((a, b) => compare(keyOf(a), keyOf(b)))
  const results = await withTransaction(deps.pool, async (client, commit) => {
    const inserted = new Map((await insertRequests(client, sorted.map(newRow), deps.leaseSeconds)).map((row) => [row.id, row]))
    const fresh = sorted.filter(({ request }) => inserted.has(request.id))
    const repeated = sorted.filter(({ request }) => !inserted.has(request.id))
    const now = inserted.values().next().value?.createdAt
    const heads = new Map(fresh.map(({ request }) => [request.id, emptyHead(request.id, 'REQUEST')]))
    const writes = now ? appendLog(client, heads, fresh.flatMap(({ log }) => log), now).writes : []
    const usage = fresh.flatMap((draft) => draft.usage ?? [])
    const [earlier] = await Promise.all([
      repeated.length > 0 ? readRequestsByKey(client, repeated.map(({ request }) => ({ submittedBy: request.submittedBy, key: request.idempotencyKey! }))) : [],
      ...writes,
      ...(usage.length === 0 ? [commit()] : []),
    ])
    if (now && usage.length > 0) await deps.ledger.book(client, usage, now)
    const byKey = new Map(earlier.map((request) => [JSON.stringify([request.submittedBy, request.idempotencyKey]), request]))
    return new Map(sorted.map((draft): [string, Inserted | Error] => {
      const times = inserted.get(draft.request.id)
      if (!times) return [draft.request.id, repeat(draft, byKey.get(keyOf(draft)))]
      const { createdAt, parsingLeaseUntil } = times
      const lease = draft.request.status === 'PARSING' ? parsingLeaseUntil : null
      return [draft.request.id, { repeated: false, request: { ...draft.request, createdAt, updatedAt: createdAt, parsingLeaseUntil: lease } }]
    }))
  }, { scheduler: deps.scheduler })
  for (const result of results.values()) if (!(result instanceof Error) && !result.repeated) deps.announce({ requestId: result.request.id })
  return drafts.map(({ request }) => results.get(request.id)!)
}

function newRow({ request }: NewRequest): Record<string, unknown> {
  const { created_at: _, updated_at: __, parsing_lease_until: ___, ...row } = requestRow(request as Request)
  return request.status === 'PARSING' ? row : { ...row, parsing_lease_until: null }
}

function repeat(draft: NewRequest, earlier: Request | undefined): Inserted | Error {
  if (!earlier) return new Error('a request was not inserted although its key is unused')
  if (earlier.inputDigest === draft.request.inputDigest) return { request: earlier, repeated: true }
  const message = `This key was used for another request, ${toGlobalId('Request', earlier.id)}. Use a new key for new content.`
  return new InvalidInputError([{ path: 'idempotencyKey', rule: 'same_content', message }])
}

type Changed = { request: Request; changed: boolean }

async function changeAll(deps: RequestWriterDeps, changes: readonly RequestChange[]): Promise<(Changed | Error)[]> {
  const results = await withTransaction(deps.pool, async (client, commit) => {
    const ids = [...new Set(changes.map((change) => change.requestId))]
    // Both travel together; the second statement sees what was committed before the first got its locks.
    const [{ heads, now }, requests] = await Promise.all([lockStreams(client, ids), readRequests(client, ids)])
    const steps: RequestStep[] = []
    const outcomes = changes.map(({ requestId, apply }): Changed | Error => {
      const request = requests.get(requestId)
      if (!request || !heads.has(requestId)) return new NotFoundError('request', toGlobalId('Request', requestId))
      try {
        const step = apply(request, now)
        if (!step) return { request, changed: false }
        const changed = { ...step.request, updatedAt: now }
        requests.set(requestId, changed)
        steps.push({ ...step, request: changed })
        return { request: changed, changed: true }
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error))
      }
    })
    const changed = new Set(steps.map(({ request }) => request.id))
    const usage = steps.flatMap((step) => step.usage ?? [])
    await Promise.all([
      updateRows(client, 'request', [...changed].map((id) => requestRow(requests.get(id)!))),
      ...appendLog(client, heads, steps.flatMap(({ log }) => log), now).writes,
      ...(usage.length === 0 ? [commit()] : []),
    ])
    // Last, because the locks of the accounts are shared by everybody.
    if (usage.length > 0) await deps.ledger.book(client, usage, now)
    return { outcomes, changed }
  }, { scheduler: deps.scheduler })
  for (const requestId of results.changed) deps.announce({ requestId })
  return results.outcomes
}

const keyOf = ({ request }: NewRequest): string => JSON.stringify([request.submittedBy, request.idempotencyKey])
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
