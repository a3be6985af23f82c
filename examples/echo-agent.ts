/** A complete agent: `AMQP_URL=amqp://guest:guest@localhost node examples/echo-agent.ts`. */
import { createAgent, TaskFailure } from '../src/agent/index.ts'
import { createLogger } from '../src/logger.ts'
import { createRabbitMqAgentBus } from '../src/messaging/rabbitmq-bus.ts'

const name = 'echo-1'
const logger = createLogger('info')
const { AMQP_URL: url = 'amqp://guest:guest@localhost:5672', AMQP_PREFIX: prefix = 'planwright' } = process.env
const bus = createRabbitMqAgentBus({ url, prefix, agentName: name, logger })

const agent = createAgent({
  name,
  agentType: 'echo',
  slots: 8,
  bus,
  logger,
  handlers: {
    echo: {
      workType: 'echo',
      run(task, { parameters, progress }) {
        if (parameters.text === undefined) throw new TaskFailure('NOTHING_TO_SAY', 'Give the parameter text.')
        progress(0.5, 'about to answer')
        return { said: parameters.text, attempt: task.attempt }
      },
    },
  },
})

await agent.start()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void agent.stop())
