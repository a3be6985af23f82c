/** Which reservations fit into the quotas, decided in order over accounts that are locked. */
import { installation, ownerOf } from './quota-account-change.ts'
import type { AccountChange } from './quota-account-change.ts'

/** Room in tokens and integer micro-dollars; null means unlimited. */
export type Room = { readonly tokens: number | null; readonly costMicroUsd: number | null }

/** What the installation, and each user, may use and hold in one period. */
export type QuotaLimits = { readonly installation: Room; readonly user: Room }

/** Room asked for a paid call, or for the paid calls of a plan. */
export type ReservationRequest = {
  /** `plan:<id>` or `request:<id>:<n>`; reserves once. */
  readonly key: string
  readonly userId: string
  readonly tokens: number
  /** 0 for local and free models, which are never blocked and hold no room. */
  readonly costMicroUsd: number
}

export type ReservationAnswer = {
  readonly granted: boolean
  /** Least left among the owners before this reservation; negative after an overrun, null when unlimited. */
  readonly tokensLeft: number | null
  readonly costLeftMicroUsd: number | null
  /** Whose quota has no room; null where granted. */
  readonly refusedBy: 'installation' | 'user' | null
}

/** Decides each request against the accounts and those granted before it. Accounts that are absent are empty. */
export function grantReservations(
  limits: QuotaLimits,
  accounts: readonly AccountChange[],
  requests: readonly ReservationRequest[],
): ReservationAnswer[] {
  const taken = new Map(
    accounts.map((account) => [
      account.owner,
      {
        tokens: account.tokens_used + account.tokens_reserved,
        costMicroUsd: account.cost_used_micro_usd + account.cost_reserved_micro_usd,
      },
    ]),
  )
  const takenBy = (owner: string) => taken.get(owner) ?? { tokens: 0, costMicroUsd: 0 }

  return requests.map((request) => {
    const ofInstallation = roomLeft(limits.installation, takenBy(installation))
    const ofUser = roomLeft(limits.user, takenBy(ownerOf(request.userId)))
    const free = request.costMicroUsd === 0
    const refusedBy = free ? null : !fits(request, ofInstallation) ? 'installation' : !fits(request, ofUser) ? 'user' : null
    if (!free && refusedBy === null) {
      for (const owner of [installation, ownerOf(request.userId)]) {
        const { tokens, costMicroUsd } = takenBy(owner)
        taken.set(owner, { tokens: tokens + request.tokens, costMicroUsd: costMicroUsd + request.costMicroUsd })
      }
    }
    return {
      granted: refusedBy === null,
      tokensLeft: least(ofInstallation.tokens, ofUser.tokens),
      costLeftMicroUsd: least(ofInstallation.costMicroUsd, ofUser.costMicroUsd),
      refusedBy,
    }
  })
}

function roomLeft(limit: Room, taken: { tokens: number; costMicroUsd: number }): Room {
  return {
    tokens: limit.tokens === null ? null : limit.tokens - taken.tokens,
    costMicroUsd: limit.costMicroUsd === null ? null : limit.costMicroUsd - taken.costMicroUsd,
  }
}

const fits = (request: ReservationRequest, room: Room): boolean =>
  (room.tokens === null || request.tokens <= room.tokens) &&
  (room.costMicroUsd === null || request.costMicroUsd <= room.costMicroUsd)

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b))
