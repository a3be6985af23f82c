/** From edits that were made of feedback to the revision that they propose. */
import type pg from 'pg'
import type { Plan } from '../../entities/plan.ts'
import type { Task } from '../../entities/task.ts'
import type { PooledAgent } from '../execution/agent-pool.ts'
import { applyEdits, type EditContext } from './apply-edits.ts'
import type { PlanHint } from './generate-plan.ts'
import { planChanges } from './plan-changes.ts'
import { asStored, draftOf, numbered, type PlanDraft } from './plan-draft.ts'
import { readTasks } from './plan-rows.ts'
import { replacePlan, type LockedRequest } from './replace-plan.ts'
import { readConfidence, type PlanEdit, type RevisePlanDeps } from './revise-plan.ts'
import { assembleWorkPlan } from './work-planner.ts'

/** A plan taken up for editing. */
export type Drafted = {
  readonly tasks: readonly Task[]
  readonly draft: PlanDraft
  readonly context: EditContext
  readonly agents: readonly PooledAgent[]
}

export async function draftPlan(deps: RevisePlanDeps, plan: Pick<Plan, 'id'>): Promise<Drafted> {
  const [tasks, history, pool] = await Promise.all([readTasks(deps.pool, plan.id), deps.history.read(), deps.agentPool.read()])
  const agents = [...pool.values()]
  return {
    tasks,
    agents,
    draft: draftOf(tasks, { catalog: deps.catalog, history, keepDone: false }),
    context: { ...deps, history, agentTypes: new Set(agents.map(({ agentType }) => agentType)) },
  }
}

/** Puts the plan with the edits, which break no rule, in the place of the latest one. */
export async function proposeEdits(
  deps: RevisePlanDeps,
  client: pg.PoolClient,
  locked: LockedRequest,
  { tasks, draft, context, agents }: Drafted,
  { edits, actor }: { readonly edits: readonly PlanEdit[]; readonly actor: string },
): Promise<{ readonly plan: Plan; readonly hints: readonly PlanHint[] }> {
  const edited = numbered(applyEdits(draft, edits, context).draft)
  return replacePlan(deps, client, locked, {
    work: assembleWorkPlan(deps.catalog, edited.tasks, await readConfidence(client, locked.latest.id)),
    changes: planChanges(deps.catalog, tasks.map(asStored), edited.tasks.map((task, index) => ({ key: edited.keys[index]!, task }))),
    actor,
    agents,
  })
}
