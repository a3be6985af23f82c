import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../src/lifecycle/decide.ts'
import { readyTasks } from '../../src/lifecycle/dispatch-rules.ts'
import type { AgentEvent } from '../../src/lifecycle/plan-event.ts'
import type { PlanState } from '../../src/lifecycle/plan-state.ts'
import { isTerminalPlan } from '../../src/lifecycle/states.ts'
import { accepted, approvedPlan, assign, downstream, failed, freeze, graphs, report, second, succeeded, take } from './plan-world.ts'

const outcomes = ['succeeds', 'fails', 'fails for now'] as const
type Outcome = (typeof outcomes)[number]
/** What becomes of attempt n of task m, whenever it is reported. */
type Fate = (order: number, attempt: number) => Outcome

const fates: fc.Arbitrary<Fate> = fc
  .array(fc.constantFrom(...outcomes, 'succeeds' as const), { minLength: 18, maxLength: 18 })
  .map((list) => (order, attempt) => list[((order - 1) * 3 + attempt - 1) % list.length]!)

function messagesOf(order: number, attempt: number, fate: Fate): AgentEvent[] {
  const outcome = fate(order, attempt)
  const result = outcome === 'succeeds' ? succeeded(order, attempt) : failed(order, attempt, { retryable: outcome === 'fails for now' })
  const progressed = report(order, attempt, { type: 'progressed', progress: 0.5, message: null, leaseSeconds: 15 })
  return [accepted(order, attempt), progressed, result]
}

/** Runs a plan to its end; `choose` picks the next message, `copies` says how often each is sent. */
function run(plan: PlanState, fate: Fate, choose: (size: number) => number, copies: () => number) {
  let state = plan
  const applied: AgentEvent[] = []
  const waiting: AgentEvent[] = []
  for (let clock = 1; ; clock++) {
    const now = second(clock * 40)
    for (const { order } of readyTasks(state, now)) {
      state = take(state, assign(order), now).plan
      for (const message of messagesOf(order, state.tasks[order - 1]!.attempt, fate)) {
        for (let copy = copies(); copy > 0; copy--) waiting.push(message)
      }
    }
    if (waiting.length === 0) return { state, applied }
    const [message] = waiting.splice(choose(waiting.length), 1)
    const outcome = decide(freeze(state), message!, now)
    if ('refused' in outcome) continue
    state = outcome.plan
    applied.push(message!)
  }
}

const ends = ({ status, tasks }: PlanState) => ({
  status,
  tasks: tasks.map(({ status: taskStatus, attempt, output }) => ({ taskStatus, attempt, output })),
})

const repeatable = graphs(['retry_safe', 'idempotent'])

test('the order and number of deliveries never change how a plan ends', () => {
  fc.assert(
    fc.property(repeatable, fates, fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.integer({ min: 1, max: 3 })), (drafts, fate, picks, repeats) => {
      const plan = approvedPlan(drafts)
      const inOrder = run(plan, fate, () => 0, () => 1)
      const shuffled = run(plan, fate, (size) => picks.next().value % size, () => repeats.next().value)
      expect(isTerminalPlan(inOrder.state.status)).toBe(true)
      expect(ends(shuffled.state)).toEqual(ends(inOrder.state))
    }),
    { numRuns: 500 },
  )
})

test('of each attempt exactly one result is applied', () => {
  fc.assert(
    fc.property(repeatable, fates, fc.infiniteStream(fc.nat()), (drafts, fate, picks) => {
      const { state, applied } = run(approvedPlan(drafts), fate, (size) => picks.next().value % size, () => 2)
      const results = applied.filter(({ type }) => type === 'succeeded' || type === 'failed')
      const dispatched = state.tasks.reduce((sum, { attempt }) => sum + attempt, 0)
      expect(results.length).toBe(dispatched)
      expect(new Set(results.map(({ order, attempt }) => `${order}/${attempt}`)).size).toBe(dispatched)
    }),
    { numRuns: 300 },
  )
})

test('a failed task skips exactly what depends on it, and everything else succeeds', () => {
  fc.assert(
    fc.property(repeatable, fc.nat(), fc.infiniteStream(fc.nat()), (drafts, pick, picks) => {
      const broken = (pick % drafts.length) + 1
      const plan = approvedPlan(drafts)
      const { state } = run(plan, (order) => (order === broken ? 'fails' : 'succeeds'), (size) => picks.next().value % size, () => 1)
      const skipped = downstream(plan, broken)
      expect(state.tasks.map(({ status }) => status)).toEqual(
        drafts.map((_, index) => (index + 1 === broken ? 'FAILED' : skipped.has(index + 1) ? 'SKIPPED' : 'SUCCEEDED')),
      )
      expect(state.status).toBe('FAILED')
    }),
    { numRuns: 300 },
  )
})
