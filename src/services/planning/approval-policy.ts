/** Who may decide about a plan, by its risk. Pure; the rule comes from the catalog, the names from the principals. */
import type { ApprovalRule } from '../../catalog/capability.ts'
import { ForbiddenError, InvalidInputError } from '../../errors.ts'
import type { Principal } from '../../principal.ts'

export type ApprovalCase = {
  readonly principal: Principal
  /** Who asked for the plan. */
  readonly submittedBy: string
  readonly notes: string | null
  /** Who approved this plan before; a repeat does not count twice. */
  readonly earlierApprovers: readonly string[]
}

/**
 * Checks one approval: `complete` where it is the last one needed, else `more-needed`. Throws ForbiddenError where the
 * rule does not let this person approve, InvalidInputError where it asks for a reason.
 */
export function checkApprovalPolicy(rule: ApprovalRule, { principal, submittedBy, notes, earlierApprovers }: ApprovalCase): 'complete' | 'more-needed' {
  checkMayDecide(rule, principal)
  if (!rule.requesterMayApprove && principal.userId === submittedBy) {
    throw new ForbiddenError('Who asked for this plan may not approve it. Ask somebody else to.')
  }
  if (rule.reasonRequired && !notes?.trim()) {
    throw new InvalidInputError([{ path: 'notes', rule: 'required', message: 'Plans of this risk are approved with a reason. Give it in notes.' }])
  }
  return new Set([...earlierApprovers, principal.userId]).size >= rule.approvers ? 'complete' : 'more-needed'
}

/** Approvals still missing after those of `approvers`. */
export const approvalsMissing = (rule: ApprovalRule, approvers: readonly string[]): number => Math.max(0, rule.approvers - new Set(approvers).size)

/** Throws ForbiddenError where the rule names the people who decide and this is none of them. */
export function checkMayDecide({ allowedApprovers }: ApprovalRule, { userId }: Principal): void {
  if (allowedApprovers && !allowedApprovers.includes(userId)) {
    throw new ForbiddenError('You are not among the people who decide about plans of this risk.')
  }
}
