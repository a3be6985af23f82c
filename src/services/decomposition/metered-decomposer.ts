/** Reserves room in the quota before a paid model call, books what it used, and returns the rest. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { isTransient } from '../../database/database-errors.ts'
import { withTransaction } from '../../database/transaction.ts'
import type { Logger } from '../../logger.ts'
import type { QuotaLedger, UsageBooking } from '../planning/quota-ledger.ts'
import { withNotice } from './fallback-decomposer.ts'
import { ModelCallError } from './model-call-error.ts'
import type { CallEstimate } from './openai/model-price.ts'
import type { DecompositionInput, ModelUsage, RequestDecomposer } from './request-decomposer.ts'

export type MeteredDecomposerOptions = {
  /** Makes the paid calls. */
  readonly decomposer: RequestDecomposer
  /** What understanding this input may use at most. */
  readonly estimate: (input: DecompositionInput) => CallEstimate
  /** Understands the request where the quota has no room. */
  readonly catalogDecomposer: RequestDecomposer
  readonly ledger: Pick<QuotaLedger, 'reserve' | 'book' | 'release'>
  readonly pool: pg.Pool
  readonly logger: Pick<Logger, 'warn' | 'error'>
}

const bookingTries = 3

/**
 * Needs `requestId` and `userId` in its input. No transaction is open during the call. Usage is booked in a transaction
 * of its own as soon as the call is over, because money is spent whatever becomes of the request; the answer's `usage`
 * is empty then. In a killed process the reservation is left behind; the ledger returns it after some minutes.
 */
export function createMeteredDecomposer(options: MeteredDecomposerOptions): RequestDecomposer {
  const { decomposer, catalogDecomposer, ledger, pool, logger } = options

  const inTransaction = <Result>(work: (client: pg.PoolClient, now: Date) => Promise<Result>): Promise<Result> =>
    withTransaction(pool, async (client) => work(client, await databaseTime(client)))

  async function reserve(caller: Caller, input: DecompositionInput): Promise<string | null> {
    const request = { key: caller.key, userId: caller.userId, ...options.estimate(input) }
    try {
      const [answer] = await inTransaction((client, now) => ledger.reserve(client, [request], now))
      return answer!.granted ? null : `The quota of the ${answer!.refusedBy} for external AI is exhausted`
    } catch (error) {
      logger.warn({ err: error, requestId: caller.requestId }, 'The quota could not be checked; no model is called.')
      return 'The quota for external AI could not be checked'
    }
  }

  /** Books and releases together, and tries again: a database that is away for a moment must not cost the record. */
  async function settle(caller: Caller, usage: readonly ModelUsage[]): Promise<void> {
    const bookings = usage.map((used, index) => toBooking(caller, used, index))
    for (let attempt = 1; ; attempt++) {
      try {
        return await inTransaction(async (client, now) => {
          await ledger.book(client, bookings, now)
          await ledger.release(client, [caller.key], now)
        })
      } catch (error) {
        if (attempt < bookingTries && isTransient(error)) {
          await sleep(200 * 2 ** attempt * (0.5 + Math.random() / 2))
          continue
        }
        logger.error({ err: error, requestId: caller.requestId, usage }, 'The usage of a model could not be booked.')
        return
      }
    }
  }

  return {
    name: decomposer.name,
    immediate: false,
    async decompose(input, signal) {
      const caller = callerOf(input)
      const refusal = await reserve(caller, input)
      if (refusal) return withNotice(await catalogDecomposer.decompose(input, signal), `${refusal}; understood from the catalog alone.`)
      let usage: readonly ModelUsage[] = []
      try {
        const answer = await decomposer.decompose(input, signal)
        usage = answer.usage
        return { ...answer, usage: [] }
      } catch (error) {
        if (error instanceof ModelCallError) usage = error.usage
        throw error
      } finally {
        await settle(caller, usage)
      }
    },
  }
}

type Caller = { readonly requestId: string; readonly userId: string; readonly key: string }

function callerOf({ requestId, userId }: DecompositionInput): Caller {
  if (!requestId || !userId) throw new Error('A paid model call needs a request and a user to be booked on.')
  return { requestId, userId, key: `request:${requestId}:${randomUUID()}` }
}

const toBooking = ({ requestId, userId, key }: Caller, usage: ModelUsage, index: number): UsageBooking => ({
  ...usage, requestId, userId, reservation: key, key: index === 0 ? key : `${key}.${index}`,
  planId: null, taskId: null, attempt: null, intent: null,
})

async function databaseTime(client: pg.PoolClient): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>({ name: 'database_time', text: 'select clock_timestamp() as now' })
  return rows[0]!.now
}
