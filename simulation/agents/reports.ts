/** What simulated agents say, as messages. */
import { formatMessage } from '../../src/messaging/cloud-event.ts'
import { agentMessageTypes, type MessageData } from '../../src/messaging/messages.ts'
import type { OutgoingMessage } from '../../src/messaging/port.ts'

type Words = typeof agentMessageTypes
type ReportData<Word extends keyof Words> = Omit<MessageData<Words[Word]>, 'taskId' | 'attempt' | 'instance'>

/** What is said about one attempt. */
export type Report = { [Word in Exclude<keyof Words, 'heartbeat'>]: { readonly word: Word; readonly data: ReportData<Word> } }[Exclude<keyof Words, 'heartbeat'>]

export type Sender = { readonly agent: string; readonly instance: string; readonly id: string; readonly time: number }

/** A report under the routing key of its sender. */
export function reportMessage({ agent, instance, id, time }: Sender, of: { taskId: string; attempt: number }, { word, data }: Report): OutgoingMessage {
  const whole = { taskId: of.taskId, attempt: of.attempt, instance, ...data }
  // The parts make up the data of this word's message, which the compiler cannot follow through the union.
  const body = formatMessage(agentMessageTypes[word], whole as MessageData<Words[typeof word]>, { id, source: `/planwright/agents/${agent}`, time: new Date(time) })
  return { exchange: 'results', routingKey: `agent.${agent}.${word}`, messageId: id, body }
}

export function heartbeatMessage({ agent, id, time }: Sender, data: MessageData<'planwright.agent.heartbeat'>): OutgoingMessage {
  const body = formatMessage('planwright.agent.heartbeat', data, { id, source: `/planwright/agents/${agent}`, time: new Date(time) })
  return { exchange: 'results', routingKey: `agent.${agent}.heartbeat`, messageId: id, body }
}
