/**
 * Failures a caller can act on. Services throw them, the schema maps each to a GraphQL type of the same
 * name, REST maps each to a status. Anything else that is thrown is masked for the caller and logged for us.
 * This file imports nothing.
 */

/** Stable codes of all typed errors, the same over HTTP, WebSocket, SSE and REST. */
export const errorCodes = [
  'INVALID_INPUT',
  'NOT_FOUND',
  'INVALID_STATE',
  'PLAN_CHANGED',
  'INFEASIBLE_PLAN',
  'UNAVAILABLE',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** Base of all typed errors: the message says what to do next and names nothing internal. */
export abstract class PlanwrightError extends Error {
  abstract readonly code: ErrorCode
}

/** One broken rule. `path` is the dotted path into the input (`edits.0.parameters.minutes`), `rule` a stable word. */
export type InputIssue = { readonly path: string; readonly rule: string; readonly message: string }

/** The input breaks one or more rules; nothing was changed. */
export class InvalidInputError extends PlanwrightError {
  override readonly name = 'InvalidInputError'
  readonly code = 'INVALID_INPUT'
  readonly issues: readonly InputIssue[]
  constructor(issues: readonly InputIssue[]) {
    super(issues.map((issue) => (issue.path ? `${issue.path}: ${issue.message}` : issue.message)).join(' '))
    this.issues = issues
  }
}

/** The id is unknown, malformed, of another type, or hidden from the caller: deliberately one answer. */
export class NotFoundError extends PlanwrightError {
  override readonly name = 'NotFoundError'
  readonly code = 'NOT_FOUND'
  readonly id: string
  constructor(what: string, id: string) {
    super(`No ${what} with this id. Check the id, or list what you can see.`)
    this.id = id
  }
}

/** The object is in a state that does not allow this; `approvalId` is the decision that led there, if one did. */
export class InvalidStateError extends PlanwrightError {
  override readonly name = 'InvalidStateError'
  readonly code = 'INVALID_STATE'
  readonly status: string
  readonly approvalId: string | null
  constructor(message: string, status: string, approvalId: string | null = null) {
    super(message)
    this.status = status
    this.approvalId = approvalId
  }
}

/** The plan is not the one that was read: another hash or another revision. Read it again, then decide. */
export class PlanChangedError extends PlanwrightError {
  override readonly name = 'PlanChangedError'
  readonly code = 'PLAN_CHANGED'
  readonly planId: string
  readonly contentHash: string
  readonly revision: number
  constructor(plan: { id: string; contentHash: string; revision: number }) {
    super('The plan differs from the one you read. Read it again and decide on the present content hash.')
    this.planId = plan.id
    this.contentHash = plan.contentHash
    this.revision = plan.revision
  }
}

/** A task nobody can carry out now: `taskId` is null while the plan is not stored yet. */
export type InfeasibleTask = { readonly taskId: string | null; readonly order: number; readonly name: string; readonly reason: string }

/** Some tasks cannot be carried out by the agents that are alive; approve with `acceptInfeasible: true` to do it anyway. */
export class InfeasiblePlanError extends PlanwrightError {
  override readonly name = 'InfeasiblePlanError'
  readonly code = 'INFEASIBLE_PLAN'
  readonly tasks: readonly InfeasibleTask[]
  constructor(tasks: readonly InfeasibleTask[]) {
    super(
      `Nobody can carry out ${tasks.map((task) => `${task.order}. ${task.name} (${task.reason})`).join('; ')}. ` +
        'Start a fitting agent, revise the plan, or approve with acceptInfeasible: true.',
    )
    this.tasks = tasks
  }
}

/** A dependency is down or the service is full. Nothing was changed; try again after the given time. */
export class UnavailableError extends PlanwrightError {
  override readonly name = 'UnavailableError'
  readonly code = 'UNAVAILABLE'
  readonly retryAfterSeconds: number
  constructor(message = 'The service cannot do this right now. Try again shortly.', retryAfterSeconds = 2) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** No valid credentials were sent where they are needed. */
export class UnauthenticatedError extends PlanwrightError {
  override readonly name = 'UnauthenticatedError'
  readonly code = 'UNAUTHENTICATED'
  constructor(message = 'Send a valid token: Authorization: Bearer <token>.') {
    super(message)
  }
}

/** The caller is known but may not do this. */
export class ForbiddenError extends PlanwrightError {
  override readonly name = 'ForbiddenError'
  readonly code = 'FORBIDDEN'
}

/** The caller sends more than is allowed in a while. Nothing was changed; try again after the given time. */
export class RateLimitedError extends PlanwrightError {
  override readonly name = 'RateLimitedError'
  readonly code = 'RATE_LIMITED'
  readonly retryAfterSeconds: number
  constructor(retryAfterSeconds: number, message = `Too many operations. Try again in ${retryAfterSeconds} s.`) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}
