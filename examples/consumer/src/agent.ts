/** An agent that the package's SDK makes; it never starts here, its types and imports are what is checked. */
import { createAgent, TaskFailure, type TaskHandlers } from 'planwright/agent'
import { createRabbitMqAgentBus } from 'planwright/agent/rabbitmq'

const handlers: TaskHandlers = {
  echo: {
    workType: 'echo',
    run(task, { parameters, progress }) {
      if (parameters['text'] === undefined) throw new TaskFailure('NOTHING_TO_SAY', 'Give the parameter text.')
      progress(0.5, 'about to answer')
      return { said: parameters['text'], attempt: task.attempt }
    },
  },
}
const bus = createRabbitMqAgentBus({ url: 'amqp://127.0.0.1', prefix: 'planwright', agentName: 'echo-1', logger: console })
const agent = createAgent({ name: 'echo-1', agentType: 'echo', slots: 1, bus, logger: console, handlers })
console.log(typeof agent.start)
