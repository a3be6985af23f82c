import { randomUUID } from 'node:crypto'
import type { Cause } from '../cause.ts'
import { formatMessage } from '../messaging/cloud-event.ts'
import type { EventAttributes } from '../messaging/cloud-event.ts'
import { agentMessageTypes } from '../messaging/messages.ts'
import type { MessageData } from '../messaging/messages.ts'
import type { OutgoingMessage } from '../messaging/port.ts'
import { redactJson } from '../redact-secrets.ts'

/** Who reports: the agent and this run of it. */
export type Reporter = { readonly name: string; readonly instance: string }
/** Names one attempt of one task. */
export type AttemptRef = { readonly taskId: string; readonly attempt: number }

export type ReportWord = Exclude<keyof typeof agentMessageTypes, 'heartbeat'>
type DataOf<W extends ReportWord> = Omit<MessageData<(typeof agentMessageTypes)[W]>, 'taskId' | 'attempt' | 'instance'>

/** The message that tells the service one thing about one attempt. */
export function formatReport<W extends ReportWord>(
  reporter: Reporter,
  { taskId, attempt }: AttemptRef,
  word: W,
  data: DataOf<W>,
  cause?: Cause,
): OutgoingMessage {
  // What a program prints may hold what nobody meant to send.
  const whole = { taskId, attempt, instance: reporter.instance, ...redactJson(data) }
  // The parts make up the data of this word's message, which the compiler cannot follow through a type parameter.
  return agentMessage(reporter, word, whole as MessageData<(typeof agentMessageTypes)[W]>, {
    subject: taskId,
    traceparent: cause?.traceparent,
    requestid: cause?.requestId,
  })
}

/** A message of an agent under its own routing key. */
export function agentMessage<W extends keyof typeof agentMessageTypes>(
  reporter: Reporter,
  word: W,
  data: MessageData<(typeof agentMessageTypes)[W]>,
  attributes: Pick<EventAttributes, 'subject' | 'traceparent' | 'requestid'>,
): OutgoingMessage {
  const id = randomUUID()
  return {
    exchange: 'results',
    routingKey: `agent.${reporter.name}.${word}`,
    messageId: id,
    body: formatMessage(agentMessageTypes[word], data, {
      id,
      source: `urn:planwright:agent:${reporter.name}`,
      time: new Date(),
      ...attributes,
    }),
  }
}
