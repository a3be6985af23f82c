/** The plan in words: a numbered line a task, the total, and the longest chain where tasks run side by side. */

export type SummaryTask = { readonly name: string; readonly minutes: number; /** Kept from an earlier revision, not run again. */ readonly done: boolean }

/**
 * @param chain indexes of the tasks in the chain that takes longest
 * @param chainMinutes what that chain takes; below the total when tasks run side by side
 */
export function summarize(tasks: readonly SummaryTask[], chain: readonly number[], chainMinutes: number): string {
  const lines = tasks.map(({ name, minutes, done }, index) => `${index + 1}. ${name} (${done ? 'already done' : `estimated ${inMinutes(minutes)}`})`)
  const total = tasks.reduce((sum, { minutes, done }) => sum + (done ? 0 : minutes), 0)
  const parallel = total - chainMinutes > 1e-9
  const way = chain.map((index) => index + 1).join(' → ')
  return [
    ...lines,
    '',
    `Total estimated time: ${inMinutes(total)}`,
    ...(parallel ? [`Critical path: ${way} (${inMinutes(chainMinutes)})`] : []),
  ].join('\n')
}

/** `3 minutes`, `1 minute`, `2.5 minutes`, `less than 1 minute`. */
export function inMinutes(minutes: number): string {
  if (minutes < 0.95) return 'less than 1 minute'
  const rounded = minutes < 10 ? Math.round(minutes * 10) / 10 : Math.round(minutes)
  return `${rounded} ${rounded === 1 ? 'minute' : 'minutes'}`
}
