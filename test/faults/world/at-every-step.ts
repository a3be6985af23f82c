/** One world for each step between approval and completion, each stopped at its step: one fault then hits them all. */
import type { AgentProcess } from './agent-process.ts'
import { faultSteps, type FaultStep } from './fault-steps.ts'
import { createFaultWorld, type FaultWorld, type FaultWorldOptions } from './fault-world.ts'
import { chain, decideAtLast, propose, type Answer, type ProposedPlan } from './plans.ts'
import type { ServiceProcess } from './service-process.ts'

export type Situation = {
  readonly step: FaultStep
  readonly world: FaultWorld
  readonly service: ServiceProcess
  readonly agent: AgentProcess
  readonly plan: ProposedPlan
  /** The answer to the approval, which the fault may delay. */
  readonly approval: Promise<Answer>
  /** Lets traffic flow again. */
  release(): void
}

/** @param ready awaited before the approval, for what must be on disk by then */
export async function bringToEveryStep(options: FaultWorldOptions, ready: (world: FaultWorld) => Promise<unknown> = async () => {}): Promise<Situation[]> {
  return Promise.all(faultSteps.map(async (step) => {
    const world = await createFaultWorld(options)
    const service = await world.startService()
    const agent = await world.startAgent('worker-1', { ends: step.agentsHold ? 'when told' : 'at once' })
    await ready(world)
    const plan = await propose(service.client, ...chain)
    const { reached, release } = step.arm(world)
    const approval = decideAtLast(service.client, plan)
    // Nobody waits for it where the service is killed.
    approval.catch(() => {})
    await reached(plan)
    return { step, world, service, agent, plan, approval, release }
  }))
}
