/** What bookings and releases change in reservations and accounts, computed from rows that are locked. */

/** An open reservation as stored; what it still holds. */
export type HeldReservation = {
  readonly key: string
  readonly user_id: string
  readonly period: string
  readonly tokens: number
  readonly cost_micro_usd: number
}

/** Amounts to add to an account; negative ones return room. */
export type AccountChange = {
  readonly owner: string
  readonly period: string
  readonly tokens_used: number
  readonly tokens_reserved: number
  readonly cost_used_micro_usd: number
  readonly cost_reserved_micro_usd: number
}

/** Something that was used, and the reservation it draws on. */
export type Spending = {
  readonly reservation: string
  readonly userId: string
  readonly tokens: number
  readonly costMicroUsd: number
}

export const installation = 'installation'
export const ownerOf = (userId: string): string => `user:${userId}`

/** Collects changes; those of one account become one. */
export type AccountChanges = {
  add(userId: string, period: string, amounts: Omit<AccountChange, 'owner' | 'period'>): void
  all(): AccountChange[]
}

export function collectChanges(): AccountChanges {
  const byAccount = new Map<string, AccountChange>()
  return {
    add(userId, period, amounts) {
      for (const owner of [installation, ownerOf(userId)]) {
        const key = `${period} ${owner}`
        const before = byAccount.get(key)
        byAccount.set(key, {
          owner,
          period,
          tokens_used: (before?.tokens_used ?? 0) + amounts.tokens_used,
          tokens_reserved: (before?.tokens_reserved ?? 0) + amounts.tokens_reserved,
          cost_used_micro_usd: (before?.cost_used_micro_usd ?? 0) + amounts.cost_used_micro_usd,
          cost_reserved_micro_usd: (before?.cost_reserved_micro_usd ?? 0) + amounts.cost_reserved_micro_usd,
        })
      }
    },
    all: () => [...byAccount.values()],
  }
}

/**
 * Books spendings: what a reservation holds is moved from reserved to used in the period it was granted in; what goes
 * beyond it is an overrun of the present period, where it stands in the way of the next decision. A free call without
 * a reservation is no external AI that anybody pays for and counts against no quota.
 * @returns the reservations with what they still hold, and the changes of accounts
 */
export function bookSpendings(
  held: readonly HeldReservation[],
  spendings: readonly Spending[],
  period: string,
): { reservations: HeldReservation[]; accounts: AccountChange[] } {
  const open = new Map(held.map((reservation) => [reservation.key, reservation]))
  const changes = collectChanges()
  for (const { reservation: key, userId, tokens, costMicroUsd } of spendings) {
    const reservation = open.get(key)
    if (!reservation && costMicroUsd === 0) continue
    const coveredTokens = Math.min(tokens, reservation?.tokens ?? 0)
    const coveredCost = Math.min(costMicroUsd, reservation?.cost_micro_usd ?? 0)
    if (reservation) {
      open.set(key, {
        ...reservation,
        tokens: reservation.tokens - coveredTokens,
        cost_micro_usd: reservation.cost_micro_usd - coveredCost,
      })
      changes.add(reservation.user_id, reservation.period, {
        tokens_used: coveredTokens,
        tokens_reserved: -coveredTokens,
        cost_used_micro_usd: coveredCost,
        cost_reserved_micro_usd: -coveredCost,
      })
    }
    if (tokens > coveredTokens || costMicroUsd > coveredCost) {
      changes.add(reservation?.user_id ?? userId, period, {
        tokens_used: tokens - coveredTokens,
        tokens_reserved: 0,
        cost_used_micro_usd: costMicroUsd - coveredCost,
        cost_reserved_micro_usd: 0,
      })
    }
  }
  return { reservations: [...open.values()], accounts: changes.all() }
}

/** Returns all that reservations still hold. */
export function returnHeld(held: readonly HeldReservation[]): AccountChange[] {
  const changes = collectChanges()
  for (const { user_id, period, tokens, cost_micro_usd } of held) {
    changes.add(user_id, period, {
      tokens_used: 0,
      tokens_reserved: -tokens,
      cost_used_micro_usd: 0,
      cost_reserved_micro_usd: -cost_micro_usd,
    })
  }
  return changes.all()
}
