import type { BusConnection } from '../../src/messaging/port.ts'
import { createRabbitMqAgentBus, createRabbitMqServiceBus } from '../../src/messaging/rabbitmq-bus.ts'
import { provideBroker } from '../harness/broker.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { describeBus } from './bus-contract.ts'

describeBus('the RabbitMQ', async () => {
  const broker = await provideBroker()
  const options = { url: broker.url, prefix: broker.prefix, logger: silentLogger }
  const buses: BusConnection[] = []
  async function started<B extends BusConnection>(bus: B): Promise<B> {
    buses.push(bus)
    await bus.start()
    return bus
  }
  return {
    serviceBus: () => started(createRabbitMqServiceBus(options)),
    agentBus: (agentName) => started(createRabbitMqAgentBus({ ...options, agentName })),
    async close() {
      await Promise.all(buses.map((bus) => bus.stop()))
      await broker.remove(['a', 'b', 'late'])
    },
  }
})
