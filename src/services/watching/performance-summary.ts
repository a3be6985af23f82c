import type { AgentPerformance } from '../../entities/agent-performance.ts'

export type PerformanceSummary = {
  readonly succeeded: number
  readonly failed: number
  readonly lost: number
  /** 0..1; null before the first attempt ended. */
  readonly successRate: number | null
  /** Over succeeded attempts. */
  readonly averageSeconds: number | null
  readonly byIntent: readonly AgentPerformance[]
}

/** Adds up what an agent achieved with each of its intents. */
export function summarizePerformance(byIntent: readonly AgentPerformance[]): PerformanceSummary {
  const sum = (amount: (row: AgentPerformance) => number): number => byIntent.reduce((total, row) => total + amount(row), 0)
  const succeeded = sum((row) => row.succeeded)
  const failed = sum((row) => row.failed)
  const lost = sum((row) => row.lost)
  const ended = succeeded + failed + lost
  return {
    succeeded,
    failed,
    lost,
    successRate: ended === 0 ? null : succeeded / ended,
    averageSeconds: succeeded === 0 ? null : sum((row) => row.totalSeconds) / succeeded,
    byIntent,
  }
}
