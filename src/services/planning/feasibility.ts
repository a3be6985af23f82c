/** Whether somebody can carry a task out, judged by code from the catalog and the live agents. Pure. */
import type { Catalog } from '../../catalog/capability.ts'
import type { Feasibility, Task } from '../../entities/task.ts'
import type { ParameterCheck } from '../decomposition/parameter-check.ts'
import type { PooledAgent } from '../execution/agent-pool.ts'
import { minutesUntilFree, type Occupancy } from './occupancy.ts'
import { inMinutes } from './plan-summary.ts'

/** What of a task decides who can carry it out. */
export type JudgedTask = Pick<Task, 'intent' | 'agentType' | 'parameters' | 'requires' | 'estimatedMinutes'> &
  /** Of a task that was planned before: agents refuse it once the catalog's entry is another. */
  Partial<Pick<Task, 'capabilityDigest'>>

export type FeasibilityContext = {
  readonly catalog: Pick<Catalog, 'byId'>
  readonly agents: readonly PooledAgent[]
  readonly checkParameters: ParameterCheck
  readonly now: Date
  /** What the agents are at; only needed to say how long they are busy. */
  readonly occupancy?: Occupancy
}

/**
 * Judges one task: READY (a fitting agent has room), BUSY (fitting agents are full, for about `minutes`), OFFLINE
 * (fitting agents exist but none answers), NO_AGENT (nobody can do this), REFUSED (the catalog no longer allows it).
 */
export function judgeFeasibility(task: JudgedTask, context: FeasibilityContext): Feasibility {
  const answer = (status: Feasibility['status'], reason: string, minutes: number | null = null): Feasibility => (
    { status, reason, minutes, checkedAt: context.now.toISOString() }
  )
  const refusal = refusalOf(task, context)
  if (refusal) return answer('REFUSED', refusal)

  const able = context.agents.filter((agent) => agent.agentType === task.agentType && agent.intents.has(task.intent))
  if (able.length === 0) return answer('NO_AGENT', `No agent of type ${task.agentType} can do this.`)
  const awake = able.filter((agent) => agent.online && !agent.suspended)
  if (awake.length === 0) {
    const names = able.slice(0, 3).map((agent) => agent.name).join(', ')
    return answer('OFFLINE', able.some((agent) => agent.online) ? `${names} does not take its work.` : `Offline: ${names}${able.length > 3 ? ' and others' : ''}.`)
  }
  const lacking = awake.map((agent) => lackOf(task, agent))
  if (awake.some((agent, index) => lacking[index] === null && agent.openAttempts < agent.slots)) return answer('READY', 'An agent is ready now.')

  // Cores and memory that a running task holds come back; those of an idle agent do not, and no agent grows a GPU.
  const waiting = awake.filter((agent, index) =>
    agent.openAttempts > 0 && (lacking[index] === null || agent.slots > 0) && (task.requires.gpus ?? 0) <= agent.resources.gpus)
  if (waiting.length === 0) return answer('NO_AGENT', `No agent has ${lacking.find((lack) => lack !== null) ?? 'a slot for work'}.`)
  const minutes = Math.max(0.1, Math.round(10 * busyMinutes(task, waiting, context.occupancy)) / 10)
  const wait = inMinutes(minutes)
  return answer('BUSY', `All fitting agents are busy for ${wait.startsWith('less') ? wait : `about ${wait}`}.`, minutes)
}

/** True where the task would wait for something that nobody can foresee. */
export const isInfeasible = ({ status }: Pick<Feasibility, 'status'>): boolean =>
  status === 'OFFLINE' || status === 'NO_AGENT' || status === 'REFUSED'

function refusalOf({ intent, parameters, capabilityDigest }: JudgedTask, { catalog, checkParameters }: FeasibilityContext): string | null {
  const capability = catalog.byId.get(intent)
  if (!capability) return `The catalog has no capability ${intent} any more.`
  const fault = checkParameters(capability, parameters).faults[0]
  if (fault) return `${fault.parameter}: ${fault.message}`
  const isAnother = capabilityDigest !== undefined && capabilityDigest !== capability.digest
  return isAnother ? `The catalog describes ${intent} anew since this was planned. Revise the plan, or plan it again.` : null
}

function lackOf({ requires }: JudgedTask, { resources }: PooledAgent): string | null {
  if ((requires.cpu ?? 0) > resources.cpuFree) return `${requires.cpu} free CPU cores`
  if ((requires.memoryMb ?? 0) > resources.memoryFreeMb) return `${requires.memoryMb} MB of free memory`
  if ((requires.gpus ?? 0) > resources.gpus) return `${requires.gpus} ${requires.gpus === 1 ? 'GPU' : 'GPUs'}`
  return null
}

/** Until one of these agents is free: their open work ends, and what waits for the same agents goes first. */
function busyMinutes({ agentType, estimatedMinutes }: JudgedTask, agents: readonly PooledAgent[], occupancy?: Occupancy): number {
  const ahead = (occupancy?.waiting ?? []).filter((work) => work.agentType === agentType && agents.some(({ intents }) => intents.has(work.intent)))
  let waiting = ahead.reduce((sum, { minutes }) => sum + minutes, 0)
  const open = agents.flatMap(({ id, slots, openAttempts }) => {
    const minutes = (occupancy?.openMinutes.get(id) ?? Array.from({ length: openAttempts }, () => estimatedMinutes)).toSorted((a, b) => a - b)
    // What an agent holds beyond its slots waits there for one.
    waiting += minutes.slice(Math.max(1, slots)).reduce((sum, one) => sum + one, 0)
    return minutes.slice(0, Math.max(1, slots))
  })
  return minutesUntilFree(open, waiting)
}
