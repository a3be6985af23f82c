import { expect, test } from 'vitest'
import { buildApprovalRule } from '../../../src/catalog/build-capability.ts'
import type { ApprovalRule } from '../../../src/catalog/capability.ts'
import { approvalsMissing, checkMayApprove, missingReason } from '../../../src/services/planning/approval-policy.ts'
import { person } from '../../harness/plan-builder.ts'

const ruleOf = (rule: Partial<ApprovalRule>): ApprovalRule => ({ ...buildApprovalRule(undefined), ...rule })
const check = (rule: Partial<ApprovalRule>, who = 'ann') => checkMayApprove(ruleOf(rule), person(who), 'ann')

test('one approval by anybody, the requester too, is enough unless a rule says otherwise', () => {
  expect(() => check({})).not.toThrow()
  expect(approvalsMissing(ruleOf({}), ['ann'])).toBe(0)
})

test('with several approvers, distinct people count', () => {
  expect([['bob'], ['bob', 'bob'], ['bob', 'carl'], ['bob', 'carl', 'dora']].map((people) => approvalsMissing(ruleOf({ approvers: 2 }), people))).toEqual([1, 1, 0, 0])
})

test('the requester may be kept from approving, and only named people may be let', () => {
  expect(() => check({ requesterMayApprove: false })).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  expect(() => check({ requesterMayApprove: false }, 'bob')).not.toThrow()
  expect(() => check({ allowedApprovers: ['bob'] }, 'carl')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  expect(() => check({ allowedApprovers: ['bob'] }, 'bob')).not.toThrow()
})

test('a required reason is more than blanks', () => {
  expect(missingReason(ruleOf({ reasonRequired: true }), '  ')).toMatchObject([{ path: 'notes', rule: 'required' }])
  expect(missingReason(ruleOf({ reasonRequired: true }), 'tested')).toEqual([])
  expect(missingReason(ruleOf({}), null)).toEqual([])
})
