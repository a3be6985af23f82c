/** Recomputes what was approved in one plan, and compares it with what the log says about the decisions. */
import { canonicalJson, sha256, type ApprovalRecord, type EntryRecord, type PlanRecord, type ReportFault } from './records.ts'

export type PlanVerifier = {
  approval(record: ApprovalRecord): void
  entry(record: EntryRecord): void
  end(): void
}

const decisions: Readonly<Record<string, string>> = {
  PLAN_APPROVED: 'APPROVED', APPROVAL_RECORDED: 'APPROVED', PLAN_REJECTED: 'REJECTED', CHANGES_REQUESTED: 'CHANGES_REQUESTED',
}

/** The plan and its approvals come before the entries. */
export function createPlanVerifier(plan: PlanRecord, report: ReportFault): PlanVerifier {
  const computed = sha256(canonicalJson(plan.content))
  const approvals = new Map<string, ApprovalRecord>()
  let approved = false
  let status: string | null = null
  if (computed !== plan.contentHash) report(plan.id, `was altered: its tasks have the content hash ${computed}, the plan says ${plan.contentHash}`)

  function checkDecision({ id, row: { kind, actor, at, detail } }: EntryRecord, approvalId: string): void {
    const approval = approvals.get(approvalId)
    if (!approval) return report(approvalId, `was removed: ${id} names it`)
    approvals.delete(approvalId)
    if (detail?.['contentHash'] !== computed) report(plan.id, `was altered after ${id}: the decision was about ${String(detail?.['contentHash'])}, the tasks have ${computed}`)
    else if (approval.contentHash !== computed) report(approvalId, `was altered: it names another content hash than ${id}`)
    else if (approval.decision !== decisions[kind]) report(approvalId, `was altered: it says ${approval.decision}, ${id} says ${kind}`)
    else if (actor !== (approval.byRule ? `rule:${approval.decidedBy}` : `user:${approval.decidedBy}`)) report(approvalId, `was altered: it names ${approval.decidedBy}, ${id} names ${actor}`)
    else if (approval.planId !== plan.id) report(approvalId, `was altered: it names ${approval.planId}, ${id} is about ${plan.id}`)
    else if (approval.notes !== (detail['notes'] ?? detail['feedback'] ?? null)) report(approvalId, `was altered: it has other notes than ${id}`)
    else if (approval.at !== at) report(approvalId, `was altered: it says ${approval.at}, ${id} says ${at}`)
  }

  function checkProposal({ id, row: { detail } }: EntryRecord): void {
    const { contentHash, revision, requestId } = detail ?? {}
    if (contentHash !== computed) report(plan.id, `was altered: ${id} says that it was proposed with the content hash ${String(contentHash)}`)
    else if (revision !== plan.revision) report(plan.id, `was altered: it says revision ${plan.revision}, ${id} says ${String(revision)}`)
    else if (requestId !== plan.requestId) report(plan.id, `was altered: it belongs to ${plan.requestId}, ${id} says ${String(requestId)}`)
  }

  return {
    approval: (record) => void approvals.set(record.id, record),
    entry(record) {
      const { kind, approval_id: approvalId, plan_status: planStatus } = record.row
      status = planStatus ?? status
      if (kind === 'PLAN_PROPOSED') checkProposal(record)
      if (approvalId !== null) checkDecision(record, `Approval_${approvalId}`)
      if (kind === 'PLAN_APPROVED') approved = true
      if (kind === 'TASK_DISPATCHED' && !approved) report(record.id, 'dispatched a task of a plan that nobody had approved')
    },
    end() {
      if (status !== plan.status) report(plan.id, `was altered: it is ${plan.status}, its log says ${String(status)}`)
      for (const id of approvals.keys()) report(id, `is in no entry of the log of ${plan.id}: it was added or the entry was removed`)
    },
  }
}
