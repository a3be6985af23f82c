import { onTestFinished } from 'vitest'
import { createAgent } from '../../src/agent/index.ts'
import type { AgentOptions, TaskHandler, TaskHandlers } from '../../src/agent/index.ts'
import { createInProcessBroker } from '../../src/messaging/in-process-bus.ts'
import type { AgentBus } from '../../src/messaging/port.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { playService } from './service-side.ts'

type Options = Partial<Omit<AgentOptions, 'bus' | 'handlers'>> & {
  readonly handlers?: TaskHandlers
  /** Stands between the agent and the broker. */
  readonly through?: (bus: AgentBus) => AgentBus
}

export const handlerOf = (run: TaskHandler['run'], more: Partial<TaskHandler> = {}): TaskHandler => ({
  workType: 'test',
  run,
  ...more,
})

/** An agent with one intent, `echo`, and the test as its service, on an in-process broker; both end with the test. */
export async function runAgent(
  run: TaskHandler['run'] | null,
  { through = (bus) => bus, handlers, ...options }: Options = {},
) {
  const broker = createInProcessBroker({ maxQueueLength: 100_000, logger: silentLogger })
  const service = await playService(broker.serviceBus(), 'tester')
  const agent = createAgent({
    name: 'tester',
    agentType: 'test',
    slots: 4,
    logger: silentLogger,
    drainMs: 200,
    graceMs: 100,
    bus: through(broker.agentBus('tester')),
    handlers: handlers ?? { echo: handlerOf(run ?? ((task) => task.parameters)) },
    ...options,
  })
  await agent.start()
  onTestFinished(async () => {
    await agent.stop()
    await service.stop()
  })
  return { agent, service, broker }
}

/** Resolves when the signal aborts, by rejecting with its reason. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
