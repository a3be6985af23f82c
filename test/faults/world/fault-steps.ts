/** The steps between approval and completion at which something may die, each reached by stopping traffic there. */
import { amqpMethods } from '../../harness/frame-splitter.ts'
import type { Frame } from '../../harness/tcp-proxy.ts'
import { until, type FaultWorld } from './fault-world.ts'
import { planStatus, taskReaches, tasksOf } from './plan-history.ts'
import type { ProposedPlan } from './plans.ts'

export type FaultStep = {
  readonly name: string
  /** Whether agents must go on with their work until told to end it. */
  readonly agentsHold: boolean
  /** Call before the approval. `reached` resolves when the step is; `release` lets traffic flow again. */
  arm(world: FaultWorld): { reached(plan: ProposedPlan): Promise<unknown>; release(): void }
}

const publishes = (frame: Frame, exchange: string): boolean =>
  frame.direction === 'toServer' && frame.method === amqpMethods.publish && frame.bytes.includes(exchange)
const delivers = (frame: Frame, routingKey: string): boolean =>
  frame.direction === 'toClient' && frame.method === amqpMethods.deliver && frame.bytes.includes(routingKey)

/** Matches `then` only once `first` has passed by `times` times. */
function after(first: (frame: Frame) => boolean, times: number, then: (frame: Frame) => boolean): (frame: Frame) => boolean {
  const seen = new Set<Frame>()
  return (frame) => {
    if (first(frame)) seen.add(frame)
    return seen.size >= times && then(frame)
  }
}

export const faultSteps: readonly FaultStep[] = [
  {
    name: 'after the approval was committed and before anything was published',
    agentsHold: false,
    arm({ toBroker, broker }) {
      const hold = toBroker.hold((frame) => publishes(frame, `${broker.prefix}.work`))
      return { reached: () => hold.reached, release: hold.release }
    },
  },
  {
    name: 'when the work was published and not confirmed',
    agentsHold: false,
    arm({ toBroker, broker }) {
      const hold = toBroker.hold(after((frame) => publishes(frame, `${broker.prefix}.work`), 1, (frame) => frame.direction === 'toClient' && frame.method === amqpMethods.ack))
      return { reached: () => hold.reached, release: hold.release }
    },
  },
  {
    name: 'when the work was queued and not received',
    agentsHold: false,
    arm({ agentsToBroker, broker }) {
      const hold = agentsToBroker.hold((frame) => delivers(frame, `${broker.prefix}.work`))
      return { reached: () => hold.reached, release: hold.release }
    },
  },
  {
    name: 'while an agent held the task',
    agentsHold: true,
    arm: (world) => ({ reached: (plan) => taskReaches(world, plan, 1, 'RUNNING'), release() {} }),
  },
  {
    name: 'when the result was published and not committed',
    agentsHold: false,
    arm({ toDatabase }) {
      const hold = toDatabase.hold((frame) => frame.direction === 'toServer' && frame.bytes.includes('TASK_SUCCEEDED'))
      return { reached: () => hold.reached, release: hold.release }
    },
  },
  {
    name: 'when the result was committed and not acknowledged',
    agentsHold: false,
    arm(world) {
      const hold = world.toBroker.hold(after((frame) => delivers(frame, '.succeeded'), 1, (frame) => frame.direction === 'toServer' && frame.method === amqpMethods.ack))
      return {
        async reached(plan) {
          await hold.reached
          await until('the commit', async () => (await tasksOf(world, plan))[0]!.status === 'SUCCEEDED')
        },
        release: hold.release,
      }
    },
  },
  {
    name: 'when the last task was done and the end not announced',
    agentsHold: false,
    arm(world) {
      const hold = world.toBroker.hold(after((frame) => delivers(frame, '.succeeded'), 2, (frame) => publishes(frame, `${world.broker.prefix}.events`)))
      return {
        async reached(plan) {
          await until('the commit', async () => (await planStatus(world, plan)) === 'COMPLETED')
          await hold.reached
        },
        release: hold.release,
      }
    },
  },
]

/** The step at which an agent is at work. */
export const agentAtWork: FaultStep = faultSteps.find(({ agentsHold }) => agentsHold)!
