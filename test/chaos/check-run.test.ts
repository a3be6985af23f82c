import { describe, expect, test } from 'vitest'
import { judge } from '../../chaos/check/check-run.ts'
import { indexEvidence } from '../../chaos/check/evidence.ts'
import type { Records } from '../../chaos/check/records.ts'
import type { Tables } from '../../chaos/check/tables.ts'
import { records, tables } from './healthy-run.ts'

const [first, second] = records.executions as [Records['executions'][0], Records['executions'][0]]
const [one, two] = tables.tasks as [Tables['tasks'][0], Tables['tasks'][0]]
const plan = tables.plans[0]!
const otherHash = 'f'.repeat(64)

/** The kinds of violations that are found in the healthy run once something of it is replaced. */
function found(replaced: { readonly records?: Partial<Records>; readonly tables?: Partial<Tables> }): string[] {
  const { violations } = judge(indexEvidence({ ...records, ...replaced.records }, { ...tables, ...replaced.tables }))
  return [...new Set(violations.map(({ category, kind }) => `${category}: ${kind}`))]
}

test('a run in which every promise was kept has no violations and balances', () => {
  const { violations, balance } = judge(indexEvidence(records, tables))
  expect(violations).toEqual([])
  expect(balance).toMatchObject({ expected: 2, counted: { applied: 2 } })
})

describe('the checker names', () => {
  const again = { ...second, execution: 'e3', instance: 'two', startedAt: 40, endedAt: 45 }
  const without = <Item>(items: readonly Item[], index: number) => items.filter((_, at) => at !== index)
  const relogged = (entry: Partial<Tables['log'][0]>) => [...tables.log, { ...tables.log.at(-1)!, sequence: tables.log.length + 1, ...entry }]

  test.each<[string, Parameters<typeof found>[0], string]>([
    ['a request that is not stored', { tables: { requests: [] } }, 'lost: request_lost'],
    ['a request that is stored twice', { tables: { requests: [...tables.requests, ...tables.requests] } }, 'applied twice: request_twice'],
    ['an answered decision that is not stored', { tables: { approvals: [] } }, 'lost: decision_lost'],
    ['a confirmed result that left no trace', { tables: { attempts: tables.attempts.map((row) => ({ ...row, status: 'LOST' })) } }, 'lost: result_lost'],
    ['one of two confirmed results that left no trace', { records: { confirmed: [...records.confirmed, { ...records.confirmed[0]!, messageId: 'other' }] } }, 'lost: result_lost'],
    ['an attempt that was lost after its result was confirmed', { tables: { attempts: tables.attempts.map((row) => ({ ...row, status: 'LOST' })) } }, 'lost: result_not_applied'],
    ['a result that no agent made', { records: { executions: [second] } }, 'lost: result_of_nobody'],
    ['the result of an older attempt', { tables: { tasks: [{ ...one, attempt: 2 }, two], attempts: [...tables.attempts, { ...tables.attempts[0]!, number: 2 }] } }, 'applied twice: stale_result_applied'],
    ['a result that is applied twice', { tables: { log: relogged({ kind: 'TASK_SUCCEEDED', task_id: 't2', attempt: 1 }) } }, 'applied twice: task_succeeded_twice'],
    ['a change of a closed plan', { tables: { log: relogged({ kind: 'TASK_DISPATCHED' }) } }, 'applied twice: closed_plan_changed'],
    ['irreversible work that ran twice', { records: { executions: [first, second, again] } }, 'applied twice: irreversible_run_twice'],
    ['an attempt that one instance ran twice', { records: { executions: [first, { ...first, execution: 'e3' }, second] } }, 'applied twice: attempt_run_twice'],
    ['an approval of another hash', { records: { said: records.said.map((said) => ({ ...said, input: { ...said.input, contentHash: otherHash } })) } }, 'unapproved: other_hash_accepted'],
    ['work that nobody approved', { tables: { approvals: [{ ...tables.approvals[0]!, decision: 'REJECTED' }] } }, 'unapproved: sent_without_approval'],
    ['work that differs from what was approved', { tables: { tasks: [{ ...one, parameters: { token: 'changed' } }, two] } }, 'unapproved: sent_differs'],
    ['a stored plan whose hash is not that of its tasks', { tables: { plans: [{ ...plan, content_hash: otherHash }] } }, 'unapproved: hash_differs'],
    ['work on the wire that no attempt records', { tables: { attempts: without(tables.attempts, 0) } }, 'unapproved: sent_without_record'],
    ['an attempt that was sent as two messages', { records: { wire: [...records.wire, { ...records.wire[0]!, messageId: 'other' }] } }, 'unapproved: sent_off_record'],
    ['an execution that was never sent', { records: { wire: without(records.wire, 0) } }, 'unapproved: ran_unsent'],
    ['irreversible work without its grant', { records: { wire: without(records.wire, 2) } }, 'unapproved: ran_ungranted'],
    ['a task that ran before its dependency was done', { records: { executions: [{ ...first, endedAt: 25 }, second] } }, 'out of order: ran_too_early'],
    ['a dispatch that is logged before its dependency', { tables: { log: without(tables.log, 3) } }, 'out of order: dispatched_too_early'],
    ['a plan that is not over', { tables: { plans: [{ ...plan, status: 'EXECUTING' }] } }, 'stuck: plan_open'],
    ['an attempt that is still open', { tables: { attempts: [{ ...tables.attempts[0]!, status: 'ACCEPTED' }, tables.attempts[1]!] } }, 'stuck: attempt_open'],
    ['slots that are never given back', { tables: { agents: [{ name: 'agent-1', open_attempts: 1 }] } }, 'stuck: slots_taken'],
    ['messages that were never sent', { tables: { unsent: 1 } }, 'stuck: outbox_not_empty'],
    ['messages among the dead letters', { records: { over: { ...records.over!, deadLetters: 1 } } }, 'stuck: dead_letters'],
    ['a run that did not end', { records: { over: null } }, 'stuck: load_failed'],
    ['a missing number in the log', { tables: { log: without(tables.log, 2) } }, 'log gap: number_missing'],
    ['an entry that was changed', { tables: { log: tables.log.map((entry, at) => (at === 1 ? { ...entry, message: 'changed' } : entry)) } }, 'log gap: chain_broken'],
    ['a last entry that is missing', { tables: { log: tables.log.slice(0, -1) } }, 'log gap: head_differs'],
    ['a status that the log does not tell', { tables: { plans: [{ ...plan, status: 'FAILED' }] } }, 'log gap: status_differs'],
    ['a task that failed though it was drawn to succeed', { tables: { tasks: [one, { ...two, status: 'FAILED' }] } }, 'unbalanced: ended_otherwise'],
    ['a task that is gone', { tables: { tasks: [one] } }, 'unbalanced: tasks_missing'],
    ['a repetition without a fault', { records: { executions: [first, { ...first, execution: 'e3', instance: 'two' }, second] } }, 'unexplained: ran_again'],
    ['a repetition while a replica that holds nothing died', {
      records: {
        executions: [first, { ...first, execution: 'e3', instance: 'two' }, second],
        faults: [{ kind: 'kill-replica', trigger: 'nothing', targets: ['replica-1'], killed: 1, from: 0, until: 100 }],
      },
    }, 'unexplained: ran_again'],
  ])('%s', (_name, replaced, kind) => {
    expect(found(replaced)).toContain(kind)
  })

  test('no repetition that a fault of its agent explains', () => {
    const faults = [{ kind: 'kill-agent', trigger: 'started', targets: ['agent-1'], killed: 1, from: 12, until: 1_100 }]
    expect(found({ records: { executions: [first, { ...first, execution: 'e3', instance: 'two', startedAt: 1_200, endedAt: 1_205 }], faults } })).not.toContain('unexplained: ran_again')
  })

  test('no plan that a late call made once the one it asked for was over', () => {
    const late = { ...plan, id: 'late', revision: 2, status: 'PENDING_APPROVAL', approval_id: null }
    expect(found({ tables: { plans: [plan, late] } })).not.toContain('stuck: plan_open')
    expect(found({ tables: { plans: [{ ...plan, status: 'EXECUTING' }, late] } })).toContain('stuck: plan_open')
  })
})
