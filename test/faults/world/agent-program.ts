/** An agent of the fault tests: notes what it does in a ledger on disk, and ends its work at once or when told to. */
import { appendFileSync, fsyncSync, openSync } from 'node:fs'
import { createAgent, type TaskHandlers } from '../../../src/agent/index.ts'
import { loadCatalog } from '../../../src/catalog/load-catalog.ts'
import { createLogger } from '../../../src/logger.ts'
import { createRabbitMqAgentBus } from '../../../src/messaging/rabbitmq-bus.ts'
import type { AgentPlan, LedgerEntry } from './agent-process.ts'

const plan = JSON.parse(process.env.AGENT_PLAN ?? '') as AgentPlan
const logger = createLogger('info')
const catalog = await loadCatalog(plan.catalog)
const ledger = openSync(plan.ledger, 'a')
const mayEnd = Promise.withResolvers<void>()
if (plan.ends === 'at once') mayEnd.resolve()
process.on('message', (word) => {
  if (word === 'end') mayEnd.resolve()
})

function note(entry: LedgerEntry): void {
  appendFileSync(ledger, `${JSON.stringify(entry)}\n`)
  fsyncSync(ledger)
}

const handlers: TaskHandlers = Object.fromEntries(catalog.capabilities.map(({ id, workType, digest, effect }) => [id, {
  workType,
  capabilityDigest: digest,
  irreversible: effect === 'irreversible',
  async run(work, { signal }) {
    const about = { agent: plan.name, taskId: work.taskId, attempt: work.attempt, intent: id, contentHash: work.contentHash, key: work.idempotencyKey }
    note({ event: 'began', ...about })
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    await (plan.heedsCancel ? Promise.race([mayEnd.promise, aborted]) : mayEnd.promise)
    if (plan.heedsCancel && signal.aborted) {
      note({ event: 'stopped', ...about })
      signal.throwIfAborted()
    }
    note({ event: 'ended', ...about })
    return { by: plan.name, attempt: work.attempt }
  },
}]))

const bus = createRabbitMqAgentBus({ url: plan.url, prefix: plan.prefix, agentName: plan.name, logger })
const agent = createAgent({
  name: plan.name, agentType: 'worker', slots: plan.slots, bus, handlers, logger,
  heartbeatMs: 500, graceMs: 500, resources: () => ({ cpuFree: 4, memoryFreeMb: 4_096, gpus: 0 }),
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void agent.stop().then(() => process.exit(0)))
await agent.start()
console.log('agent is ready')
