/** Everybody is told the same, and watchers see each entry once, in order. */
import type { Witness } from '../people/witness.ts'
import type { Tables } from './tables.ts'

export function checkPeople({ approvals, plans, streams }: Tables, { told, watched }: Witness, complete: boolean): string[] {
  const byPlan = Map.groupBy(told, ({ planId }) => planId)
  return [
    ...[...byPlan].filter(([, answers]) => new Set(answers.map(({ decision }) => decision)).size > 1).map(([plan]) => `decided twice: both sides were told that their word about ${plan} counts`),
    ...told.flatMap(({ planId, userId, contentHash }) => (
      contentHash !== null && plans.some(({ id, content_hash }) => id === planId && content_hash !== contentHash) ? [`other hash: ${userId} decided about what ${planId} is not`] : []
    )),
    ...told.flatMap(({ planId, userId, decision }) => {
      const stored = approvals.some((row) => row.plan_id === planId && row.decided_by === userId && row.decision === decision)
      return stored ? [] : [`lost: ${userId} was told ${decision} about ${planId}, nothing is stored`]
    }),
    ...plans.flatMap(({ id }) => (approvals.filter((row) => row.plan_id === id).length > 1 ? [`decided twice: plan ${id}`] : [])),
    ...watched.flatMap(({ name, planId, first, sequences, ended }) => {
      const begin = first === 0 ? 1 : (sequences[0] ?? 0)
      if (sequences.some((sequence, index) => sequence !== begin + index)) return [`watching: ${name} saw ${sequences.join(' ')}`]
      const last = streams.find(({ id }) => id === planId)?.sequence
      return complete && (!ended || sequences.at(-1) !== last) ? [`watching: ${name} ended at ${sequences.at(-1)}, the log at ${last}`] : []
    }),
  ]
}
