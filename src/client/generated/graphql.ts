/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A decision about a plan. */
export type ApprovePlanInput = {
  /** True: approve although some tasks can be carried out by nobody now. */
  acceptInfeasible?: boolean;
  /** False rejects it. */
  approved?: boolean;
  /** The hash that was read; where it differs from the present one, the answer is PlanChangedError. */
  contentHash?: string | null | undefined;
  /** Kept with the decision; at most 10,000 characters. */
  notes?: string | null | undefined;
  /** Id of a plan pending approval. */
  planId: string;
  /** Ids of tasks to leave out; what depends on them must be named too. */
  skip?: Array<string> | null | undefined;
  /** Who acts, where authentication is off; left out: anonymous. With authentication it may be left out and must not differ. */
  userId?: string | null | undefined;
};

/** Which plan to stop. */
export type CancelPlanInput = {
  /** Id of the plan. */
  planId: string;
  /** Kept in the log; at most 2,000 characters. */
  reason?: string | null | undefined;
  /** Who acts, where authentication is off; left out: anonymous. With authentication it may be left out and must not differ. */
  userId?: string | null | undefined;
};

/** The answer to one question. */
export type ClarificationAnswerInput = {
  /** Id of an open ambiguity. */
  ambiguityId: string;
  /** One of the choices, or a text of at most 1,000 characters. */
  answer: string;
};

/** Answers to open questions of a request. */
export type ClarifyRequestInput = {
  /** 1 to 100 answers. */
  answers: Array<ClarificationAnswerInput>;
  /** Id of the request. */
  requestId: string;
  /** Who acts, where authentication is off; left out: anonymous. With authentication it may be left out and must not differ. */
  userId?: string | null | undefined;
};

/** How demanding a plan is; decides whether external AI is worth its price. */
export type Complexity =
  /** Many tasks, long chains or uncertain understanding. */
  | 'COMPLEX'
  /** Several tasks, or dependencies that matter. */
  | 'MEDIUM'
  /** Few tasks with few dependencies. */
  | 'SIMPLE';

/** What was decided about a plan. */
export type Decision =
  /** It may run, as it was read. */
  | 'APPROVED'
  /** It went back with feedback. */
  | 'CHANGES_REQUESTED'
  /** It must not run. */
  | 'REJECTED';

/** Stable codes of all typed errors, the same on every transport. */
export type ErrorCode =
  /** Your roles do not allow this. */
  | 'FORBIDDEN'
  /** Some tasks cannot be carried out now; `acceptInfeasible: true` goes on anyway. */
  | 'INFEASIBLE_PLAN'
  /** The input breaks rules; `issues` says which. */
  | 'INVALID_INPUT'
  /** The object is in a state that does not allow this. */
  | 'INVALID_STATE'
  /** The id is unknown, malformed, of another type, or hidden from you. */
  | 'NOT_FOUND'
  /** The plan is not the one you read. Read it again, then decide. */
  | 'PLAN_CHANGED'
  /** Too many operations. Try again after `retryAfterSeconds`. */
  | 'RATE_LIMITED'
  /** Send valid credentials. */
  | 'UNAUTHENTICATED'
  /** Something needed is down or full. Try again after `retryAfterSeconds`. */
  | 'UNAVAILABLE';

/** What a log entry records. */
export type ExecutionLogKind =
  /** The heartbeats of an agent stopped. */
  | 'AGENT_LOST'
  /** An agent was heard for the first time. */
  | 'AGENT_REGISTERED'
  /** A new run of the agent took the place of the old one. */
  | 'AGENT_RESTARTED'
  /** An agent is back. */
  | 'AGENT_RETURNED'
  /** An agent does not take the work it is sent. */
  | 'AGENT_UNRESPONSIVE'
  /** One of several approvers approved. */
  | 'APPROVAL_RECORDED'
  /** One attempt failed; another may follow. */
  | 'ATTEMPT_FAILED'
  /** The lease of an attempt ran out. */
  | 'ATTEMPT_LOST'
  /** The agent went on although the task was cancelled. */
  | 'CANCEL_IGNORED'
  /** Somebody asked for the plan to be stopped. */
  | 'CANCEL_REQUESTED'
  /** The plan went back with feedback. */
  | 'CHANGES_REQUESTED'
  /** Questions were asked back. */
  | 'CLARIFICATION_ASKED'
  /** That decision could not be made; planning went on without external AI. */
  | 'FALLBACK_CHECK_FAILED'
  /** It was decided whether external AI is used. */
  | 'FALLBACK_DECIDED'
  /** A decision came after the plan was decided and changed nothing. */
  | 'LATE_DECISION_REFUSED'
  /** A person settled an unknown outcome. */
  | 'OUTCOME_RESOLVED'
  /** Nobody knows whether an irreversible task took effect. */
  | 'OUTCOME_UNKNOWN'
  /** The request could not be understood. */
  | 'PARSING_FAILED'
  /** Understanding was tried again. */
  | 'PARSING_RETRIED'
  /** No plan could be made. */
  | 'PLANNING_FAILED'
  /** The plan may run. */
  | 'PLAN_APPROVED'
  /** The plan was stopped. */
  | 'PLAN_CANCELLED'
  /** Every task that was not skipped succeeded. */
  | 'PLAN_COMPLETED'
  /** Nobody decided in time. */
  | 'PLAN_EXPIRED'
  /** The plan ended with a failed task. */
  | 'PLAN_FAILED'
  /** A plan was made and waits for a decision. */
  | 'PLAN_PROPOSED'
  /** The plan must not run. */
  | 'PLAN_REJECTED'
  /** The first task was dispatched. */
  | 'PLAN_STARTED'
  /** A newer revision took the place of the plan. */
  | 'PLAN_SUPERSEDED'
  /** A quota was changed. */
  | 'QUOTA_CHANGED'
  /** Somebody answered questions. */
  | 'REQUEST_CLARIFIED'
  /** The request was understood. */
  | 'REQUEST_PARSED'
  /** Somebody submitted a request. */
  | 'REQUEST_SUBMITTED'
  /** The task was stopped or never begun. */
  | 'TASK_CANCELLED'
  /** The task was sent to an agent. */
  | 'TASK_DISPATCHED'
  /** The task failed for good. */
  | 'TASK_FAILED'
  /** An irreversible task was allowed to start. */
  | 'TASK_GRANTED'
  /** An agent reported progress. */
  | 'TASK_PROGRESSED'
  /** A person asked for another attempt. */
  | 'TASK_RETRIED'
  /** The task is left out. */
  | 'TASK_SKIPPED'
  /** An agent began the task. */
  | 'TASK_STARTED'
  /** The task is done. */
  | 'TASK_SUCCEEDED'
  /** No agent can take the task now. */
  | 'TASK_WAITING'
  /** An API token was created. */
  | 'TOKEN_CREATED'
  /** An API token was revoked. */
  | 'TOKEN_REVOKED'
  /** Somebody said who may see the request and its plans. */
  | 'VISIBILITY_CHANGED';

/** Whether somebody can carry a task out. */
export type FeasibilityStatus =
  /** Fitting agents are at work; `minutes` is the expected wait. */
  | 'BUSY'
  /** No known agent can do this. */
  | 'NO_AGENT'
  /** Fitting agents are known, but none is there. */
  | 'OFFLINE'
  /** An agent could take it now. */
  | 'READY'
  /** The catalog does not allow it any more: a parameter, or the capability itself. */
  | 'REFUSED';

/** Which request to plan. */
export type GeneratePlanInput = {
  /** True: a new revision even where an open plan exists; that one is superseded. */
  regenerate?: boolean;
  /** Id of a request that is understood. */
  requestId: string;
  /** Who acts, where authentication is off; left out: anonymous. With authentication it may be left out and must not differ. */
  userId?: string | null | undefined;
};

/** Where a plan stands. */
export type PlanStatus =
  /** May run; nothing has been dispatched yet. */
  | 'APPROVED'
  /** Stopped by a person. Final. */
  | 'CANCELLED'
  /** Being stopped: waits for running tasks to end. */
  | 'CANCELLING'
  /** Went back with feedback; a new revision takes its place. */
  | 'CHANGES_REQUESTED'
  /** Every task that was not skipped succeeded. Final. */
  | 'COMPLETED'
  /** At least one task has been dispatched. */
  | 'EXECUTING'
  /** Nobody decided in time. Final. */
  | 'EXPIRED'
  /** At least one task failed; the others ended. Final. */
  | 'FAILED'
  /** Waits for a decision about its content hash. */
  | 'PENDING_APPROVAL'
  /** No plan could be made; `failureReason` says why. Final. */
  | 'PLANNING_FAILED'
  /** Somebody decided that it must not run. Final. */
  | 'REJECTED'
  /** A newer revision took its place. Final. */
  | 'SUPERSEDED';

/** How far a request is understood. */
export type RequestStatus =
  /** It is being understood; `requestChanged` tells when it is done. */
  | 'PARSING'
  /** Understood: a plan can be generated. */
  | 'PARSING_COMPLETE'
  /** It could not be understood; `failureReason` says why. */
  | 'PARSING_FAILED'
  /** Questions are open in `ambiguities`; answer them with `clarifyRequest`. */
  | 'REQUIRES_CLARIFICATION';

/** How much harm a wrong run can do, as the catalog says; decides who must approve. */
export type Risk =
  /** Needs the strictest approval rule. */
  | 'HIGH'
  /** Harmless, or easily undone. */
  | 'LOW'
  /** The usual care is enough. */
  | 'MEDIUM';

/** A request: exactly one of `text` and `subtasks`. */
export type SubmitRequestInput = {
  /** At most 200 characters, by user: the same key with the same content answers the first request; with other content it is InvalidInputError. */
  idempotencyKey?: string | null | undefined;
  /** For programs, in place of text: 1 to 1,000 subtasks. */
  subtasks?: Array<SubtaskInput> | null | undefined;
  /** What is wanted, in plain language: 1 to 10,000 characters. */
  text?: string | null | undefined;
  /** Who acts, where authentication is off; left out: anonymous. With authentication it may be left out and must not differ. */
  userId?: string | null | undefined;
  /** At most 100 people who may see it and its plans, beside you and administrators; left out: as the installation usually does. */
  visibleTo?: Array<string> | null | undefined;
};

/** A subtask as programs submit it; checked like an understood one. */
export type SubtaskInput = {
  /** Numbers of the subtasks it must wait for. */
  dependsOn?: Array<number> | null | undefined;
  /** Id of a capability. */
  intent: string;
  /** Its number, from 1; left out: its place in the list. */
  order?: number | null | undefined;
  /** Values by parameter name, a JSON object. */
  parameters?: unknown;
};

/** Where a task stands. */
export type TaskStatus =
  /** Stopped, or never begun, because the plan was cancelled. Final. */
  | 'CANCELLED'
  /** Sent to an agent that has not accepted it yet. */
  | 'DISPATCHED'
  /** Failed for good, unless somebody retries it while the plan is executing. */
  | 'FAILED'
  /** An irreversible task was lost after it was granted: nobody knows, a person must settle it. */
  | 'OUTCOME_UNKNOWN'
  /** Waits for approval, for tasks it depends on, or for its next try. */
  | 'PENDING'
  /** An agent carries it out. */
  | 'RUNNING'
  /** Left out by the approval, or because a task it depends on failed. Final. */
  | 'SKIPPED'
  /** Done. Final. */
  | 'SUCCEEDED'
  /** Ready, but no agent can take it now. */
  | 'WAITING_FOR_AGENT';

export type RequestPartsFragment = { id: string, text: string, submittedBy: string, status: RequestStatus, failureReason: string | null, notice: string | null, createdAt: string, subtasks: Array<{ order: number, name: string, intent: string, confidence: number, parameters: unknown, dependsOn: Array<number> }>, ambiguities: Array<{ id: string, question: string, choices: Array<string>, subtaskOrder: number | null, parameter: string | null }>, outOfScope: Array<{ text: string, reason: string }> };

export type PlanPartsFragment = { id: string, revision: number, contentHash: string, status: PlanStatus, complexity: Complexity, risk: Risk, willUseExternalAi: boolean, summary: string, estimatedMinutes: number, changes: Array<string>, failureReason: string | null, sequence: number, createdAt: string, approvedAt: string | null, startedAt: string | null, finishedAt: string | null, request: { id: string }, tasks: Array<{ id: string, order: number, name: string, intent: string, workType: string, agentType: string, parameters: unknown, status: TaskStatus, attempt: number, progress: number | null, output: unknown, failureReason: string | null, estimatedMinutes: number, dependsOn: Array<{ order: number }>, feasibility: { status: FeasibilityStatus, reason: string, minutes: number | null } }> };

type ErrorParts_ForbiddenError_Fragment = { code: ErrorCode, message: string };

type ErrorParts_InfeasiblePlanError_Fragment = { code: ErrorCode, message: string, infeasible: Array<{ order: number, name: string, reason: string }> };

type ErrorParts_InvalidInputError_Fragment = { code: ErrorCode, message: string, issues: Array<{ path: string, rule: string, message: string }> };

type ErrorParts_InvalidStateError_Fragment = { code: ErrorCode, message: string, state: string, approval: { decision: Decision, decidedBy: string, decidedAt: string, notes: string | null } | null };

type ErrorParts_NotFoundError_Fragment = { code: ErrorCode, message: string };

type ErrorParts_PlanChangedError_Fragment = { contentHash: string, revision: number, code: ErrorCode, message: string };

type ErrorParts_RateLimitedError_Fragment = { retryAfterSeconds: number, code: ErrorCode, message: string };

type ErrorParts_UnauthenticatedError_Fragment = { code: ErrorCode, message: string };

type ErrorParts_UnavailableError_Fragment = { retryAfterSeconds: number, code: ErrorCode, message: string };

export type ErrorPartsFragment =
  | ErrorParts_ForbiddenError_Fragment
  | ErrorParts_InfeasiblePlanError_Fragment
  | ErrorParts_InvalidInputError_Fragment
  | ErrorParts_InvalidStateError_Fragment
  | ErrorParts_NotFoundError_Fragment
  | ErrorParts_PlanChangedError_Fragment
  | ErrorParts_RateLimitedError_Fragment
  | ErrorParts_UnauthenticatedError_Fragment
  | ErrorParts_UnavailableError_Fragment
;

export type SubmitRequestMutationVariables = Exact<{
  input: SubmitRequestInput;
}>;


export type SubmitRequestMutation = { result:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: string, rule: string, message: string }> }
    | { __typename: 'RateLimitedError', retryAfterSeconds: number, code: ErrorCode, message: string }
    | { __typename: 'Request', id: string, text: string, submittedBy: string, status: RequestStatus, failureReason: string | null, notice: string | null, createdAt: string, subtasks: Array<{ order: number, name: string, intent: string, confidence: number, parameters: unknown, dependsOn: Array<number> }>, ambiguities: Array<{ id: string, question: string, choices: Array<string>, subtaskOrder: number | null, parameter: string | null }>, outOfScope: Array<{ text: string, reason: string }> }
    | { __typename: 'UnauthenticatedError', code: ErrorCode, message: string }
    | { __typename: 'UnavailableError', retryAfterSeconds: number, code: ErrorCode, message: string }
   };

export type ClarifyRequestMutationVariables = Exact<{
  input: ClarifyRequestInput;
}>;


export type ClarifyRequestMutation = { result:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: string, rule: string, message: string }> }
    | { __typename: 'InvalidStateError', code: ErrorCode, message: string, state: string, approval: { decision: Decision, decidedBy: string, decidedAt: string, notes: string | null } | null }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RateLimitedError', retryAfterSeconds: number, code: ErrorCode, message: string }
    | { __typename: 'Request', id: string, text: string, submittedBy: string, status: RequestStatus, failureReason: string | null, notice: string | null, createdAt: string, subtasks: Array<{ order: number, name: string, intent: string, confidence: number, parameters: unknown, dependsOn: Array<number> }>, ambiguities: Array<{ id: string, question: string, choices: Array<string>, subtaskOrder: number | null, parameter: string | null }>, outOfScope: Array<{ text: string, reason: string }> }
    | { __typename: 'UnauthenticatedError', code: ErrorCode, message: string }
    | { __typename: 'UnavailableError', retryAfterSeconds: number, code: ErrorCode, message: string }
   };

export type RequestChangedSubscriptionVariables = Exact<{
  requestId: string;
}>;


export type RequestChangedSubscription = { requestChanged: { id: string, text: string, submittedBy: string, status: RequestStatus, failureReason: string | null, notice: string | null, createdAt: string, subtasks: Array<{ order: number, name: string, intent: string, confidence: number, parameters: unknown, dependsOn: Array<number> }>, ambiguities: Array<{ id: string, question: string, choices: Array<string>, subtaskOrder: number | null, parameter: string | null }>, outOfScope: Array<{ text: string, reason: string }> } };

export type GeneratePlanMutationVariables = Exact<{
  input: GeneratePlanInput;
}>;


export type GeneratePlanMutation = { result:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: string, rule: string, message: string }> }
    | { __typename: 'InvalidStateError', code: ErrorCode, message: string, state: string, approval: { decision: Decision, decidedBy: string, decidedAt: string, notes: string | null } | null }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'Plan', id: string, revision: number, contentHash: string, status: PlanStatus, complexity: Complexity, risk: Risk, willUseExternalAi: boolean, summary: string, estimatedMinutes: number, changes: Array<string>, failureReason: string | null, sequence: number, createdAt: string, approvedAt: string | null, startedAt: string | null, finishedAt: string | null, request: { id: string }, tasks: Array<{ id: string, order: number, name: string, intent: string, workType: string, agentType: string, parameters: unknown, status: TaskStatus, attempt: number, progress: number | null, output: unknown, failureReason: string | null, estimatedMinutes: number, dependsOn: Array<{ order: number }>, feasibility: { status: FeasibilityStatus, reason: string, minutes: number | null } }> }
    | { __typename: 'RateLimitedError', retryAfterSeconds: number, code: ErrorCode, message: string }
    | { __typename: 'UnauthenticatedError', code: ErrorCode, message: string }
    | { __typename: 'UnavailableError', retryAfterSeconds: number, code: ErrorCode, message: string }
   };

export type ApprovePlanMutationVariables = Exact<{
  input: ApprovePlanInput;
}>;


export type ApprovePlanMutation = { result:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InfeasiblePlanError', code: ErrorCode, message: string, infeasible: Array<{ order: number, name: string, reason: string }> }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: string, rule: string, message: string }> }
    | { __typename: 'InvalidStateError', code: ErrorCode, message: string, state: string, approval: { decision: Decision, decidedBy: string, decidedAt: string, notes: string | null } | null }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'Plan', id: string, revision: number, contentHash: string, status: PlanStatus, complexity: Complexity, risk: Risk, willUseExternalAi: boolean, summary: string, estimatedMinutes: number, changes: Array<string>, failureReason: string | null, sequence: number, createdAt: string, approvedAt: string | null, startedAt: string | null, finishedAt: string | null, request: { id: string }, tasks: Array<{ id: string, order: number, name: string, intent: string, workType: string, agentType: string, parameters: unknown, status: TaskStatus, attempt: number, progress: number | null, output: unknown, failureReason: string | null, estimatedMinutes: number, dependsOn: Array<{ order: number }>, feasibility: { status: FeasibilityStatus, reason: string, minutes: number | null } }> }
    | { __typename: 'PlanChangedError', contentHash: string, revision: number, code: ErrorCode, message: string }
    | { __typename: 'RateLimitedError', retryAfterSeconds: number, code: ErrorCode, message: string }
    | { __typename: 'UnauthenticatedError', code: ErrorCode, message: string }
    | { __typename: 'UnavailableError', retryAfterSeconds: number, code: ErrorCode, message: string }
   };

export type CancelPlanMutationVariables = Exact<{
  input: CancelPlanInput;
}>;


export type CancelPlanMutation = { result:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: string, rule: string, message: string }> }
    | { __typename: 'InvalidStateError', code: ErrorCode, message: string, state: string, approval: { decision: Decision, decidedBy: string, decidedAt: string, notes: string | null } | null }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'Plan', id: string, revision: number, contentHash: string, status: PlanStatus, complexity: Complexity, risk: Risk, willUseExternalAi: boolean, summary: string, estimatedMinutes: number, changes: Array<string>, failureReason: string | null, sequence: number, createdAt: string, approvedAt: string | null, startedAt: string | null, finishedAt: string | null, request: { id: string }, tasks: Array<{ id: string, order: number, name: string, intent: string, workType: string, agentType: string, parameters: unknown, status: TaskStatus, attempt: number, progress: number | null, output: unknown, failureReason: string | null, estimatedMinutes: number, dependsOn: Array<{ order: number }>, feasibility: { status: FeasibilityStatus, reason: string, minutes: number | null } }> }
    | { __typename: 'RateLimitedError', retryAfterSeconds: number, code: ErrorCode, message: string }
    | { __typename: 'UnauthenticatedError', code: ErrorCode, message: string }
    | { __typename: 'UnavailableError', retryAfterSeconds: number, code: ErrorCode, message: string }
   };

export type PlanQueryVariables = Exact<{
  id: string;
}>;


export type PlanQuery = { plan: { id: string, revision: number, contentHash: string, status: PlanStatus, complexity: Complexity, risk: Risk, willUseExternalAi: boolean, summary: string, estimatedMinutes: number, changes: Array<string>, failureReason: string | null, sequence: number, createdAt: string, approvedAt: string | null, startedAt: string | null, finishedAt: string | null, request: { id: string }, tasks: Array<{ id: string, order: number, name: string, intent: string, workType: string, agentType: string, parameters: unknown, status: TaskStatus, attempt: number, progress: number | null, output: unknown, failureReason: string | null, estimatedMinutes: number, dependsOn: Array<{ order: number }>, feasibility: { status: FeasibilityStatus, reason: string, minutes: number | null } }> } | null };

export type WatchPlanSubscriptionVariables = Exact<{
  planId: string;
  afterSequence?: number | null | undefined;
}>;


export type WatchPlanSubscription = { planStatus: { sequence: number, plan: { id: string, status: PlanStatus }, entry: { sequence: number, at: string, kind: ExecutionLogKind, actor: string, message: string, attempt: number | null, planStatus: PlanStatus | null, taskStatus: TaskStatus | null } | null, changedTasks: Array<{ id: string, order: number, name: string, status: TaskStatus, attempt: number, progress: number | null, failureReason: string | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const RequestPartsFragmentDoc = new TypedDocumentString(`
    fragment RequestParts on Request {
  id
  text
  submittedBy
  status
  failureReason
  notice
  createdAt
  subtasks {
    order
    name
    intent
    confidence
    parameters
    dependsOn
  }
  ambiguities {
    id
    question
    choices
    subtaskOrder
    parameter
  }
  outOfScope {
    text
    reason
  }
}
    `, {"fragmentName":"RequestParts"}) as unknown as TypedDocumentString<RequestPartsFragment, unknown>;
export const PlanPartsFragmentDoc = new TypedDocumentString(`
    fragment PlanParts on Plan {
  id
  revision
  contentHash
  status
  complexity
  risk
  willUseExternalAi
  summary
  estimatedMinutes
  changes
  failureReason
  sequence
  createdAt
  approvedAt
  startedAt
  finishedAt
  request {
    id
  }
  tasks {
    id
    order
    name
    intent
    workType
    agentType
    parameters
    status
    attempt
    progress
    output
    failureReason
    estimatedMinutes
    dependsOn {
      order
    }
    feasibility {
      status
      reason
      minutes
    }
  }
}
    `, {"fragmentName":"PlanParts"}) as unknown as TypedDocumentString<PlanPartsFragment, unknown>;
export const ErrorPartsFragmentDoc = new TypedDocumentString(`
    fragment ErrorParts on Error {
  code
  message
  ... on InvalidInputError {
    issues {
      path
      rule
      message
    }
  }
  ... on InvalidStateError {
    state: status
    approval {
      decision
      decidedBy
      decidedAt
      notes
    }
  }
  ... on PlanChangedError {
    contentHash
    revision
  }
  ... on InfeasiblePlanError {
    infeasible: tasks {
      order
      name
      reason
    }
  }
  ... on UnavailableError {
    retryAfterSeconds
  }
  ... on RateLimitedError {
    retryAfterSeconds
  }
}
    `, {"fragmentName":"ErrorParts"}) as unknown as TypedDocumentString<ErrorPartsFragment, unknown>;
export const SubmitRequestDocument = new TypedDocumentString(`
    mutation SubmitRequest($input: SubmitRequestInput!) {
  result: submitRequest(input: $input) {
    __typename
    ...RequestParts
    ...ErrorParts
  }
}
    fragment RequestParts on Request {
  id
  text
  submittedBy
  status
  failureReason
  notice
  createdAt
  subtasks {
    order
    name
    intent
    confidence
    parameters
    dependsOn
  }
  ambiguities {
    id
    question
    choices
    subtaskOrder
    parameter
  }
  outOfScope {
    text
    reason
  }
}
fragment ErrorParts on Error {
  code
  message
  ... on InvalidInputError {
    issues {
      path
      rule
      message
    }
  }
  ... on InvalidStateError {
    state: status
    approval {
      decision
      decidedBy
      decidedAt
      notes
    }
  }
  ... on PlanChangedError {
    contentHash
    revision
  }
  ... on InfeasiblePlanError {
    infeasible: tasks {
      order
      name
      reason
    }
  }
  ... on UnavailableError {
    retryAfterSeconds
  }
  ... on RateLimitedError {
    retryAfterSeconds
  }
}`) as unknown as TypedDocumentString<SubmitRequestMutation, SubmitRequestMutationVariables>;
export const ClarifyRequestDocument = new TypedDocumentString(`
    mutation ClarifyRequest($input: ClarifyRequestInput!) {
  result: clarifyRequest(input: $input) {
    __typename
    ...RequestParts
    ...ErrorParts
  }
}
    fragment RequestParts on Request {
  id
  text
  submittedBy
  status
  failureReason
  notice
  createdAt
  subtasks {
    order
    name
    intent
    confidence
    parameters
    dependsOn
  }
  ambiguities {
    id
    question
    choices
    subtaskOrder
    parameter
  }
  outOfScope {
    text
    reason
  }
}
fragment ErrorParts on Error {
  code
  message
  ... on InvalidInputError {
    issues {
      path
      rule
      message
    }
  }
  ... on InvalidStateError {
    state: status
    approval {
      decision
      decidedBy
      decidedAt
      notes
    }
  }
  ... on PlanChangedError {
    contentHash
    revision
  }
  ... on InfeasiblePlanError {
    infeasible: tasks {
      order
      name
      reason
    }
  }
  ... on UnavailableError {
    retryAfterSeconds
  }
  ... on RateLimitedError {
    retryAfterSeconds
  }
}`) as unknown as TypedDocumentString<ClarifyRequestMutation, ClarifyRequestMutationVariables>;
export const RequestChangedDocument = new TypedDocumentString(`
    subscription RequestChanged($requestId: ID!) {
  requestChanged(requestId: $requestId) {
    ...RequestParts
  }
}
    fragment RequestParts on Request {
  id
  text
  submittedBy
  status
  failureReason
  notice
  createdAt
  subtasks {
    order
    name
    intent
    confidence
    parameters
    dependsOn
  }
  ambiguities {
    id
    question
    choices
    subtaskOrder
    parameter
  }
  outOfScope {
    text
    reason
  }
}`) as unknown as TypedDocumentString<RequestChangedSubscription, RequestChangedSubscriptionVariables>;
export const GeneratePlanDocument = new TypedDocumentString(`
    mutation GeneratePlan($input: GeneratePlanInput!) {
  result: generatePlan(input: $input) {
    __typename
    ...PlanParts
    ...ErrorParts
  }
}
    fragment PlanParts on Plan {
  id
  revision
  contentHash
  status
  complexity
  risk
  willUseExternalAi
  summary
  estimatedMinutes
  changes
  failureReason
  sequence
  createdAt
  approvedAt
  startedAt
  finishedAt
  request {
    id
  }
  tasks {
    id
    order
    name
    intent
    workType
    agentType
    parameters
    status
    attempt
    progress
    output
    failureReason
    estimatedMinutes
    dependsOn {
      order
    }
    feasibility {
      status
      reason
      minutes
    }
  }
}
fragment ErrorParts on Error {
  code
  message
  ... on InvalidInputError {
    issues {
      path
      rule
      message
    }
  }
  ... on InvalidStateError {
    state: status
    approval {
      decision
      decidedBy
      decidedAt
      notes
    }
  }
  ... on PlanChangedError {
    contentHash
    revision
  }
  ... on InfeasiblePlanError {
    infeasible: tasks {
      order
      name
      reason
    }
  }
  ... on UnavailableError {
    retryAfterSeconds
  }
  ... on RateLimitedError {
    retryAfterSeconds
  }
}`) as unknown as TypedDocumentString<GeneratePlanMutation, GeneratePlanMutationVariables>;
export const ApprovePlanDocument = new TypedDocumentString(`
    mutation ApprovePlan($input: ApprovePlanInput!) {
  result: approvePlan(input: $input) {
    __typename
    ...PlanParts
    ...ErrorParts
  }
}
    fragment PlanParts on Plan {
  id
  revision
  contentHash
  status
  complexity
  risk
  willUseExternalAi
  summary
  estimatedMinutes
  changes
  failureReason
  sequence
  createdAt
  approvedAt
  startedAt
  finishedAt
  request {
    id
  }
  tasks {
    id
    order
    name
    intent
    workType
    agentType
    parameters
    status
    attempt
    progress
    output
    failureReason
    estimatedMinutes
    dependsOn {
      order
    }
    feasibility {
      status
      reason
      minutes
    }
  }
}
fragment ErrorParts on Error {
  code
  message
  ... on InvalidInputError {
    issues {
      path
      rule
      message
    }
  }
  ... on InvalidStateError {
    state: status
    approval {
      decision
      decidedBy
      decidedAt
      notes
    }
  }
  ... on PlanChangedError {
    contentHash
    revision
  }
  ... on InfeasiblePlanError {
    infeasible: tasks {
      order
      name
      reason
    }
  }
  ... on UnavailableError {
    retryAfterSeconds
  }
  ... on RateLimitedError {
    retryAfterSeconds
  }
}`) as unknown as TypedDocumentString<ApprovePlanMutation, ApprovePlanMutationVariables>;
export const CancelPlanDocument = new TypedDocumentString(`
    mutation CancelPlan($input: CancelPlanInput!) {
  result: cancelPlan(input: $input) {
    __typename
    ...PlanParts
    ...ErrorParts
  }
}
    fragment PlanParts on Plan {
  id
  revision
  contentHash
  status
  complexity
  risk
  willUseExternalAi
  summary
  estimatedMinutes
  changes
  failureReason
  sequence
  createdAt
  approvedAt
  startedAt
  finishedAt
  request {
    id
  }
  tasks {
    id
    order
    name
    intent
    workType
    agentType
    parameters
    status
    attempt
    progress
    output
    failureReason
    estimatedMinutes
    dependsOn {
      order
    }
    feasibility {
      status
      reason
      minutes
    }
  }
}
fragment ErrorParts on Error {
  code
  message
  ... on InvalidInputError {
    issues {
      path
      rule
      message
    }
  }
  ... on InvalidStateError {
    state: status
    approval {
      decision
      decidedBy
      decidedAt
      notes
    }
  }
  ... on PlanChangedError {
    contentHash
    revision
  }
  ... on InfeasiblePlanError {
    infeasible: tasks {
      order
      name
      reason
    }
  }
  ... on UnavailableError {
    retryAfterSeconds
  }
  ... on RateLimitedError {
    retryAfterSeconds
  }
}`) as unknown as TypedDocumentString<CancelPlanMutation, CancelPlanMutationVariables>;
export const PlanDocument = new TypedDocumentString(`
    query Plan($id: ID!) {
  plan(id: $id) {
    ...PlanParts
  }
}
    fragment PlanParts on Plan {
  id
  revision
  contentHash
  status
  complexity
  risk
  willUseExternalAi
  summary
  estimatedMinutes
  changes
  failureReason
  sequence
  createdAt
  approvedAt
  startedAt
  finishedAt
  request {
    id
  }
  tasks {
    id
    order
    name
    intent
    workType
    agentType
    parameters
    status
    attempt
    progress
    output
    failureReason
    estimatedMinutes
    dependsOn {
      order
    }
    feasibility {
      status
      reason
      minutes
    }
  }
}`) as unknown as TypedDocumentString<PlanQuery, PlanQueryVariables>;
export const WatchPlanDocument = new TypedDocumentString(`
    subscription WatchPlan($planId: ID!, $afterSequence: Int) {
  planStatus(planId: $planId, afterSequence: $afterSequence) {
    sequence
    plan {
      id
      status
    }
    entry {
      sequence
      at
      kind
      actor
      message
      attempt
      planStatus
      taskStatus
    }
    changedTasks {
      id
      order
      name
      status
      attempt
      progress
      failureReason
    }
  }
}
    `) as unknown as TypedDocumentString<WatchPlanSubscription, WatchPlanSubscriptionVariables>;