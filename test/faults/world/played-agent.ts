/** An agent on the real broker that does nothing but what the test says. */
import { randomUUID } from 'node:crypto'
import { agentMessage, formatReport, type AttemptRef, type ReportWord } from '../../../src/agent/report.ts'
import { loadCatalog } from '../../../src/catalog/load-catalog.ts'
import { parseMessage, type EventOf } from '../../../src/messaging/cloud-event.ts'
import type { WorkRequested } from '../../../src/messaging/messages.ts'
import type { OutgoingMessage } from '../../../src/messaging/port.ts'
import { createRabbitMqAgentBus } from '../../../src/messaging/rabbitmq-bus.ts'
import { silentLogger } from '../../harness/silent-logger.ts'
import { catalogPath, until, type FaultWorld } from './fault-world.ts'

const workTypes = ['planwright.work.requested', 'planwright.work.granted', 'planwright.work.cancelled'] as const

export type PlayedAgent = Awaited<ReturnType<typeof playAgent>>

/** Joins and, while `beats` is not ended, sends heartbeats; takes work only where `consumes` says so. */
export async function playAgent(world: FaultWorld, name: string, { consumes = true, slots = 64 } = {}) {
  const catalog = await loadCatalog(catalogPath)
  const bus = createRabbitMqAgentBus({ url: world.broker.url, prefix: world.broker.prefix, agentName: name, logger: silentLogger })
  const reporter = { name, instance: randomUUID() }
  const received: EventOf<(typeof workTypes)[number]>[] = []
  const held = new Map<string, AttemptRef>()
  await bus.start()
  const beat = () => bus.publish([agentMessage(reporter, 'heartbeat', {
    instance: reporter.instance, agentType: 'worker', slots, intents: [...catalog.byId.keys()], workTypes: ['work'],
    resources: { cpuFree: 4, memoryFreeMb: 4_096, gpus: 0 }, attempts: [...held.values()],
  }, {})])
  await beat()
  const heart = setInterval(() => void beat(), 500)
  await until(`agent ${name}`, async () => (await world.sql('select 1 from agent where name = $1 and online', [name])).length > 0)
  if (consumes) await bus.consumeWork(name, async (deliveries) => {
    for (const delivery of deliveries) {
      const parsed = parseMessage(delivery.body, workTypes)
      if (parsed.ok) received.push(parsed.event)
      delivery.ack()
    }
  }, { prefetch: 1_000 })

  return {
    name,
    reporter,
    received,
    /** Heartbeats list this attempt from now on. */
    hold: ({ taskId, attempt }: AttemptRef) => void held.set(taskId, { taskId, attempt }),
    /** Publishes until the broker has taken all of them. */
    async publish(messages: readonly OutgoingMessage[]) {
      await until('confirms', async () => (await bus.publish(messages)).every((outcome) => outcome === 'confirmed'))
    },
    async report<W extends ReportWord>(ref: AttemptRef, word: W, data: Parameters<typeof formatReport<W>>[3]) {
      await this.publish([formatReport(reporter, ref, word, data)])
    },
    /** The work message of an attempt. */
    work: (taskId: string, attempt = 1): Promise<WorkRequested> =>
      until(`attempt ${attempt} of ${taskId}`, () =>
        received.flatMap((event) => (event.type === 'planwright.work.requested' ? [event.data] : [])).find((work) => work.taskId === taskId && work.attempt === attempt), 60_000),
    got: (type: (typeof workTypes)[number], taskId: string): boolean => received.some((event) => event.type === type && event.data.taskId === taskId),
    async stop() {
      clearInterval(heart)
      await bus.stop()
    },
  }
}
