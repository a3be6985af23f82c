/** The services as their callers may use them: each change needs its role, and what the caller may not see is not there. */
import { LRUCache } from 'lru-cache'
import { NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { Principal } from '../../principal.ts'
import type { Scheduler } from '../../scheduler.ts'
import type { Queryable } from '../recording/rows.ts'
import type { Services } from '../services.ts'
import type { PlanStatusEvent } from '../watching/watch-plan.ts'
import { operationRoles, roleIsMissing } from './operation-roles.ts'
import { checkVisible, maySee, readAudience, viewerOf, type Audience, type Viewer } from './visibility.ts'

/** Milliseconds for which all watchers of a plan share one look at who may see it; so long other replicas may know it late. */
const sharedLookMs = 1_000
const sharedLooks = 10_000

/**
 * Wraps the services of an installation. Unknown ids and those the caller may not see are refused in one place, before
 * anything else is looked at, so that nothing tells them apart.
 */
export function guardServices(services: Omit<Services, 'audienceOf'>, database: Queryable, { elapsed }: Pick<Scheduler, 'elapsed'>): Services {
  const see = (principal: Principal, type: 'Request' | 'Plan' | 'Task', id: string) => checkVisible(database, viewerOf(principal), type, id)
  const audiences = new LRUCache<string, Promise<Audience | null>>({ max: sharedLooks, ttl: sharedLookMs, ttlResolution: 0, perf: { now: elapsed } })

  function audienceOf(planId: string): Promise<Audience | null> {
    const known = audiences.get(planId)
    if (known) return known
    const reading = readAudience(database, planId)
    audiences.set(planId, reading)
    reading.catch(() => audiences.delete(planId))
    return reading
  }

  /** Ends with NotFoundError before the first event that the viewer may not see. */
  async function* whileVisible(events: AsyncIterable<PlanStatusEvent>, viewer: Viewer, planId: string): AsyncGenerator<PlanStatusEvent> {
    for await (const event of events) {
      const audience = await audienceOf(planId)
      if (!audience || !maySee(viewer, audience)) throw new NotFoundError('plan', toGlobalId('Plan', planId))
      yield event
    }
  }

  return {
    ...services,
    audienceOf,
    async submitRequest(principal, input) {
      checkRole(principal, 'submitRequest')
      return services.submitRequest(principal, input)
    },
    async clarifyRequest(principal, input) {
      checkRole(principal, 'clarifyRequest')
      await see(principal, 'Request', input.requestId)
      return services.clarifyRequest(principal, input)
    },
    async setVisibility(principal, input) {
      checkRole(principal, 'setVisibility')
      await see(principal, 'Request', input.requestId)
      const request = await services.setVisibility(principal, input)
      audiences.clear()
      return request
    },
    async generatePlan(principal, input) {
      checkRole(principal, 'generatePlan')
      await see(principal, 'Request', input.requestId)
      return services.generatePlan(principal, input)
    },
    async revisePlan(principal, input) {
      checkRole(principal, 'revisePlan')
      await see(principal, 'Plan', input.planId)
      return services.revisePlan(principal, input)
    },
    async requestChanges(principal, input) {
      checkRole(principal, 'requestChanges')
      await see(principal, 'Plan', input.planId)
      return services.requestChanges(principal, input)
    },
    async approvePlan(principal, input) {
      checkRole(principal, 'approvePlan')
      await see(principal, 'Plan', input.planId)
      return services.approvePlan(principal, input)
    },
    async cancelPlan(principal, input) {
      checkRole(principal, 'cancelPlan')
      await see(principal, 'Plan', input.planId)
      return services.cancelPlan(principal, input)
    },
    async retryTask(principal, input) {
      checkRole(principal, 'retryTask')
      await see(principal, 'Task', input.taskId)
      return services.retryTask(principal, input)
    },
    async resolveTask(principal, input) {
      checkRole(principal, 'resolveTask')
      await see(principal, 'Task', input.taskId)
      return services.resolveTask(principal, input)
    },
    async watchPlan(principal, input, signal) {
      await see(principal, 'Plan', input.planId)
      const events = await services.watchPlan(principal, input, signal)
      const viewer = viewerOf(principal)
      return viewer === null ? events : whileVisible(events, viewer, input.planId)
    },
    async watchRequest(principal, requestId, signal) {
      await see(principal, 'Request', requestId)
      return services.watchRequest(principal, requestId, signal)
    },
  }
}

function checkRole({ roles }: Principal, operation: keyof typeof operationRoles): void {
  const role = operationRoles[operation]
  if (!roles.includes(role) && !roles.includes('admin')) throw roleIsMissing(role)
}
