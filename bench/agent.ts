/** An agent of the SDK in a process of its own, whose work takes no time, or as long as it says: `node bench/agent.ts NAME SLOTS`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createAgent } from '../src/agent/index.ts'
import { loadCatalog } from '../src/catalog/load-catalog.ts'
import { createLogger } from '../src/logger.ts'
import { createRabbitMqAgentBus } from '../src/messaging/rabbitmq-bus.ts'

const [name = 'bench', slots = '512'] = process.argv.slice(2)
const { AMQP_URL = '', AMQP_PREFIX = 'planwright', CATALOG = 'bench/catalog.yaml' } = process.env
const logger = createLogger('warn')
const { capabilities } = await loadCatalog(CATALOG)
const run = async ({ parameters }: { readonly parameters: Readonly<Record<string, unknown>> }) => {
  if (parameters['wait_ms']) await sleep(Number(parameters['wait_ms']))
  return { ok: true }
}
const handlers = Object.fromEntries(
  capabilities.map(({ id, workType, digest, effect }) => [
    id, { workType, capabilityDigest: digest, irreversible: effect === 'irreversible', run },
  ]),
)
const bus = createRabbitMqAgentBus({ url: AMQP_URL, prefix: AMQP_PREFIX, agentName: name, logger })
const agent = createAgent({ name, agentType: 'bench', slots: Number(slots), bus, handlers, logger })
await agent.start()
console.log('ready')
process.once('SIGTERM', () => void agent.stop().then(() => process.exit(0)))
