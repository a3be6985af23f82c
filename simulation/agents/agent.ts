/** One run of a simulated agent: consumes its queue, holds attempts, sends heartbeats, ends when its process is killed. */
import { parseMessage } from '../../src/messaging/cloud-event.ts'
import type { WorkRequested } from '../../src/messaging/messages.ts'
import type { Delivery, OutgoingMessage } from '../../src/messaging/port.ts'
import type { Broker } from '../bus/broker.ts'
import type { Queue, Subscription } from '../bus/queue.ts'
import type { Faults } from '../faults.ts'
import type { Process, World } from '../world.ts'
import { createAttempt, type Attempt } from './attempt.ts'
import type { Ledger } from './ledger.ts'
import { heartbeatMessage, reportMessage, type Report } from './reports.ts'

export type AgentParts = {
  readonly world: World
  readonly broker: Broker
  readonly faults: Faults
  readonly ledger: Ledger
  readonly name: string
  readonly intents: readonly string[]
  readonly slots: number
  readonly heartbeatMs: number
}

export type SimulatedAgent = {
  readonly process: Process
  readonly instance: string
  /** Sends heartbeats and takes no work until then. */
  deafUntil(time: number): void
}

const workTypes = ['planwright.work.requested', 'planwright.work.granted', 'planwright.work.cancelled'] as const
const keyOf = ({ taskId, attempt }: { taskId: string; attempt: number }) => `${taskId}/${attempt}`

export function startAgent(parts: AgentParts): SimulatedAgent {
  const { world, broker, faults, ledger, name } = parts
  const process = world.process(name)
  const { random } = process
  const instance = random.uuid(world.now)
  const held = new Map<string, Attempt>()
  const finished = new Map<string, Report>()
  const earlyCancels = new Set<string>()
  const earlyGrants = new Set<string>()
  let consumed: { readonly queue: Queue; readonly subscription: Subscription } | null = null
  let deaf = 0

  const sender = () => ({ agent: name, instance, id: random.uuid(world.now), time: world.now })

  async function publish(message: OutgoingMessage, confirmed?: () => void): Promise<void> {
    const [outcome] = await broker.publish(process, [message])
    if (outcome === 'confirmed') confirmed?.()
    else world.at(process, random.between(100, 1_000), () => void publish(message, confirmed))
  }
  const report = (ref: { taskId: string; attempt: number }, what: Report, confirmed?: () => void) => void publish(reportMessage(sender(), ref, what), confirmed)

  function receive(work: WorkRequested, delivery: Delivery): void {
    const key = keyOf(work)
    const known = held.get(key)
    const past = finished.get(key)
    if (known) known.redeliver(delivery)
    else if (past) report(work, past, () => delivery.ack())
    else {
      const settled = (end: Report) => {
        held.delete(key)
        finished.set(key, end)
      }
      const attempt = createAttempt({ world, faults, process, ledger, agent: name, instance, report, settled }, work, delivery)
      const busy = [...held.values()].filter(({ phase }) => phase !== 'reported').length >= parts.slots
      held.set(key, attempt)
      if (earlyCancels.has(key)) attempt.cancel()
      else if (busy) attempt.refuse('AGENT_BUSY')
      else attempt.begin(earlyGrants.delete(key))
    }
  }

  function cancel(ref: { taskId: string; attempt: number }): void {
    const key = keyOf(ref)
    const attempt = held.get(key)
    if (attempt) attempt.cancel()
    else if (finished.has(key)) {
      report(ref, finished.get(key)!)
      report(ref, { word: 'stopped', data: { outcome: 'finished' } })
    } else {
      earlyCancels.add(key)
      report(ref, { word: 'stopped', data: { outcome: 'stopped' } })
    }
  }

  function grant(ref: { taskId: string; attempt: number }): void {
    const key = keyOf(ref)
    if (held.has(key)) held.get(key)!.grant()
    else if (!finished.has(key)) earlyGrants.add(key)
  }

  function take(delivery: Delivery): void {
    const parsed = parseMessage(delivery.body, workTypes)
    if (!parsed.ok) throw new Error(`the service sent an unreadable message: ${parsed.reason}`)
    const { type, data } = parsed.event
    if (type === 'planwright.work.requested') {
      receive(data, delivery)
      return
    }
    if (type === 'planwright.work.cancelled') cancel(data)
    else if (data.instance === instance) grant(data)
    delivery.ack()
  }

  /** The queue is there once the service has heard of the agent, and may be made anew. */
  function watchQueue(): void {
    const queue = world.now < deaf ? null : broker.agentQueue(name)
    if (consumed && consumed.queue !== queue) {
      void consumed.subscription.stop()
      consumed = null
    }
    if (queue && !consumed) consumed = { queue, subscription: queue.subscribe(process, async (deliveries) => deliveries.forEach(take), { prefetch: parts.slots * 2 + 4 }) }
    world.at(process, 300, watchQueue)
  }

  function beat(): void {
    const attempts = [...held.values()].map(({ work: { taskId, attempt } }) => ({ taskId, attempt }))
    void broker.publish(process, [heartbeatMessage(sender(), {
      instance, agentType: 'infra', slots: parts.slots, intents: [...parts.intents], workTypes: ['work'],
      resources: { cpuFree: 4, memoryFreeMb: 4_096, gpus: 0 }, attempts,
    })])
    world.at(process, parts.heartbeatMs * random.between(0.8, 1.2), beat)
  }

  beat()
  watchQueue()
  world.note(process.name, `starts as ${instance}`)
  return {
    process,
    instance,
    deafUntil(time) {
      deaf = time
    },
  }
}
