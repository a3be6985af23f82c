/** Nothing lost: a result that was acknowledged ended its attempt, or is kept as evidence. */
import type { OutgoingMessage } from '../../src/messaging/port.ts'
import { globalId, type Tables } from './tables.ts'

export function checkNothingLost({ attempts, evidence }: Tables, acknowledged: readonly OutgoingMessage[]): string[] {
  const ended = new Set(attempts.filter(({ status }) => status === 'SUCCEEDED' || status === 'FAILED' || status === 'STOPPED').map(({ task_id, number, agent_name }) => `${globalId('Task', task_id)}/${number}/${agent_name}`))
  const kept = new Set(evidence.map(({ task_id, attempt, agent_name }) => `${globalId('Task', task_id)}/${attempt}/${agent_name}`))
  return acknowledged.flatMap(({ routingKey, body }) => {
    const [, agent, word] = routingKey.split('.')
    if (word !== 'succeeded' && word !== 'failed') return []
    const { taskId, attempt } = (JSON.parse(body) as { data: { taskId: string; attempt: number } }).data
    const key = `${taskId}/${attempt}/${agent}`
    return ended.has(key) || kept.has(key) ? [] : [`lost: ${routingKey} about ${taskId} attempt ${attempt} was acknowledged and left nothing`]
  })
}
