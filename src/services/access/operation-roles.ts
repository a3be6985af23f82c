import type { Role } from '../../principal.ts'

/** The role that each change needs; administrators have all but `agent`. */
export const operationRoles = {
  submitRequest: 'requester',
  clarifyRequest: 'requester',
  setVisibility: 'requester',
  generatePlan: 'requester',
  revisePlan: 'requester',
  requestChanges: 'approver',
  approvePlan: 'approver',
  cancelPlan: 'operator',
  retryTask: 'operator',
  resolveTask: 'operator',
} as const satisfies Readonly<Record<string, Role>>
