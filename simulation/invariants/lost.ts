/** Nothing lost: when a result was acknowledged, it had ended its attempt or was kept as evidence. */
import type { Acknowledged } from '../bus/broker.ts'
import { globalId, type Tables } from './tables.ts'

export function checkNothingLost({ attempts, evidence }: Tables, acknowledged: readonly Acknowledged[]): string[] {
  const traces = new Map<string, number>()
  const leave = (taskId: string, attempt: number, agent: string, at: Date) => {
    const key = `${globalId('Task', taskId)}/${attempt}/${agent}`
    traces.set(key, Math.min(at.getTime(), traces.get(key) ?? Infinity))
  }
  for (const { task_id, number, agent_name, status, finished_at } of attempts) {
    if (finished_at && ['SUCCEEDED', 'FAILED', 'STOPPED'].includes(status)) leave(task_id, number, agent_name, finished_at)
  }
  for (const { task_id, attempt, agent_name, first_at } of evidence) leave(task_id, attempt, agent_name, first_at)
  return acknowledged.flatMap(({ message: { routingKey, body }, at }) => {
    const [, agent, word] = routingKey.split('.')
    if (word !== 'succeeded' && word !== 'failed') return []
    const { taskId, attempt } = (JSON.parse(body) as { data: { taskId: string; attempt: number } }).data
    // What the agent sends again later does not make up for it.
    const isKept = (traces.get(`${taskId}/${attempt}/${agent}`) ?? Infinity) <= at
    return isKept ? [] : [`lost: ${routingKey} about ${taskId} attempt ${attempt} was acknowledged and had left nothing`]
  })
}
