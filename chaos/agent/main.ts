/**
 * An agent of a chaos run: takes steps, and writes each start and end to a ledger of its own that is on the disk before
 * anything else happens. Tells its parent process the same, and ends with it.
 */
import { randomUUID } from 'node:crypto'
import { createAgent, TaskFailure, type TaskContext, type TaskHandler } from '../../src/agent/index.ts'
import { loadCatalog } from '../../src/catalog/load-catalog.ts'
import { createLogger } from '../../src/logger.ts'
import { createRabbitMqAgentBus } from '../../src/messaging/rabbitmq-bus.ts'
import { createShutdown } from '../../src/shutdown.ts'
import { openJournal } from '../journal.ts'
import { readStep, takeTime } from './step.ts'
import { repeatResults } from './repeat-results.ts'

type Work = Parameters<TaskHandler['run']>[0]

const settings = {
  url: process.env.AMQP_URL ?? '',
  prefix: process.env.AMQP_PREFIX ?? '',
  catalog: process.env.CATALOG ?? '',
  name: process.env.AGENT_NAME ?? '',
  slots: Number(process.env.AGENT_SLOTS),
  heartbeatMs: Number(process.env.HEARTBEAT_MS),
  ledger: process.env.LEDGER ?? '',
  /** How many in a hundred results are sent again. */
  repeatPercent: Number(process.env.REPEAT_PERCENT),
}

const logger = createLogger('warn')
const ledger = openJournal(settings.ledger, { synced: true })
const catalog = await loadCatalog(settings.catalog)

function record(event: string, entry: Readonly<Record<string, unknown>>): void {
  ledger.write({ agent: settings.name, instance: agent.instance, event, ...entry })
  process.send?.({ event, agent: settings.name, ...entry })
}

/** One execution, from its recorded start to its recorded end. */
async function execute(work: Work, { parameters, signal, progress }: TaskContext): Promise<unknown> {
  const step = readStep(parameters)
  const execution = randomUUID()
  const { planId, taskId, attempt, contentHash, approvalId } = work
  record('started', { execution, planId, taskId, attempt, contentHash, approvalId, effect: work.effect, token: step.token, inputs: work.inputs })
  const end = (how: string) => record('ended', { execution, taskId, attempt, how })
  try {
    await takeTime(step, signal, progress)
  } catch (error) {
    end('stopped')
    throw error
  }
  if (step.ending === 'fail') {
    end('failed')
    throw new TaskFailure('DRAWN', 'This step was drawn to fail.')
  }
  if (step.ending === 'fail_once' && attempt === 1) {
    end('failed once')
    throw new TaskFailure('DRAWN_ONCE', 'The first attempt of this step was drawn to fail.', true)
  }
  end('succeeded')
  return { execution, attempt, agent: settings.name, instance: agent.instance, token: step.token }
}

const bus = createRabbitMqAgentBus({ url: settings.url, prefix: settings.prefix, agentName: settings.name, logger })
const handlers = catalog.capabilities.map(({ id, workType, digest }) => [id, { workType, capabilityDigest: digest, run: execute }] as const)
const agent = createAgent({
  name: settings.name,
  agentType: 'chaos',
  slots: settings.slots,
  heartbeatMs: settings.heartbeatMs,
  bus: repeatResults(bus, { percent: settings.repeatPercent, confirmed: (report) => record('confirmed', report) }),
  handlers: Object.fromEntries(handlers),
  // The same for all, so that none is preferred for what else the machine does.
  resources: () => ({ cpuFree: 1, memoryFreeMb: 1_024, gpus: 0 }),
  logger,
})

const shutdown = createShutdown({ logger, timeoutMs: 9_500 })
shutdown.add('agent', () => agent.stop())
shutdown.onSignals()
process.on('disconnect', () => process.exit(1))
await agent.start()
record('online', {})
