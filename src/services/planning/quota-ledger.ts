/**
 * The ledger of paid model calls: room is reserved before a call, real usage is booked once, what is left is returned.
 * Every change goes through the rows of the accounts, locked in the order (owner, period), after the reservations in
 * the order of their keys: this makes reservations exact and free of deadlocks. All functions run inside the caller's
 * transaction and take the time by the database's clock.
 */
import type { Settings } from '../../settings.ts'
import type { Queryable } from '../recording/rows.ts'
import { grantReservations } from './grant-reservations.ts'
import type { QuotaLimits, ReservationAnswer, ReservationRequest } from './grant-reservations.ts'
import { bookSpendings, installation, ownerOf, returnHeld } from './quota-account-change.ts'
import type { AccountChange, HeldReservation } from './quota-account-change.ts'
import { periodOf } from './quota-period.ts'
import * as sql from './quota-statements.ts'

/** What a paid call really used. */
export type UsageBooking = {
  /** `task:<id>:<attempt>` or `request:<id>:<n>`; booked once, repeats change nothing. */
  readonly key: string
  /** Reservation it draws on: `plan:<id>` or `request:<id>:<n>`. It may be absent or released: all is an overrun then. */
  readonly reservation: string
  readonly requestId: string
  readonly planId: string | null
  readonly taskId: string | null
  readonly attempt: number | null
  readonly intent: string | null
  readonly userId: string
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costMicroUsd: number
}

/** One owner's quota in the present period; limits and what is left are null where unlimited. */
export type QuotaState = {
  readonly owner: string
  readonly period: string
  readonly tokens: QuotaAmount
  readonly costMicroUsd: QuotaAmount
}
export type QuotaAmount = { readonly limit: number | null; readonly used: number; readonly reserved: number; readonly left: number | null }

export type QuotaLedger = {
  /**
   * Reserves in the order given; answers one for each. A key that holds a reservation already keeps that one. A free
   * call is always granted; where all are free no statement is sent. What a decomposition in a killed process held is
   * returned first.
   */
  reserve(client: Queryable, requests: readonly ReservationRequest[], now: Date): Promise<ReservationAnswer[]>
  /** Books usage, also beyond what was reserved. */
  book(client: Queryable, usages: readonly UsageBooking[], now: Date): Promise<void>
  /** Returns what reservations still hold; unknown and released keys change nothing. */
  release(client: Queryable, keys: readonly string[], now: Date): Promise<void>
  /** Quota of the installation, or of a user. */
  read(client: Queryable, userId: string | null, now: Date): Promise<QuotaState>
}

export type QuotaSettings = Pick<
  Settings,
  'QUOTA_PERIOD' | 'QUOTA_TOKENS' | 'QUOTA_MICRO_USD' | 'USER_QUOTA_TOKENS' | 'USER_QUOTA_MICRO_USD'
>

export function createQuotaLedger(settings: QuotaSettings): QuotaLedger {
  const limits: QuotaLimits = {
    installation: { tokens: settings.QUOTA_TOKENS ?? null, costMicroUsd: settings.QUOTA_MICRO_USD ?? null },
    user: { tokens: settings.USER_QUOTA_TOKENS ?? null, costMicroUsd: settings.USER_QUOTA_MICRO_USD ?? null },
  }
  const period = (now: Date) => periodOf(settings.QUOTA_PERIOD, now)

  async function reserve(client: Queryable, requests: readonly ReservationRequest[], now: Date): Promise<ReservationAnswer[]> {
    if (requests.every((request) => request.costMicroUsd === 0)) return grantReservations(unlimited, [], requests)
    const abandoned = await client.query(sql.findAbandoned(new Date(now.getTime() - abandonedAfterMs)))
    await release(client, (abandoned.rows as { key: string }[]).map((row) => row.key), now)
    const owners = [installation, ...new Set(requests.map((request) => ownerOf(request.userId)))]
    const { rows } = await client.query(sql.lockAccounts(owners, period(now)))
    const answers = grantReservations(limits, rows as AccountChange[], requests)
    const held = requests.flatMap((request, index) =>
      answers[index]!.granted && request.costMicroUsd > 0 ? [toReservation(request, period(now), now)] : [],
    )
    if (held.length > 0) await client.query(sql.insertReservations(held))
    return answers
  }

  async function release(client: Queryable, keys: readonly string[], now: Date): Promise<void> {
    if (keys.length === 0) return
    const { rows } = await client.query(sql.lockReservations(keys))
    const held = rows as HeldReservation[]
    if (held.length === 0) return
    const returned = held.map((reservation) => ({ ...reservation, tokens: 0, cost_micro_usd: 0, released_at: now.toISOString() }))
    await client.query(sql.settle(returned, returnHeld(held)))
  }

  return {
    reserve,
    release,
    async book(client, usages, now) {
      if (usages.length === 0) return
      const { rows } = await client.query(sql.insertUsages(usages.map((usage) => toUsageRow(usage, now))))
      const booked = new Set((rows as { key: string }[]).map((row) => row.key))
      const spendings = usages
        .filter((usage) => booked.delete(usage.key))
        .map(({ reservation, userId, inputTokens, outputTokens, costMicroUsd }) => ({
          reservation, userId, costMicroUsd, tokens: inputTokens + outputTokens,
        }))
      if (spendings.length === 0) return
      const locked = await client.query(sql.lockReservations([...new Set(spendings.map((spending) => spending.reservation))]))
      const { reservations, accounts } = bookSpendings(locked.rows as HeldReservation[], spendings, period(now))
      const open = reservations.map((reservation) => ({ ...reservation, released_at: null }))
      if (accounts.length > 0) await client.query(sql.settle(open, accounts))
    },
    async read(client, userId, now) {
      const owner = userId === null ? installation : ownerOf(userId)
      const limit = userId === null ? limits.installation : limits.user
      const { rows } = await client.query(sql.readAccount(owner, period(now)))
      const account = (rows as AccountChange[])[0]
      return {
        owner,
        period: period(now),
        tokens: amount(limit.tokens, account?.tokens_used, account?.tokens_reserved),
        costMicroUsd: amount(limit.costMicroUsd, account?.cost_used_micro_usd, account?.cost_reserved_micro_usd),
      }
    },
  }
}

/** No decomposition lasts so long; its reservation was left behind. */
const abandonedAfterMs = 5 * 60_000

const unlimited: QuotaLimits = {
  installation: { tokens: null, costMicroUsd: null },
  user: { tokens: null, costMicroUsd: null },
}

const amount = (limit: number | null, used = 0, reserved = 0): QuotaAmount => ({
  limit, used, reserved, left: limit === null ? null : limit - used - reserved,
})

const toReservation = ({ key, userId, tokens, costMicroUsd }: ReservationRequest, period: string, now: Date) => ({
  key, user_id: userId, period, tokens, cost_micro_usd: costMicroUsd, released_at: null, created_at: now.toISOString(),
})

const toUsageRow = (usage: UsageBooking, now: Date) => ({
  key: usage.key, request_id: usage.requestId, plan_id: usage.planId, task_id: usage.taskId, attempt: usage.attempt,
  intent: usage.intent, user_id: usage.userId, model: usage.model, input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens, cost_micro_usd: usage.costMicroUsd, at: now.toISOString(),
})
