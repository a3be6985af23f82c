/** The period a quota counts for. */
export type QuotaPeriod = 'day' | 'month'

/**
 * First day of the period, `2026-11-01`, in UTC.
 * @param now time by the database's clock, so that all replicas agree when a period begins
 */
export function periodOf(kind: QuotaPeriod, now: Date): string {
  const day = now.toISOString().slice(0, 10)
  return kind === 'day' ? day : `${day.slice(0, 7)}-01`
}
