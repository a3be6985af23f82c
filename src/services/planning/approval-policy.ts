/** Who may decide about a plan, by its risk. Pure; the rule comes from the catalog, the names from the principals. */
import type { ApprovalRule } from '../../catalog/capability.ts'
import { ForbiddenError, type InputIssue } from '../../errors.ts'
import type { Principal } from '../../principal.ts'

/** Throws ForbiddenError where the rule does not let this person approve the plan that `submittedBy` asked for. */
export function checkMayApprove(rule: ApprovalRule, principal: Principal, submittedBy: string): void {
  checkMayDecide(rule, principal)
  if (!rule.requesterMayApprove && principal.userId === submittedBy) {
    throw new ForbiddenError('Who asked for this plan may not approve it. Ask somebody else to.')
  }
}

/** What is wrong with the notes of an approval, where the rule asks for a reason. */
export const missingReason = ({ reasonRequired }: ApprovalRule, notes: string | null): InputIssue[] =>
  reasonRequired && !notes?.trim()
    ? [{ path: 'notes', rule: 'required', message: 'Plans of this risk are approved with a reason. Give it in notes.' }]
    : []

/** Approvals still missing after those of `approvers`; a repeat by one of them does not count twice. */
export const approvalsMissing = (rule: ApprovalRule, approvers: readonly string[]): number => Math.max(0, rule.approvers - new Set(approvers).size)

/** Throws ForbiddenError where the rule names the people who decide and this is none of them. */
export function checkMayDecide({ allowedApprovers }: ApprovalRule, { userId }: Principal): void {
  if (allowedApprovers && !allowedApprovers.includes(userId)) {
    throw new ForbiddenError('You are not among the people who decide about plans of this risk.')
  }
}
