import { agentMessageTypes, maxMessageBytes, protocolVersion } from '../../src/messaging/messages.ts'
import type { MessageType } from '../../src/messaging/messages.ts'
import { brokerNames } from '../../src/messaging/topology.ts'
import { messageTypes, summaries } from './event-schema.ts'

const bindingVersion = '0.3.0'
const names = brokerNames('planwright')
const agentQueue = names.agentQueue('x').replace(/x$/, '{agentName}')
const description = `The agent's side of Planwright's wire protocol: an agent receives work and sends results.

Every message is a CloudEvents 1.0 event in structured JSON mode, at most ${maxMessageBytes} bytes. An agent declares
nothing on the broker: its queue is created when its first heartbeat arrives. It acknowledges work once its accepted
(or an early result) is confirmed, drops repetitions of (taskId, attempt), and publishes mandatory and with confirms.
Work arrives at least once; results are applied once. All names begin with AMQP_PREFIX, here planwright.`

const agentName = {
  description: 'The name of the agent; topic permissions let it send under its own name only. Matches [a-z0-9-]{1,64}.',
}
const lastWord = (type: MessageType): string => type.slice(type.lastIndexOf('.') + 1)
const messageRef = (type: MessageType) => ({ $ref: `#/components/messages/${type}` })
const channelMessages = (types: readonly MessageType[]) =>
  Object.fromEntries(types.map((type) => [lastWord(type), messageRef(type)]))
const workTypes = messageTypes.filter((type) => !(Object.values(agentMessageTypes) as readonly string[]).includes(type))

function resultsChannel(word: string, type: MessageType) {
  return {
    address: `agent.{agentName}.${word}`,
    messages: channelMessages([type]),
    parameters: { agentName },
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name: names.exchanges.results, type: 'topic', durable: true, autoDelete: false, vhost: '/' },
        bindingVersion,
      },
    },
  }
}

function sendOperation(word: string, type: MessageType) {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${word}` },
    summary: summaries[type],
    messages: [{ $ref: `#/channels/${word}/messages/${lastWord(type)}` }],
    bindings: { amqp: { deliveryMode: word === 'heartbeat' ? 1 : 2, mandatory: true, bindingVersion } },
  }
}

/** The AsyncAPI 3.0 document of an agent. */
export function asyncApiDocument() {
  const sent = Object.entries(agentMessageTypes)
  return {
    asyncapi: '3.0.0',
    id: 'urn:planwright:agent',
    info: { title: 'Planwright agent', version: `${protocolVersion}.0.0`, description },
    defaultContentType: 'application/cloudevents+json',
    servers: {
      broker: {
        host: 'localhost:5672',
        protocol: 'amqp',
        protocolVersion: '0.9.1',
        description: 'RabbitMQ 3.10 or later.',
        security: [{ $ref: '#/components/securitySchemes/user' }],
      },
    },
    channels: {
      work: {
        address: agentQueue,
        messages: channelMessages(workTypes),
        parameters: { agentName },
        description: `Durable quorum queue, bound to ${names.exchanges.work} with the routing key agent.{agentName}.`,
        bindings: {
          amqp: {
            is: 'queue',
            queue: { name: agentQueue, durable: true, exclusive: false, autoDelete: false, vhost: '/' },
            bindingVersion,
          },
        },
      },
      ...Object.fromEntries(sent.map(([word, type]) => [word, resultsChannel(word, type)])),
    },
    operations: {
      receiveWork: {
        action: 'receive',
        channel: { $ref: '#/channels/work' },
        summary: 'Take work, grants and cancels, with a bounded prefetch.',
        messages: workTypes.map((type) => ({ $ref: `#/channels/work/messages/${lastWord(type)}` })),
        bindings: { amqp: { ack: true, bindingVersion } },
      },
      ...Object.fromEntries(sent.map(([word, type]) => [`send.${word}`, sendOperation(word, type)])),
    },
    components: {
      securitySchemes: {
        user: { type: 'userPassword', description: 'A broker user for each agent, limited by topic permissions.' },
      },
      messages: Object.fromEntries(
        messageTypes.map((type) => [
          type,
          {
            name: type,
            title: lastWord(type),
            summary: summaries[type],
            contentType: 'application/cloudevents+json',
            payload: {
              schemaFormat: 'application/schema+json;version=draft-2020-12',
              schema: { $ref: `./${type}.schema.json` },
            },
            bindings: { amqp: { messageType: type, bindingVersion } },
          },
        ]),
      ),
    },
  }
}
