/** Dispatcher: sends the ready tasks of a batch's plans to the agents that suit them best, in the batch's own transaction. */
import { readyTasks } from '../../lifecycle/dispatch-rules.ts'
import type { PlanState, TaskDefinition } from '../../lifecycle/plan-state.ts'
import type { PooledAgent } from './agent-pool.ts'
import { routeTask, type RoutingResult } from './agent-router.ts'
import type { PlanBatch } from './plan-batch.ts'

export type DispatchDeps = { readonly newId: () => string; readonly leaseSeconds: number; readonly tasksAtOnce: number }

/**
 * Assigns what can be assigned; what nobody can take waits, with the reason in the log. Of a plan with many ready tasks
 * some go now: agents begin with them while the next are written, and other plans are not held up.
 */
export function dispatchReady(deps: DispatchDeps, batch: PlanBatch, agents: ReadonlyMap<string, PooledAgent>): void {
  const route = createBatchRouter(batch, agents)
  for (const [planId, touched] of batch.states) {
    let placed = 0
    for (const task of readyTasks(touched, batch.nowIso)) {
      if (placed === deps.tasksAtOnce) {
        batch.unfinished.add(planId)
        break
      }
      const plan = batch.states.get(planId)!
      const result = route(plan, task)
      const routingDecisionId = deps.newId()
      const { order } = task
      const step = result.chosen
        ? batch.apply(planId, {
            type: 'assign', order, agentId: result.chosen.id, agentName: result.chosen.name, routingDecisionId, leaseSeconds: deps.leaseSeconds,
          })
        : batch.apply(planId, { type: 'wait', order, reason: result.reason, routingDecisionId })
      if ('refused' in step) continue
      placed++
      batch.insert('routing_decision', {
        id: routingDecisionId,
        task_id: task.id,
        attempt: step.plan.tasks[order - 1]!.attempt + (result.chosen ? 0 : 1),
        agent_id: result.chosen?.id ?? null,
        candidates: result.candidates,
        excluded: result.excluded,
        reason: result.reason,
        decided_at: batch.nowIso,
      })
    }
  }
}

/** Routes by intent index; a kind of task that found no free slot finds none for the rest of the batch. */
function createBatchRouter(batch: PlanBatch, agents: ReadonlyMap<string, PooledAgent>) {
  const byIntent = new Map<string, PooledAgent[]>()
  const hopeless = new Map<string, RoutingResult>()
  const freeSlots = (agent: PooledAgent) => agent.slots - agent.openAttempts - batch.openedAt(agent.id)

  const candidates = (intent: string): PooledAgent[] => {
    const known = byIntent.get(intent) ?? [...agents.values()].filter((agent) => agent.intents.has(intent))
    byIntent.set(intent, known)
    return known
  }

  return (plan: PlanState, task: TaskDefinition): RoutingResult => {
    const isPlain = !task.sameAgent && Object.keys(task.requires).length === 0
    const kind = `${task.intent} ${task.agentType}`
    const known = isPlain ? hopeless.get(kind) : undefined
    if (known) return known
    const able = candidates(task.intent)
    const dependencyAgents = task.dependsOn.flatMap((order) => plan.tasks[order - 1]!.agentId ?? [])
    const routed = routeTask(task, able, { dependencyAgents, previousAgent: plan.tasks[task.order - 1]!.agentId, freeSlots })
    const unable = agents.size - able.length
    const result = unable > 0 ? { ...routed, excluded: { ...routed.excluded, 'intent not supported': unable } } : routed
    if (isPlain && !result.chosen) hopeless.set(kind, result)
    return result
  }
}
