import { Pool } from 'pg'
import { expect, test } from 'vitest'
import type { PlanEngine } from '../../../src/services/execution/plan-engine.ts'
import { createAgentPool } from '../../../src/services/execution/agent-pool.ts'
import { createLeaseSweeper } from '../../../src/services/execution/lease-sweeper.ts'
import { createPlanBatch } from '../../../src/services/execution/plan-batch.ts'
import { systemScheduler as scheduler } from '../../../src/scheduler.ts'
import { silentLogger as logger } from '../../harness/silent-logger.ts'
import { accepted, after, approvedPlan, assign, second, statuses, task } from '../../lifecycle/plan-world.ts'

/** What becomes of a running task whose lease was found to be over, when the finding has its turn at `now`. */
function statusAfterLoss(now: string): string {
  const plan = after(approvedPlan([task()]), assign(1), accepted(1))
  const planId = plan.definition.id
  const batch = createPlanBatch(new Map([[planId, plan]]), new Date(now))
  const engine: PlanEngine = {
    run: async (_, work) => work({ batch, approvals: [], plan: () => batch.states.get(planId)!, apply: (event) => batch.apply(planId, event) }),
    size: 0,
    stop: async () => {},
  }
  // Nothing connects: only what was found is handed on.
  const pool = new Pool()
  const agentPool = createAgentPool({ database: pool, scheduler, offlineAfterSeconds: 10 })
  const sweeper = createLeaseSweeper({ engine, pool, agentPool, leaseSeconds: 15, logger, scheduler })
  sweeper.lose([{ planId, taskId: plan.definition.tasks[0]!.id, attempt: 1 }], 'lease_expired')
  return statuses(batch.states.get(planId)!)[0]!
}

test('an attempt whose lease is over when its loss has its turn is lost', () => {
  expect(statusAfterLoss(second(60))).toBe('PENDING')
})

test('an attempt that was heard of between the search and its turn is not lost', () => {
  expect(statusAfterLoss(second(10))).toBe('RUNNING')
})
