import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalEntry, type LogRow } from '../../../src/services/recording/execution-log.ts'

const text = fc.string({ unit: 'grapheme' })
const optional = fc.option(text)
const rows = fc.record({
  stream: text, sequence: fc.nat(), stream_kind: text, at: text, kind: text, actor: text, message: text,
  detail: fc.option(fc.dictionary(text, fc.jsonValue())),
  task_id: optional, attempt: fc.option(fc.nat()), plan_status: optional, task_status: optional,
  approval_id: optional, routing_decision_id: optional, fallback_decision_id: optional,
})

test('an entry is hashed in its canonical form, whatever its texts and its detail hold', () => {
  fc.assert(fc.property(rows, (row) => {
    expect(canonicalEntry(row as Omit<LogRow, 'hash'>)).toBe(canonicalize(row))
  }), { numRuns: 500 })
})
