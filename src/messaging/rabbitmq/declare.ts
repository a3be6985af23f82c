import type { Channel, ChannelModel } from 'amqplib'
import type { Logger } from '../../logger.ts'
import type { Topology } from '../topology.ts'
import { closeChannel, watch } from './channel.ts'

/** Declares what does not exist yet. Throws when something exists with other arguments, which never change. */
export async function declare(channel: Channel, topology: Topology): Promise<void> {
  for (const { name, type, arguments: args } of topology.exchanges) {
    await channel.assertExchange(name, type, { durable: true, arguments: args })
  }
  for (const { name, arguments: args } of topology.queues) {
    await channel.assertQueue(name, { durable: true, arguments: args })
  }
  for (const { exchange, queue, pattern, arguments: args } of topology.bindings) {
    await channel.bindQueue(queue, exchange, pattern, args)
  }
}

/** The same on a channel of its own. */
export async function declareOn(model: ChannelModel, topology: Topology, logger: Logger): Promise<void> {
  const channel = await model.createChannel()
  void watch(channel, 'topology', logger)
  try {
    await declare(channel, topology)
  } finally {
    await closeChannel(channel)
  }
}
