import { describe, expect, test } from 'vitest'
import type { PlanEvent } from '../../src/lifecycle/plan-event.ts'
import {
  accepted, after, approvedPlan, assign, cancel, failed, lost, pendingPlan, refusal, report, second, statuses, succeeded, take, task,
} from './plan-world.ts'

const irreversible = task({ effect: 'irreversible' })
const retry = (order: number): PlanEvent => ({ type: 'retry', order, actor: 'user:bob' })
const resolve = (order: number, outcome: 'SUCCEEDED' | 'FAILED'): PlanEvent => ({ type: 'resolve', order, actor: 'user:bob', outcome, notes: null })
const fork = approvedPlan([task(), task({ dependsOn: [1] }), task()])

describe('a result', () => {
  const running = after(fork, assign(1), accepted(1))

  test('of another agent is refused', () => {
    expect(refusal(running, { ...succeeded(1), agentName: 'other' })).toEqual({ refused: 'wrong_agent' })
  })

  test('of another instance of the agent is refused', () => {
    expect(refusal(running, { ...succeeded(1), instance: 'two' })).toEqual({ refused: 'wrong_instance' })
  })

  test('of an attempt that never was is refused', () => {
    expect(refusal(running, succeeded(1, 2))).toEqual({ refused: 'stale_attempt' })
    expect(refusal(running, succeeded(2))).toEqual({ refused: 'stale_attempt' })
  })

  test('of a lost attempt is refused, before and after the next attempt begins', () => {
    const alone = take(running, lost(1)).plan
    expect(refusal(alone, succeeded(1))).toEqual({ refused: 'stale_attempt' })
    const again = take(alone, assign(1), second(60)).plan
    expect(again.tasks[0]).toMatchObject({ status: 'DISPATCHED', attempt: 2 })
    expect(refusal(again, succeeded(1))).toEqual({ refused: 'stale_attempt' })
  })

  test('that comes again is a duplicate', () => {
    expect(refusal(take(running, succeeded(1)).plan, succeeded(1))).toEqual({ refused: 'duplicate' })
  })

  test('of an attempt that was never taken by a closed plan is told so', () => {
    const closed = after(approvedPlan([task()]), assign(1), cancel, lost(1))
    expect(closed.status).toBe('CANCELLED')
    expect(refusal(closed, succeeded(1))).toEqual({ refused: 'plan_closed' })
  })
})

describe('a cancel', () => {
  test('ends what has not started at once and waits for what runs', () => {
    const { plan, messages } = take(after(fork, assign(1), accepted(1)), cancel)
    expect(plan.status).toBe('CANCELLING')
    expect(statuses(plan)).toEqual(['RUNNING', 'CANCELLED', 'CANCELLED'])
    expect(messages).toMatchObject([{ type: 'cancelled', order: 1, attempt: 1 }])
  })

  test.each([
    ['a success', succeeded(1), 'after_cancel'],
    ['a failure', failed(1), 'after_cancel'],
    ['a stop', report(1, 1, { type: 'stopped', outcome: 'stopped' }), null],
    ['the end of the lease', lost(1), null],
  ])('wins over %s that comes after it', (_name, event, evidence) => {
    const step = take(after(fork, assign(1), accepted(1), cancel), event)
    expect(step.plan.status).toBe('CANCELLED')
    expect(step.plan.tasks[0]).toMatchObject({ status: 'CANCELLED', output: null })
    expect(step.evidence).toBe(evidence)
  })

  test('is not asked for twice', () => {
    expect(refusal(after(fork, assign(1), cancel), cancel)).toEqual({ refused: 'no_change' })
  })

  test('takes back an irreversible task that has no grant', () => {
    const { plan, withdrawn } = take(after(approvedPlan([irreversible]), assign(1)), cancel)
    expect(withdrawn).toEqual([{ order: 1, attempt: 1 }])
    expect(plan.status).toBe('CANCELLED')
    expect(refusal(plan, accepted(1))).toMatchObject({ refused: 'duplicate' })
  })

  test('leaves the outcome of a granted task that is lost to a person', () => {
    const open = after(approvedPlan([irreversible]), assign(1), accepted(1), cancel, lost(1))
    expect([open.status, ...statuses(open)]).toEqual(['CANCELLING', 'OUTCOME_UNKNOWN'])
    expect(take(open, resolve(1, 'SUCCEEDED')).plan.status).toBe('CANCELLED')
    expect(take(open, resolve(1, 'FAILED')).plan.status).toBe('FAILED')
  })
})

describe('an irreversible task', () => {
  const granted = after(approvedPlan([irreversible, task({ dependsOn: [1] })]), assign(1), accepted(1))

  test('is granted in the step that accepts it', () => {
    const { messages, plan } = take(take(approvedPlan([irreversible]), assign(1)).plan, accepted(1))
    expect(messages).toEqual([{ type: 'granted', order: 1, attempt: 1, agentName: 'agent-1', instance: 'one' }])
    expect(plan.tasks[0]!.current!.status).toBe('GRANTED')
  })

  test.each([
    ['lost', lost(1)],
    ['cut short by its timeout', failed(1, 1, { code: 'TIMEOUT', retryable: true })],
    ['cut short by the end of its agent', failed(1, 1, { code: 'AGENT_STOPPED', retryable: true })],
    ['stopped by its agent', report(1, 1, { type: 'stopped', outcome: 'stopped' })],
  ])('that is %s after its grant has an unknown outcome and is not dispatched again', (_name, event) => {
    const { plan } = take(granted, event)
    expect([plan.status, ...statuses(plan)]).toEqual(['EXECUTING', 'OUTCOME_UNKNOWN', 'PENDING'])
    expect(refusal(plan, assign(1), second(3_600))).toEqual({ refused: 'no_change' })
    expect(refusal(plan, assign(2), second(3_600))).toEqual({ refused: 'no_change' })
    expect(refusal(plan, retry(1))).toMatchObject({ refused: 'invalid_state' })
  })

  test('that fails after its grant is not tried again by itself', () => {
    expect(take(granted, failed(1, 1, { retryable: true })).plan.status).toBe('FAILED')
  })

  test('whose agent gave up waiting for the grant that was on its way is tried again', () => {
    expect(take(granted, failed(1, 1, { code: 'NOT_GRANTED', retryable: true })).plan.tasks[0]!.status).toBe('PENDING')
  })

  test('that is lost before its grant is dispatched again', () => {
    const back = after(approvedPlan([irreversible]), assign(1), lost(1))
    expect(statuses(back)).toEqual(['PENDING'])
    expect(take(back, assign(1), second(60)).messages).toMatchObject([{ type: 'requested', attempt: 2 }])
  })

  test('goes the way a person found it to have gone', () => {
    const unknown = take(granted, lost(1)).plan
    expect(statuses(take(unknown, resolve(1, 'SUCCEEDED')).plan)).toEqual(['SUCCEEDED', 'PENDING'])
    const { plan } = take(unknown, resolve(1, 'FAILED'))
    expect([plan.status, ...statuses(plan)]).toEqual(['FAILED', 'FAILED', 'SKIPPED'])
  })

  test('is resolved only while its outcome is unknown', () => {
    expect(refusal(granted, resolve(1, 'SUCCEEDED'))).toMatchObject({ refused: 'invalid_state', status: 'EXECUTING' })
  })
})

describe('a failed task', () => {
  const broken = after(fork, assign(1), failed(1))

  test('is tried again on request, with all its tries and what was skipped because of it', () => {
    expect(statuses(broken)).toEqual(['FAILED', 'SKIPPED', 'PENDING'])
    const { plan } = take(broken, retry(1))
    expect(statuses(plan)).toEqual(['PENDING', 'PENDING', 'PENDING'])
    expect(plan.tasks[0]!.attemptsAllowed).toBe(4)
  })

  test('keeps tasks skipped that another failure still holds back', () => {
    const both = after(approvedPlan([task(), task(), task({ dependsOn: [1, 2] }), task()]), assign(1), assign(2), failed(1), failed(2))
    const one = take(both, retry(1)).plan
    expect(statuses(one)).toEqual(['PENDING', 'FAILED', 'SKIPPED', 'PENDING'])
    expect(statuses(take(one, retry(2)).plan)).toEqual(['PENDING', 'PENDING', 'PENDING', 'PENDING'])
  })

  test('is not tried again in a plan that is over, nor a task that has not failed', () => {
    expect(refusal(after(approvedPlan([task()]), assign(1), failed(1)), retry(1))).toMatchObject({ refused: 'invalid_state', status: 'FAILED' })
    expect(refusal(broken, retry(2))).toMatchObject({ refused: 'invalid_state', status: 'EXECUTING' })
  })

  test('uses up its tries where the failure may pass, and none for the fault of an agent', () => {
    let plan = approvedPlan([task({ maxAttempts: 2 })])
    plan = after(plan, assign(1), failed(1, 1, { code: 'AGENT_BUSY', retryable: true }))
    for (const attempt of [2, 3]) {
      expect(plan.status).toBe('EXECUTING')
      plan = take(take(plan, assign(1), second(attempt * 60)).plan, failed(1, attempt, { retryable: true }), second(attempt * 60)).plan
    }
    expect([plan.status, plan.tasks[0]!.attempt]).toEqual(['FAILED', 3])
  })
})

test('tasks left out by the approval stay out, and the rest decides how the plan ends', () => {
  const plan = after(
    pendingPlan([task(), task()]), { type: 'approve', actor: 'user:bob', approvalId: 'approval', notes: null, skip: [2] },
    assign(1), succeeded(1),
  )
  expect([plan.status, ...statuses(plan)]).toEqual(['COMPLETED', 'SUCCEEDED', 'SKIPPED'])
})
