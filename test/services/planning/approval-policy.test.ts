import { expect, test } from 'vitest'
import { buildApprovalRule } from '../../../src/catalog/build-capability.ts'
import type { ApprovalRule } from '../../../src/catalog/capability.ts'
import { approvalsMissing, checkApprovalPolicy } from '../../../src/services/planning/approval-policy.ts'
import { person } from '../../harness/plan-builder.ts'

const check = (rule: Partial<ApprovalRule>, who = 'ann', notes: string | null = null, earlierApprovers: string[] = []) =>
  checkApprovalPolicy({ ...buildApprovalRule(undefined), ...rule }, { principal: person(who), submittedBy: 'ann', notes, earlierApprovers })

test('one approval by anybody, the requester too, is enough unless a rule says otherwise', () => {
  expect(check({})).toBe('complete')
})

test('with several approvers, distinct people count', () => {
  const rule = { approvers: 2 }
  expect(check(rule, 'bob')).toBe('more-needed')
  expect(check(rule, 'bob', null, ['bob'])).toBe('more-needed')
  expect(check(rule, 'carl', null, ['bob'])).toBe('complete')
  expect(approvalsMissing({ ...buildApprovalRule(undefined), approvers: 3 }, ['bob', 'bob'])).toBe(2)
})

test('the requester may be kept from approving, and only named people may be let', () => {
  expect(() => check({ requesterMayApprove: false })).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  expect(check({ requesterMayApprove: false }, 'bob')).toBe('complete')
  expect(() => check({ allowedApprovers: ['bob'] }, 'carl')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  expect(check({ allowedApprovers: ['bob'] }, 'bob')).toBe('complete')
})

test('a required reason is more than blanks', () => {
  expect(() => check({ reasonRequired: true }, 'bob', '  ')).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ path: 'notes' })] }))
  expect(check({ reasonRequired: true }, 'bob', 'tested')).toBe('complete')
})
