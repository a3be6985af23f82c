/** So many agents in one process, that only join and wait: `node bench/agents.ts COUNT`. */
import { createAgent } from '../src/agent/index.ts'
import { loadCatalog } from '../src/catalog/load-catalog.ts'
import { createLogger } from '../src/logger.ts'
import { createRabbitMqAgentBus } from '../src/messaging/rabbitmq-bus.ts'

const count = Number(process.argv[2] ?? 1_000)
const { AMQP_URL = '', AMQP_PREFIX = 'planwright', CATALOG = 'bench/catalog.yaml' } = process.env
const logger = createLogger('warn')
const { capabilities } = await loadCatalog(CATALOG)
const handlers = Object.fromEntries(
  capabilities.map(({ id, workType, digest }) => [id, { workType, capabilityDigest: digest, irreversible: false, run: async () => ({ ok: true }) }]),
)
for (let number = 1; number <= count; number++) {
  const name = `crowd-${number}`
  const bus = createRabbitMqAgentBus({ url: AMQP_URL, prefix: AMQP_PREFIX, agentName: name, logger })
  await createAgent({ name, agentType: 'bench', slots: 4, bus, handlers, logger }).start()
}
console.log('ready')
process.once('SIGTERM', () => process.exit(0))
