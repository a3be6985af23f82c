/** What the product does, as the API sees it: one function for each operation. app.ts composes them. */
import type { Request } from '../entities/request.ts'
import type { Task } from '../entities/task.ts'
import type { Principal } from '../principal.ts'
import type { Audience } from './access/visibility.ts'
import type { ClarifyRequestInput } from './decomposition/clarify-request.ts'
import type { SetVisibilityInput } from './decomposition/set-visibility.ts'
import type { SubmitRequestInput } from './decomposition/submit-request.ts'
import type { GeneratePlanInput } from './planning/generate-plan.ts'
import type { RequestChangesInput } from './planning/request-changes.ts'
import type { RevisePlanInput } from './planning/revise-plan.ts'
import type { ApprovePlanInput } from './approval/approve-plan.ts'
import type { CancelPlanInput } from './approval/cancel-plan.ts'
import type { ResolveTaskInput } from './execution/resolve-task.ts'
import type { RetryTaskInput } from './execution/retry-task.ts'
import type { ReadAgentStatus } from './watching/agent-status.ts'
import type { ChangedPlan } from './watching/read-plans.ts'
import type { PlanStatusEvent, WatchPlanInput } from './watching/watch-plan.ts'

/**
 * All ids are bare uuids (the schema translates global ids). Each throws the typed errors of src/errors.ts.
 * Returned rows are the state after the change, so that no resolver has to read them again.
 */
export type Services = {
  submitRequest(principal: Principal, input: SubmitRequestInput): Promise<Request>
  clarifyRequest(principal: Principal, input: ClarifyRequestInput): Promise<Request>
  setVisibility(principal: Principal, input: SetVisibilityInput): Promise<Request>
  generatePlan(principal: Principal, input: GeneratePlanInput): Promise<ChangedPlan>
  revisePlan(principal: Principal, input: RevisePlanInput): Promise<ChangedPlan>
  requestChanges(principal: Principal, input: RequestChangesInput): Promise<ChangedPlan>
  approvePlan(principal: Principal, input: ApprovePlanInput): Promise<ChangedPlan>
  cancelPlan(principal: Principal, input: CancelPlanInput): Promise<ChangedPlan>
  retryTask(principal: Principal, input: RetryTaskInput): Promise<Task>
  resolveTask(principal: Principal, input: ResolveTaskInput): Promise<Task>
  /** Ends by itself once the plan can change no more. Throws NotFoundError or InvalidInputError before the first event. */
  watchPlan(principal: Principal, input: WatchPlanInput, signal?: AbortSignal): Promise<AsyncIterable<PlanStatusEvent>>
  /** Who may see a plan, as it was at most a second ago; null where there is no such plan. */
  audienceOf(planId: string): Promise<Audience | null>
  /** Ids of plans (of any status) that changed, each as soon as its change is committed. */
  watchPlans(principal: Principal, signal?: AbortSignal): AsyncIterable<string>
  /** The id again, each time the request changed; begins with the present state. */
  watchRequest(principal: Principal, requestId: string, signal?: AbortSignal): Promise<AsyncIterable<string>>
  /** Free slots, status and measured performance are derived when they are read. */
  agentStatus: ReadAgentStatus
}
