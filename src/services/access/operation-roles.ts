import { ForbiddenError } from '../../errors.ts'
import { roles, type Role } from '../../principal.ts'

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

const readers = roles.filter((role) => role !== 'agent')

/** The refusal of a caller without the role that is needed; null: any role of a person will do. */
export const roleIsMissing = (role: Role | null): ForbiddenError =>
  new ForbiddenError(`This needs ${role === null ? `one of the roles ${readers.join(', ')}` : `the role ${role}`}. Ask an administrator for it.`)
