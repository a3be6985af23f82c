/** The Planwright client, published as `planwright/client`. */
export { createPlanwrightClient } from './client.ts'
export type {
  CallOptions, ClientOptions, DecisionOptions, PlanEvent, PlanwrightClient, PlanwrightPlan, PlanwrightRequest, ReadPlan, Submission,
} from './client.ts'
export { ConnectionLostError, PlanwrightApiError } from './api-error.ts'
export type { InputIssue } from './api-error.ts'
export type { FollowOptions, Interruption } from './connection.ts'
export type { TypedDocument } from './transport.ts'
export type { WatchPlanOptions, WatchPlanResult, WatchPlanVariables } from './watch-plan.ts'
export * from './generated/graphql.ts'
