import type { EntityManager } from '@mikro-orm/postgresql'
import { QuotaAccount } from '../../entities/quota-account.ts'
import type { Settings } from '../../settings.ts'
import { installation, ownerOf } from '../planning/quota-account-change.ts'
import { periodOf } from '../planning/quota-period.ts'

/** Money in integer micro-dollars. */
export type QuotaAmount = { readonly tokens: number; readonly costMicroUsd: number }
/** Null means unlimited. */
export type QuotaLimit = { readonly tokens: number | null; readonly costMicroUsd: number | null }

/** External AI of one owner in the present period. */
export type QuotaShare = {
  /** Null for the installation. */
  readonly userId: string | null
  readonly limit: QuotaLimit
  readonly used: QuotaAmount
  readonly reserved: QuotaAmount
  /** What no plan or request has used or reserved; never below 0. */
  readonly left: QuotaLimit
}

export type Quota = QuotaShare & {
  /** First day of the period, UTC: `2026-11-01`. */
  readonly period: string
  readonly user: QuotaShare
}

type QuotaSettings = Pick<
  Settings,
  'QUOTA_PERIOD' | 'QUOTA_TOKENS' | 'QUOTA_MICRO_USD' | 'USER_QUOTA_TOKENS' | 'USER_QUOTA_MICRO_USD'
>

/** What external AI the installation and one user have used, reserved and left in the present period. */
export async function readQuota(
  { em, settings }: { em: EntityManager; settings: QuotaSettings },
  userId: string,
): Promise<Quota> {
  const [clock] = await em.execute<{ now: Date | string }[]>('select now() as now')
  const period = periodOf(settings.QUOTA_PERIOD, new Date(clock!.now))
  const accounts = await em.find(QuotaAccount, { owner: { $in: [installation, ownerOf(userId)] }, period })
  const share = (owner: string, user: string | null, limit: QuotaLimit): QuotaShare => {
    const account = accounts.find((row) => row.owner === owner)
    const used = { tokens: account?.tokensUsed ?? 0, costMicroUsd: account?.costUsedMicroUsd ?? 0 }
    const reserved = { tokens: account?.tokensReserved ?? 0, costMicroUsd: account?.costReservedMicroUsd ?? 0 }
    const left = {
      tokens: remaining(limit.tokens, used.tokens + reserved.tokens),
      costMicroUsd: remaining(limit.costMicroUsd, used.costMicroUsd + reserved.costMicroUsd),
    }
    return { userId: user, limit, used, reserved, left }
  }
  return {
    period,
    ...share(installation, null, {
      tokens: settings.QUOTA_TOKENS ?? null,
      costMicroUsd: settings.QUOTA_MICRO_USD ?? null,
    }),
    user: share(ownerOf(userId), userId, {
      tokens: settings.USER_QUOTA_TOKENS ?? null,
      costMicroUsd: settings.USER_QUOTA_MICRO_USD ?? null,
    }),
  }
}

const remaining = (limit: number | null, taken: number): number | null => limit === null ? null : Math.max(0, limit - taken)
