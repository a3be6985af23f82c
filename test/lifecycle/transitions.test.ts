import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../src/lifecycle/decide.ts'
import type { PlanEvent } from '../../src/lifecycle/plan-event.ts'
import type { PlanState } from '../../src/lifecycle/plan-state.ts'
import { isClosedTask, isTerminalPlan, type PlanStatus, type TaskStatus } from '../../src/lifecycle/states.ts'
import type { Step } from '../../src/lifecycle/transition.ts'
import { agentFor, freeze, graphs, pendingPlan, second } from './plan-world.ts'

/** Where one event may lead a plan. A plan whose cancel leaves nothing open is CANCELLED (or FAILED) in the same step. */
const planMoves: Record<PlanStatus, readonly PlanStatus[]> = {
  PLANNING_FAILED: [], SUPERSEDED: [], REJECTED: [], EXPIRED: [], COMPLETED: [], FAILED: [], CANCELLED: [],
  PENDING_APPROVAL: ['APPROVED', 'REJECTED', 'CHANGES_REQUESTED', 'EXPIRED', 'SUPERSEDED', 'CANCELLED'],
  CHANGES_REQUESTED: ['SUPERSEDED', 'CANCELLED'],
  APPROVED: ['EXECUTING', 'CANCELLING', 'CANCELLED'],
  EXECUTING: ['COMPLETED', 'FAILED', 'CANCELLING', 'CANCELLED'],
  CANCELLING: ['CANCELLED', 'FAILED'],
}

/** Where one event may lead a task. Results may overtake the acceptance, so DISPATCHED may end at once. */
const taskMoves: Record<TaskStatus, readonly TaskStatus[]> = {
  PENDING: ['WAITING_FOR_AGENT', 'DISPATCHED', 'CANCELLED', 'SKIPPED'],
  WAITING_FOR_AGENT: ['DISPATCHED', 'CANCELLED'],
  DISPATCHED: ['RUNNING', 'SUCCEEDED', 'FAILED', 'PENDING', 'CANCELLED'],
  RUNNING: ['SUCCEEDED', 'FAILED', 'OUTCOME_UNKNOWN', 'PENDING', 'CANCELLED'],
  OUTCOME_UNKNOWN: ['SUCCEEDED', 'FAILED'],
  SUCCEEDED: [],
  CANCELLED: [],
  FAILED: ['PENDING'],
  SKIPPED: ['PENDING'],
}

const order = (size: number) => fc.integer({ min: 1, max: size })

function events(size: number): fc.Arbitrary<PlanEvent> {
  const from = {
    order: order(size), attempt: fc.constantFrom(1, 1, 1, 2, 2, 3),
    agentName: fc.constantFrom('right', 'right', 'right', 'agent-0'), instance: fc.constantFrom('one', 'one', 'one', 'two'),
  }
  const person = { actor: fc.constant('user:bob') }
  const deciding = { ...person, approvalId: fc.constant('approval'), notes: fc.constant(null) }
  const assign = { agentId: fc.constant('agent'), agentName: fc.constant('right'), routingDecisionId: fc.constant('decision'), leaseSeconds: fc.constant(15) }
  const is = <T extends string>(type: T) => ({ type: fc.constant(type) })
  const rarely = fc.oneof(
    fc.record({ ...is('reject'), ...deciding }),
    fc.record({ ...is('record_approval'), ...deciding, needed: fc.constant(1) }),
    fc.record({ ...is('request_changes'), ...person, approvalId: fc.constant('approval'), feedback: fc.constant('no') }),
    fc.record({ ...is('supersede'), ...person, byRevision: fc.constant(2) }),
    fc.record({ ...is('expire') }),
    fc.record({ ...is('cancel'), ...person, reason: fc.constant(null) }),
  )
  const often = fc.oneof(
    fc.record({ ...is('approve'), ...deciding, skip: fc.constant([]) }),
    fc.record({ ...is('assign'), ...assign, order: order(size) }),
    fc.record({ ...is('assign'), ...assign, order: order(size) }),
    fc.record({ ...is('wait'), order: order(size), reason: fc.constantFrom('busy', 'away'), routingDecisionId: fc.constant('decision') }),
    fc.record({ ...is('accepted'), ...from, leaseSeconds: fc.constant(15) }),
    fc.record({ ...is('progressed'), ...from, progress: fc.constant(0.5), message: fc.constant(null), leaseSeconds: fc.constant(15) }),
    fc.record({ ...is('succeeded'), ...from, output: fc.constant({ ok: true }) }),
    fc.record({ ...is('failed'), ...from, code: fc.constantFrom('BROKEN', 'TIMEOUT', 'AGENT_STOPPED', 'AGENT_BUSY'), message: fc.constant('it broke'), retryable: fc.boolean() }),
    fc.record({ ...is('stopped'), ...from, outcome: fc.constantFrom('stopped', 'ignored', 'finished') }),
    fc.record({ ...is('lost'), order: order(size), attempt: from.attempt, reason: fc.constantFrom('lease_expired', 'timeout', 'agent_restarted', 'undeliverable') }),
    fc.record({ ...is('retry'), ...person, order: order(size) }),
    fc.record({ ...is('resolve'), ...person, order: order(size), outcome: fc.constantFrom('SUCCEEDED', 'FAILED'), notes: fc.constant(null) }),
  )
  const named = often.map((event): PlanEvent =>
    'agentName' in event && event.agentName === 'right' ? { ...event, agentName: agentFor(event.order) } : event)
  return fc.oneof({ weight: 40, arbitrary: named }, { weight: 1, arbitrary: rarely })
}

const histories = graphs(['retry_safe', 'idempotent', 'irreversible']).chain((drafts) =>
  fc.tuple(fc.constant(drafts), fc.array(events(drafts.length), { minLength: 20, maxLength: 150, size: 'max' })),
)

/** Plays arbitrary events from the proposal on; calls `check` for each that was taken, and answers the types of those. */
function play(check: (before: PlanState, event: PlanEvent, step: Step, now: string) => void, numRuns = 400): Set<string> {
  const seen = new Set<string>()
  fc.assert(
    fc.property(histories, ([drafts, list]) => {
      let state = pendingPlan(drafts)
      list.forEach((event, index) => {
        const now = second(index * 20)
        const outcome = decide(freeze(state), event, now)
        if ('refused' in outcome) return
        seen.add(event.type)
        check(state, event, outcome, now)
        state = outcome.plan
      })
    }),
    { numRuns },
  )
  return seen
}

test('no sequence of events leaves the legal transitions, and the state before is never written to', () => {
  const moves = new Set<string>()
  const seen = play((before, _event, { plan }) => {
    expect([before.status, ...planMoves[before.status]]).toContain(plan.status)
    plan.tasks.forEach(({ status }, index) => {
      const previous = before.tasks[index]!.status
      expect([previous, ...taskMoves[previous]]).toContain(status)
      if (status !== previous) moves.add(`${previous} ${status}`)
    })
  }, 2_000)
  // The histories reach every event and every move, else they would prove little.
  expect(seen.size).toBe(17)
  const legal = Object.entries(taskMoves).flatMap(([from, tos]) => tos.map((to) => `${from} ${to}`))
  expect([...moves].sort()).toEqual(legal.sort())
})

test('a terminal plan changes by no event', () => {
  play((before) => expect(isTerminalPlan(before.status)).toBe(false))
})

test('a plan is over exactly when no task is open', () => {
  play((_before, _event, { plan }) => {
    expect(plan.tasks.every(({ status }) => isClosedTask(status))).toBe(isTerminalPlan(plan.status))
  })
})

test('what the log says of plan and tasks is what they are after the step', () => {
  play((before, event, { plan, log }) => {
    const lastOf = (taskId: string) => log.findLast((entry) => entry.taskId === taskId && entry.taskStatus)?.taskStatus
    const planStatus = log.findLast((entry) => entry.planStatus)?.planStatus
    expect(plan.status).toBe(planStatus ?? before.status)
    // The tasks of a plan that was never approved end with it, told by the plan's own entry.
    const endsUnapproved = ['reject', 'supersede', 'expire'].includes(event.type)
    plan.definition.tasks.forEach(({ id }, index) => {
      const untold = endsUnapproved ? 'CANCELLED' : before.tasks[index]!.status
      expect(plan.tasks[index]!.status).toBe(lastOf(id) ?? untold)
    })
  })
})

test('a task is dispatched only in an approved plan, after all it depends on has succeeded', () => {
  play((before, _event, { plan, messages }) => {
    for (const message of messages) {
      if (message.type !== 'requested') continue
      expect(['APPROVED', 'EXECUTING']).toContain(before.status)
      expect(plan.approvalId).toBe('approval')
      for (const needed of plan.definition.tasks[message.order - 1]!.dependsOn) expect(plan.tasks[needed - 1]!.status).toBe('SUCCEEDED')
    }
  })
})

test('a granted attempt is followed by another only after a person asked for it', () => {
  play((before, event, { plan }) => {
    const repeated = before.tasks.filter(({ status, current }, index) => {
      const next = plan.tasks[index]!.status
      if (current?.status === 'GRANTED') return next === 'PENDING'
      const wasAsked = event.type === 'retry' && event.order === index + 1
      return status === 'FAILED' && next !== 'FAILED' && !wasAsked
    })
    expect(repeated).toEqual([])
  })
})

test('exactly the tasks with an open attempt are dispatched or running', () => {
  play((_before, _event, { plan }) => {
    for (const { status, current } of plan.tasks) {
      expect(current !== null && current.finishedAt === null).toBe(status === 'DISPATCHED' || status === 'RUNNING')
    }
  })
})
