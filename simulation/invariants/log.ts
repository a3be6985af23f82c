/** The log tells the truth: numbered without gaps, chained, closed with its plan, and its states follow each other as the design says. */
import { canonicalJson, sha256 } from './canonical-json.ts'
import type { EntryRow, Tables } from './tables.ts'

const planMoves: Readonly<Record<string, readonly string[]>> = {
  '': ['PENDING_APPROVAL', 'PLANNING_FAILED'],
  PENDING_APPROVAL: ['APPROVED', 'REJECTED', 'CHANGES_REQUESTED', 'EXPIRED', 'SUPERSEDED', 'CANCELLED'],
  CHANGES_REQUESTED: ['SUPERSEDED', 'CANCELLED'],
  APPROVED: ['EXECUTING', 'CANCELLING', 'CANCELLED', 'COMPLETED'],
  EXECUTING: ['COMPLETED', 'FAILED', 'CANCELLING'],
  CANCELLING: ['CANCELLED', 'FAILED'],
}
const taskMoves: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['WAITING_FOR_AGENT', 'DISPATCHED', 'CANCELLED', 'SKIPPED'],
  WAITING_FOR_AGENT: ['WAITING_FOR_AGENT', 'DISPATCHED', 'CANCELLED', 'SKIPPED'],
  DISPATCHED: ['RUNNING', 'SUCCEEDED', 'FAILED', 'PENDING', 'CANCELLED'],
  RUNNING: ['SUCCEEDED', 'FAILED', 'PENDING', 'CANCELLED', 'OUTCOME_UNKNOWN'],
  OUTCOME_UNKNOWN: ['SUCCEEDED', 'FAILED'],
  FAILED: ['PENDING'],
  SKIPPED: ['PENDING'],
}
const terminal = ['PLANNING_FAILED', 'SUPERSEDED', 'REJECTED', 'EXPIRED', 'COMPLETED', 'FAILED', 'CANCELLED']

export function checkLog(tables: Tables): string[] {
  const byStream = Map.groupBy(tables.entries, ({ stream }) => stream)
  return [
    ...tables.streams.flatMap((stream) => checkChain(stream, byStream.get(stream.id) ?? [])),
    ...[...byStream.keys()].filter((id) => !tables.streams.some((stream) => stream.id === id)).map((id) => `log: stream ${id} has no head`),
    ...tables.plans.flatMap((plan) => checkPlanStates(plan, byStream.get(plan.id) ?? [])),
    ...tables.tasks.flatMap((task) => checkTaskStates(task, byStream.get(task.plan_id) ?? [])),
  ]
}

function checkChain({ id, sequence, head }: Tables['streams'][number], entries: readonly EntryRow[]): string[] {
  let previous: Buffer = Buffer.alloc(32)
  for (const [index, { hash, at, ...row }] of entries.entries()) {
    if (row.sequence !== index + 1) return [`log: stream ${id} has a gap at ${index + 1}`]
    if (!sha256(previous, canonicalJson({ ...row, at: at.toISOString() })).equals(hash)) return [`log: stream ${id} is not chained at ${row.sequence}`]
    previous = hash
  }
  return entries.length === sequence && previous.equals(head) ? [] : [`log: the head of stream ${id} is not its last entry`]
}

function checkPlanStates({ id, status }: Tables['plans'][number], entries: readonly EntryRow[]): string[] {
  let state = ''
  for (const { plan_status: next, sequence } of entries) {
    if (terminal.includes(state)) return [`log: plan ${id} goes on at ${sequence} after ${state}`]
    // A plan that was never approved is cancelled by way of CANCELLING, in one transaction and without a word of it.
    if (next && !planMoves[state]?.includes(next)) return [`log: plan ${id} goes from ${state} to ${next}`]
    state = next ?? state
  }
  return state === status ? [] : [`log: plan ${id} is ${status}, its log says ${state}`]
}

function checkTaskStates({ id, status, carried_from }: Tables['tasks'][number], entries: readonly EntryRow[]): string[] {
  let state = carried_from ? 'SUCCEEDED' : 'PENDING'
  for (const { task_id, task_status: next } of entries) {
    if (task_id !== id || !next) continue
    if (!taskMoves[state]?.includes(next)) return [`log: task ${id} goes from ${state} to ${next}`]
    state = next
  }
  // Rejected, replaced and expired plans end all their tasks with one entry.
  return state === status || (state === 'PENDING' && status === 'CANCELLED') ? [] : [`log: task ${id} is ${status}, its log says ${state}`]
}
