import { z } from 'zod'
import { attributeLimits, dataschemaOf } from '../../src/messaging/cloud-event.ts'
import { messageData } from '../../src/messaging/messages.ts'
import type { MessageType } from '../../src/messaging/messages.ts'

/** What each message says, for people who write an agent. */
export const summaries: Readonly<Record<MessageType, string>> = {
  'planwright.work.requested': 'Carry out one attempt of one task of an approved plan.',
  'planwright.work.granted': 'Start an irreversible task whose attempt was accepted.',
  'planwright.work.cancelled': 'Stop an attempt, or do not begin it; answered by stopped.',
  'planwright.work.accepted': 'This agent holds the attempt; its heartbeats renew the lease from now on.',
  'planwright.work.progressed': 'How far the attempt is, at most once a second.',
  'planwright.work.succeeded': 'The attempt is done; output goes to the tasks that depend on it.',
  'planwright.work.failed': 'The attempt failed; retryable says whether another attempt may help.',
  'planwright.work.stopped': 'What became of an attempt that was to be cancelled.',
  'planwright.agent.heartbeat':
    'This agent is alive, what it can do, what it has free and which attempts it holds; every 3 seconds.',
}

/** All message types, in the order of the code. */
export const messageTypes = Object.keys(messageData).filter((type): type is MessageType => type in messageData)

const text = (maxLength: number, description: string) => ({ type: 'string', minLength: 1, maxLength, description })

/** The JSON Schema of the whole CloudEvent, envelope and data. */
export function eventSchema(type: MessageType): Record<string, unknown> {
  const { $schema, ...data } = z.toJSONSchema(messageData[type], { target: 'draft-2020-12', io: 'input' })
  return {
    $schema,
    $id: dataschemaOf(type),
    title: type,
    description: `${summaries[type]} A CloudEvents 1.0 event in structured JSON mode.`,
    type: 'object',
    properties: {
      specversion: { const: '1.0' },
      id: text(attributeLimits.id, 'The same for every repetition of this message.'),
      source: { ...text(attributeLimits.source, 'Who sends it.'), format: 'uri-reference' },
      type: { const: type },
      time: { ...text(attributeLimits.time, 'Informative: clocks differ.'), format: 'date-time' },
      datacontenttype: { const: 'application/json' },
      dataschema: { const: dataschemaOf(type), description: 'Ends in the protocol version; absent means this one.' },
      subject: text(attributeLimits.subject, 'What it is about.'),
      traceparent: text(attributeLimits.traceparent, 'W3C trace context; send it back with the results.'),
      requestid: text(attributeLimits.requestid, 'Id of the request that caused it, for logs; send it back with the results.'),
      signature: text(attributeLimits.signature, 'Detached EdDSA JWS (RFC 7797) of the service over the data in canonical form (RFC 8785); its header has the type as typ and the agent as aud.'),
      data,
    },
    required: ['specversion', 'id', 'source', 'type', 'data'],
  }
}
