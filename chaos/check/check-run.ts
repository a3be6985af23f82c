/**
 * The checker: compares what was approved, what was put on the wire, what agents executed and what is in the tables.
 * It shares no code with the product; a test holds that.
 */
import { checkApprovals } from './check-approvals.ts'
import { checkBalance, type Balance } from './check-balance.ts'
import { checkLog } from './check-log.ts'
import { checkOpen } from './check-open.ts'
import { checkOrder } from './check-order.ts'
import { checkRepeats } from './check-repeats.ts'
import { checkResults } from './check-results.ts'
import { gatherEvidence, type Evidence } from './evidence.ts'
import { categories, type Category, type Violation } from './violation.ts'

export type Verdict = {
  readonly violations: readonly Violation[]
  /** Violations by category; all 0 where every promise was kept. */
  readonly counts: Readonly<Record<Category, number>>
  readonly balance: Omit<Balance, 'violations'>
  readonly figures: ReturnType<typeof countFigures>
}

export async function checkRun({ directory, databaseUrl }: { readonly directory: string; readonly databaseUrl: string }): Promise<Verdict> {
  return judge(await gatherEvidence(directory, databaseUrl))
}

export function judge(evidence: Evidence): Verdict {
  const repeats = checkRepeats(evidence)
  const { violations: unbalanced, ...balance } = checkBalance(evidence)
  const violations = [
    ...checkApprovals(evidence), ...checkResults(evidence), ...checkOrder(evidence), ...checkOpen(evidence), ...checkLog(evidence), ...repeats.violations, ...unbalanced,
  ]
  const counts = Object.fromEntries(categories.map((category) => [category, violations.filter((violation) => violation.category === category).length]))
  return { violations, counts: counts as Record<Category, number>, balance, figures: countFigures(evidence, repeats.explained) }
}

function countFigures({ records, tables }: Evidence, explained: Readonly<Record<string, number>>) {
  const tally = <Item>(items: readonly Item[], key: (item: Item) => string, amount: (item: Item) => number = () => 1) => {
    const sums: Record<string, number> = {}
    for (const item of items) sums[key(item)] = (sums[key(item)] ?? 0) + amount(item)
    return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  return {
    plans: tally(tables.plans, ({ status }) => status),
    processesKilled: records.faults.reduce((sum, { killed }) => sum + killed, 0),
    killingFaults: records.faults.filter(({ killed }) => killed > 0).length,
    faults: tally(records.faults, ({ kind }) => kind),
    wire: tally(records.wire, ({ type }) => type.replace('planwright.work.', '')),
    executions: records.executions.length,
    attempts: tally(tables.attempts, ({ status }) => status),
    repeats: explained,
    evidence: tally(tables.evidence, ({ reason }) => reason, ({ count }) => count),
    logEntries: tables.log.length,
  }
}
