/**
 * AgentRouter: which agent suits a task best. Pure, so that a stored RoutingDecision can be recomputed: agents
 * that cannot take the task are counted by reason, the others scored by weighted factors in 0..1.
 */
import type { RoutingCandidate } from '../../entities/routing-decision.ts'
import type { TaskDefinition } from '../../lifecycle/plan-state.ts'
import type { PooledAgent } from './agent-pool.ts'

/** Weights of the factors; they sum to 1. Success first: an agent that fails costs an attempt and a backoff. */
export const routingWeights = { specialization: 0.1, success: 0.35, speed: 0.2, load: 0.25, affinity: 0.1 } as const

/** Candidates kept in a decision. */
const mostCandidates = 10

/** Reasons for leaving an agent out, in the order they are checked. */
export type ExclusionReason =
  | 'intent not supported' | 'other agent type' | 'offline' | 'does not take its work' | 'not where its dependency ran'
  | 'too little CPU' | 'too little memory' | 'too few GPUs' | 'no free slot'

export type RoutingResult = {
  readonly chosen: PooledAgent | null
  /** Best first, ten at most. */
  readonly candidates: readonly RoutingCandidate[]
  readonly excluded: Readonly<Partial<Record<ExclusionReason, number>>>
  readonly reason: string
}

export type RoutingContext = {
  /** Where the direct dependencies ran. */
  readonly dependencyAgents: readonly string[]
  /** Where the previous attempt failed or was lost. */
  readonly previousAgent: string | null
  /** Free slots left by agent id, less what this batch has assigned already. */
  readonly freeSlots: (agent: PooledAgent) => number
}

/** Why an agent cannot take a task, or null where it can. */
function exclusion(task: TaskDefinition, agent: PooledAgent, context: RoutingContext): ExclusionReason | null {
  if (!agent.intents.has(task.intent)) return 'intent not supported'
  if (agent.agentType !== task.agentType) return 'other agent type'
  if (!agent.online) return 'offline'
  if (agent.suspended) return 'does not take its work'
  if (task.sameAgent && context.dependencyAgents.length > 0 && !context.dependencyAgents.includes(agent.id)) return 'not where its dependency ran'
  if ((task.requires.cpu ?? 0) > agent.resources.cpuFree) return 'too little CPU'
  if ((task.requires.memoryMb ?? 0) > agent.resources.memoryFreeMb) return 'too little memory'
  if ((task.requires.gpus ?? 0) > agent.resources.gpus) return 'too few GPUs'
  if (context.freeSlots(agent) <= 0) return 'no free slot'
  return null
}

const meanSeconds = (agent: PooledAgent, intent: string): number | null => {
  const p = agent.performance.get(intent)
  return p && p.succeeded > 0 ? p.totalSeconds / p.succeeded : null
}

/** The best agent for a task among `agents`, and why. */
export function routeTask(task: TaskDefinition, agents: Iterable<PooledAgent>, context: RoutingContext): RoutingResult {
  const excluded: Partial<Record<ExclusionReason, number>> = {}
  const fitting: PooledAgent[] = []
  for (const agent of agents) {
    const reason = exclusion(task, agent, context)
    if (reason) excluded[reason] = (excluded[reason] ?? 0) + 1
    else fitting.push(agent)
  }
  let fastest = Number.POSITIVE_INFINITY
  for (const agent of fitting) fastest = Math.min(fastest, meanSeconds(agent, task.intent) ?? Number.POSITIVE_INFINITY)
  // Of a thousand agents ten are told of: the others need no place in a sorted list.
  const best: Scored[] = []
  for (const agent of fitting) {
    const factors = factorsOf(task, agent, context, fastest)
    const scored = { agent, score: weigh(factors), factors }
    if (best.length === mostCandidates && !ranksBefore(scored, best.at(-1)!)) continue
    const place = best.findIndex((other) => ranksBefore(scored, other))
    best.splice(place < 0 ? best.length : place, 0, scored)
    if (best.length > mostCandidates) best.pop()
  }
  const chosen = best[0]?.agent ?? null
  return {
    chosen,
    candidates: best.map(({ agent, score, factors }) => ({ agentId: agent.id, name: agent.name, score, factors })),
    excluded,
    reason: chosen ? `${chosen.name} scores best of ${fitting.length}.` : waitingReason(excluded),
  }
}

type Factors = RoutingCandidate['factors']
type Scored = { readonly agent: PooledAgent; readonly score: number; readonly factors: Factors }

const ranksBefore = (a: Scored, b: Scored): boolean => a.score > b.score || (a.score === b.score && a.agent.name < b.agent.name)

function factorsOf(task: TaskDefinition, agent: PooledAgent, context: RoutingContext, fastest: number): Factors {
  const past = agent.performance.get(task.intent)
  const mean = meanSeconds(agent, task.intent)
  const attempts = past ? past.succeeded + past.failed + past.lost : 0
  return {
    specialization: 1 / Math.sqrt(Math.max(1, agent.intents.size)),
    // Laplace smoothing with two imagined successes: a new agent is tried, one failure does not condemn it.
    success: ((past?.succeeded ?? 0) + 2) / (attempts + 2),
    speed: mean === null ? 0.5 : mean === 0 ? 1 : Math.min(1, fastest / mean),
    load: context.freeSlots(agent) / Math.max(1, agent.slots),
    affinity: agent.id === context.previousAgent ? 0 : context.dependencyAgents.includes(agent.id) ? 1 : 0.5,
  }
}

function weigh({ specialization, success, speed, load, affinity }: Factors): number {
  const { specialization: a, success: b, speed: c, load: d, affinity: e } = routingWeights
  return Math.round((a * specialization + b * success + c * speed + d * load + e * affinity) * 1e6) / 1e6
}

/** What a person must know about a task that nobody takes: the reason nearest to success. */
function waitingReason(excluded: RoutingResult['excluded']): string {
  const nearest = (['no free slot', 'too little CPU', 'too little memory', 'too few GPUs', 'not where its dependency ran', 'does not take its work', 'offline'] as const)
    .find((reason) => excluded[reason])
  if (nearest === 'no free slot') return 'all fitting agents are busy'
  return nearest ? `no fitting agent: ${nearest}` : 'no agent can do this'
}
