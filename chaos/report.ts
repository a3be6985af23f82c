/** The figures of a run as Markdown. */
import { cpus, totalmem } from 'node:os'
import type { ChaosOptions, ChaosResult } from './chaos-run.ts'

type Shape = Pick<ChaosOptions, 'plans' | 'seed' | 'kills' | 'kinds' | 'inFlight' | 'slowPercent' | 'leaseSeconds'>

const mostShown = 50

const list = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ') || 'none'

export function formatResult(shape: Shape, { violations, counts, balance, figures, seconds, untyped }: ChaosResult): string {
  const { expected, counted } = balance
  const sum = Object.values(counted).reduce((total, count) => total + count, 0)
  const rows: readonly (readonly [string, string])[] = [
    ['plans', list(figures.plans)],
    ['load', `${seconds} s, ${shape.inFlight} plans at once, ${shape.slowPercent} % slow steps, lease ${shape.leaseSeconds} s`],
    ['faults', `${Object.values(figures.faults).reduce((total, count) => total + count, 0)}: ${list(figures.faults)}`],
    ['kills', `${figures.killingFaults} faults that killed ${figures.processesKilled} processes`],
    ['on the wire', list(figures.wire)],
    ['attempts', list(figures.attempts)],
    ['executions', String(figures.executions)],
    ['repeated executions and unknown outcomes, by what explains them', list(figures.repeats)],
    ['messages that changed nothing, by reason', list(figures.evidence)],
    ['log entries, all chains recomputed', String(figures.logEntries)],
    ['answers that were no typed errors', list(untyped)],
  ]
  return [
    `Seed ${shape.seed}, ${shape.plans} plans, ${shape.kills} kills${shape.kinds ? ` (${shape.kinds.join(', ')})` : ''}; Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB.`,
    '',
    '| promise | broken |',
    '| --- | --- |',
    ...Object.entries(counts).map(([category, count]) => `| ${category} | ${count} |`),
    '',
    `Tasks: ${expected} expected = ${Object.entries(counted).map(([end, count]) => `${count} ${end}`).join(' + ')}${sum === expected ? '' : ` (${sum}: THE SUM DIFFERS)`}.`,
    '',
    '| figure | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    ...(violations.length > 0 ? ['', ...violations.slice(0, mostShown).map(({ category, kind, message }) => `- ${category}, ${kind}: ${message}`)] : []),
    ...(violations.length > mostShown ? [`- and ${violations.length - mostShown} more`] : []),
    '',
  ].join('\n')
}
