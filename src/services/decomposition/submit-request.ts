import type { Subtask } from '../../entities/decomposition.ts'

/** A subtask as programs submit it in place of text. */
export type SubmittedSubtask = Pick<Subtask, 'intent' | 'parameters'> & { readonly order?: number; readonly dependsOn?: readonly number[] }

export type SubmitRequestInput = {
  /** 1 to 10,000 code points, not blank. Exactly one of text and subtasks. */
  readonly text?: string | null
  /** 1 to 1,000. */
  readonly subtasks?: readonly SubmittedSubtask[] | null
  /** At most 200 characters, by user: a repeated submit returns the first request. */
  readonly idempotencyKey?: string | null
}
