/** Plays the service on an in-process or a real broker: sends work, collects what the agent says. */
import { randomUUID } from 'node:crypto'
import { formatMessage, parseMessage } from '../../src/messaging/cloud-event.ts'
import type { EventOf } from '../../src/messaging/cloud-event.ts'
import type { MessageData, MessageType, WorkRequested } from '../../src/messaging/messages.ts'
import { agentMessageTypes } from '../../src/messaging/messages.ts'
import type { ServiceBus } from '../../src/messaging/port.ts'

export type AgentEvent = EventOf<(typeof agentMessageTypes)[keyof typeof agentMessageTypes]>
type AgentEventType = AgentEvent['type']

/** Polls until the check gives something; fails with what was waited for. */
export async function until<T>(
  what: string,
  check: () => T | undefined | null | false,
  deadlineMs = 20_000,
): Promise<T> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const found = check()
    if (found) return found
    if (performance.now() > end) throw new Error(`Timed out waiting for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const workFor = (agent: string, given: Partial<WorkRequested> = {}): WorkRequested => ({
  planId: `Plan_${randomUUID()}`,
  taskId: `Task_${randomUUID()}`,
  attempt: 1,
  revision: 1,
  contentHash: 'a'.repeat(64),
  approvalId: `Approval_${randomUUID()}`,
  capabilityDigest: 'b'.repeat(64),
  agent,
  intent: 'echo',
  workType: 'test',
  parameters: {},
  inputs: {},
  effect: 'idempotent',
  requires: {},
  timeoutSeconds: 60,
  idempotencyKey: randomUUID(),
  useExternalAi: false,
  ...given,
})

/** Starts consuming; every event of agents is kept in order of arrival. */
export async function playService(bus: ServiceBus, agent: string) {
  const events: AgentEvent[] = []
  const types = Object.values(agentMessageTypes)
  const keep = async (deliveries: readonly { body: Buffer; ack(): void }[]) => {
    for (const delivery of deliveries) {
      const parsed = parseMessage(delivery.body, types)
      if (!parsed.ok) throw new Error(parsed.reason)
      events.push(parsed.event)
      delivery.ack()
    }
  }
  await bus.start()
  await bus.declareAgentQueue(agent)
  await bus.consumeResults(keep, { prefetch: 512 })
  await bus.consumeHeartbeats(keep, { prefetch: 512 })

  async function send<T extends MessageType>(type: T, data: MessageData<T>): Promise<void> {
    const id = randomUUID()
    const body = formatMessage(type, data, { id, source: 'urn:planwright:test', time: new Date() })
    await sendBody(body, id)
  }
  async function sendBody(body: string, messageId: string = randomUUID()): Promise<void> {
    await bus.publish([{ exchange: 'work', routingKey: `agent.${agent}`, messageId, body }])
  }

  function of<T extends AgentEventType>(type: T, taskId?: string): Extract<AgentEvent, { type: T }>[] {
    const isOfType = (event: AgentEvent): event is Extract<AgentEvent, { type: T }> => event.type === type
    return events
      .filter(isOfType)
      .filter((event) => !taskId || ('taskId' in event.data && event.data.taskId === taskId))
  }

  return {
    events,
    of,
    sendBody,
    send,
    /** The types of all events about one task, short and in order, heartbeats and progress left out. */
    story(taskId: string): string[] {
      return events.flatMap((event) => {
        if (!('taskId' in event.data) || event.data.taskId !== taskId || event.type === 'planwright.work.progressed')
          return []
        const word = event.type.split('.').at(-1) ?? ''
        if (event.type === 'planwright.work.stopped') return [`${word} ${event.data.outcome}`]
        return [event.type === 'planwright.work.failed' ? `${word} ${event.data.error.code}` : word]
      })
    },
    async work(given: Partial<WorkRequested> = {}): Promise<WorkRequested> {
      const work = workFor(agent, given)
      await send('planwright.work.requested', work)
      return work
    },
    cancel: ({ taskId, attempt }: WorkRequested) =>
      send('planwright.work.cancelled', { taskId, attempt, reason: 'not needed' }),
    /** Permits the start to one run of the agent. */
    grant: ({ taskId, attempt }: WorkRequested, { instance }: { readonly instance: string }) =>
      send('planwright.work.granted', { taskId, attempt, instance }),
    async first<T extends AgentEventType>(type: T, taskId?: string): Promise<Extract<AgentEvent, { type: T }>> {
      return until(`${type} of ${taskId ?? 'anything'}`, () => of(type, taskId)[0])
    },
    deadLetters: () => bus.readDeadLetters(100),
    stop: () => bus.stop(),
  }
}

export type Service = Awaited<ReturnType<typeof playService>>
