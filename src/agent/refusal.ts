import type { WorkRequested } from '../messaging/messages.ts'
import type { TaskHandler, TaskHandlers } from './handler.ts'
import type { FailureReport } from './task-failure.ts'

/** Why this agent must not carry out the work, or null. */
export function refusalOf(work: WorkRequested, handlers: TaskHandlers): FailureReport | null {
  const handler = Object.hasOwn(handlers, work.intent) ? handlers[work.intent] : undefined
  if (!handler)
    return { code: 'UNKNOWN_INTENT', message: `This agent does not carry out ${work.intent}.`, retryable: true }
  const difference = differenceOf(work, handler)
  return difference === null
    ? null
    : { code: 'CAPABILITY_CHANGED', message: `${work.intent}: ${difference}`, retryable: false }
}

function differenceOf(work: WorkRequested, handler: TaskHandler): string | null {
  if (handler.capabilityDigest !== undefined && handler.capabilityDigest !== work.capabilityDigest) {
    return 'the approved catalog entry is not the one this agent has.'
  }
  if (handler.workType !== work.workType)
    return `approved as ${work.workType}, this agent does it as ${handler.workType}.`
  if (handler.irreversible && work.effect !== 'irreversible')
    return `approved as ${work.effect}, but it cannot be undone.`
  return null
}
