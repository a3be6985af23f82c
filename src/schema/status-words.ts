/** What each state means, for the people who read the schema. */
import type { AttemptStatus, PlanStatus, RequestStatus, TaskStatus } from '../lifecycle/states.ts'

export const requestWords: Record<RequestStatus, string> = {
  PARSING: 'It is being understood; `requestChanged` tells when it is done.',
  PARSING_COMPLETE: 'Understood: a plan can be generated.',
  REQUIRES_CLARIFICATION: 'Questions are open in `ambiguities`; answer them with `clarifyRequest`.',
  PARSING_FAILED: 'It could not be understood; `failureReason` says why.',
}

export const planWords: Record<PlanStatus, string> = {
  PLANNING_FAILED: 'No plan could be made; `failureReason` says why. Final.',
  PENDING_APPROVAL: 'Waits for a decision about its content hash.',
  CHANGES_REQUESTED: 'Went back with feedback; a new revision takes its place.',
  SUPERSEDED: 'A newer revision took its place. Final.',
  REJECTED: 'Somebody decided that it must not run. Final.',
  EXPIRED: 'Nobody decided in time. Final.',
  APPROVED: 'May run; nothing has been dispatched yet.',
  EXECUTING: 'At least one task has been dispatched.',
  CANCELLING: 'Being stopped: waits for running tasks to end.',
  COMPLETED: 'Every task that was not skipped succeeded. Final.',
  FAILED: 'At least one task failed; the others ended. Final.',
  CANCELLED: 'Stopped by a person. Final.',
}

export const taskWords: Record<TaskStatus, string> = {
  PENDING: 'Waits for approval, for tasks it depends on, or for its next try.',
  WAITING_FOR_AGENT: 'Ready, but no agent can take it now.',
  DISPATCHED: 'Sent to an agent that has not accepted it yet.',
  RUNNING: 'An agent carries it out.',
  SUCCEEDED: 'Done. Final.',
  FAILED: 'Failed for good, unless somebody retries it while the plan is executing.',
  OUTCOME_UNKNOWN: 'An irreversible task was lost after it was granted: nobody knows, a person must settle it.',
  CANCELLED: 'Stopped, or never begun, because the plan was cancelled. Final.',
  SKIPPED: 'Left out by the approval, or because a task it depends on failed. Final.',
}

export const attemptWords: Record<AttemptStatus, string> = {
  DISPATCHED: 'Sent, or about to be.',
  ACCEPTED: 'An agent holds it and renews its lease.',
  GRANTED: 'Irreversible work may start.',
  SUCCEEDED: 'The agent reported success.',
  FAILED: 'The agent reported failure, or the attempt timed out.',
  LOST: 'The lease ran out: nobody knows what became of it.',
  STOPPED: 'Ended by a cancel.',
}
