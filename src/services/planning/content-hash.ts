/** What is approved, as one number: it is recomputed from the stored rows wherever somebody wants proof. */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Task } from '../../entities/task.ts'

/** The fields of a task that an approval is about. */
export type HashedTask = Pick<
  Task,
  | 'order' | 'name' | 'intent' | 'workType' | 'agentType' | 'parameters' | 'dependsOn' | 'effect' | 'timeoutSeconds' | 'maxAttempts'
  | 'requires' | 'sameAgent' | 'useExternalAi' | 'capabilityDigest' | 'carriedFrom'
>

/** SHA-256 (hex) over the RFC 8785 form of what is approved. */
export const contentHash = (tasks: readonly HashedTask[]): string =>
  createHash('sha256').update(canonicalize(approvedContent(tasks)) ?? '').digest('hex')

/** What is approved: the tasks in their order; `dependsOn` holds orders. */
export function approvedContent(tasks: readonly HashedTask[]): readonly object[] {
  return tasks.toSorted((a, b) => a.order - b.order).map((task) => ({
    order: task.order,
    name: task.name,
    intent: task.intent,
    workType: task.workType,
    agentType: task.agentType,
    parameters: task.parameters,
    dependsOn: task.dependsOn.toSorted((a, b) => a - b),
    effect: task.effect,
    limits: { timeoutSeconds: task.timeoutSeconds, maxAttempts: task.maxAttempts },
    requires: task.requires,
    sameAgent: task.sameAgent,
    useExternalAi: task.useExternalAi,
    capabilityDigest: task.capabilityDigest,
    carriedFrom: task.carriedFrom ?? null,
  }))
}
