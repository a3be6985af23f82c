/** A bus that sends some results again, at once and later, and tells which results the broker has confirmed. */
import type { AgentBus, OutgoingMessage } from '../../src/messaging/port.ts'

/** A result that the broker has stored. */
export type ConfirmedReport = { readonly messageId: string; readonly word: string; readonly taskId: string; readonly attempt: number }

export type RepeatOptions = {
  /** How many in a hundred results are sent again. */
  readonly percent: number
  readonly confirmed: (report: ConfirmedReport) => void
}

const resultWords = ['succeeded', 'failed', 'stopped']
const longestDelayMs = 5_000

const wordOf = ({ routingKey }: OutgoingMessage) => routingKey.split('.').at(-1) ?? ''

export function repeatResults(bus: AgentBus, { percent, confirmed }: RepeatOptions): AgentBus {
  return {
    ...bus,
    async publish(messages) {
      const outcomes = await bus.publish(messages)
      messages.forEach((message, index) => {
        if (!resultWords.includes(wordOf(message)) || outcomes[index] !== 'confirmed') return
        confirmed(reportOf(message))
        if (Math.random() * 100 >= percent) return
        const times = 1 + Math.floor(Math.random() * 3)
        void bus.publish(Array.from({ length: times }, () => message))
        setTimeout(() => void bus.publish([message]), Math.random() * longestDelayMs)
      })
      return outcomes
    },
  }
}

function reportOf(message: OutgoingMessage): ConfirmedReport {
  const { data } = JSON.parse(message.body) as { data: { taskId: string; attempt: number } }
  return { messageId: message.messageId, word: wordOf(message), taskId: data.taskId, attempt: data.attempt }
}
