/** The statements of the quota ledger; rows travel as one JSON parameter, keyed by column name. */
import type { Row } from '../recording/rows.ts'

type Statement = { name: string; text: string; values: unknown[] }

const accountColumns = 'owner, period, tokens_used, tokens_reserved, cost_used_micro_usd, cost_reserved_micro_usd'

/** Makes the accounts that are missing, locks all in order and answers them as they are once they are locked. */
export const lockAccounts = (owners: readonly string[], period: string): Statement => ({
  name: 'quota_lock_accounts',
  text: `insert into quota_account as a (${accountColumns})
    select owner, $2, 0, 0, 0, 0 from unnest($1::text[]) owner order by owner
    on conflict (owner, period) do update set tokens_used = a.tokens_used
    returning ${accountColumns}`,
  values: [owners, period],
})

/** Stores reservations and adds them to the accounts, which are locked; keys that exist keep what they have. */
export const insertReservations = (reservations: readonly Row[]): Statement => ({
  name: 'quota_insert_reservations',
  text: `with held as (
      insert into quota_reservation select * from json_populate_recordset(null::quota_reservation, $1::json)
      on conflict (key) do nothing returning user_id, period, tokens, cost_micro_usd
    ), owed as (
      select owner, period, sum(tokens) as tokens, sum(cost_micro_usd) as cost
      from held cross join unnest(array['installation', 'user:' || user_id]) owner group by owner, period
    )
    update quota_account a
    set tokens_reserved = a.tokens_reserved + o.tokens, cost_reserved_micro_usd = a.cost_reserved_micro_usd + o.cost
    from owed o where a.owner = o.owner and a.period = o.period`,
  values: [JSON.stringify(reservations)],
})

/** Locks the open ones among the reservations, in order, and answers what they hold. */
export const lockReservations = (keys: readonly string[]): Statement => ({
  name: 'quota_lock_reservations',
  text: `select key, user_id, period, tokens, cost_micro_usd from quota_reservation
    where key = any($1::text[]) and released_at is null order by key for update`,
  values: [keys],
})

/** Stores usage; answers the keys that are new. */
export const insertUsages = (usages: readonly Row[]): Statement => ({
  name: 'quota_insert_usages',
  text: `insert into ai_usage select * from json_populate_recordset(null::ai_usage, $1::json) order by key
    on conflict (key) do nothing returning key`,
  values: [JSON.stringify(usages)],
})

/** Writes what locked reservations hold now, and adds the changes to the accounts in the order of their locks. */
export const settle = (reservations: readonly Row[], changes: readonly Row[]): Statement => ({
  name: 'quota_settle',
  text: `with held as (
      update quota_reservation r set tokens = n.tokens, cost_micro_usd = n.cost_micro_usd, released_at = n.released_at
      from json_populate_recordset(null::quota_reservation, $1::json) n where r.key = n.key
    )
    insert into quota_account as a
    select * from json_populate_recordset(null::quota_account, $2::json) order by owner, period
    on conflict (owner, period) do update set
      tokens_used = a.tokens_used + excluded.tokens_used,
      tokens_reserved = a.tokens_reserved + excluded.tokens_reserved,
      cost_used_micro_usd = a.cost_used_micro_usd + excluded.cost_used_micro_usd,
      cost_reserved_micro_usd = a.cost_reserved_micro_usd + excluded.cost_reserved_micro_usd`,
  values: [JSON.stringify(reservations), JSON.stringify(changes)],
})

/** Keys of decompositions' reservations that are open since before the given time; a plan may wait for ever. */
export const findAbandoned = (before: Date): Statement => ({
  name: 'quota_find_abandoned',
  text: `select key from quota_reservation where released_at is null and created_at < $1 and key like 'request:%'`,
  values: [before],
})

export const readAccount = (owner: string, period: string): Statement => ({
  name: 'quota_read_account',
  text: `select ${accountColumns} from quota_account where owner = $1 and period = $2`,
  values: [owner, period],
})
