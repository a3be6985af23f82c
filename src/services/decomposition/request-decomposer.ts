/** Port: understands a request in plain language as calls of catalog capabilities. */

import type { Ambiguity, OutOfScopeItem, Subtask } from '../../entities/decomposition.ts'

export type { Ambiguity, OutOfScopeItem, Subtask }

export type DecompositionStatus = 'PARSING_COMPLETE' | 'REQUIRES_CLARIFICATION' | 'PARSING_FAILED'

/** What a paid model call used; costs are integer micro-dollars. */
export type ModelUsage = { readonly model: string; readonly inputTokens: number; readonly outputTokens: number; readonly costMicroUsd: number }

export type Decomposition = {
  readonly status: DecompositionStatus
  readonly subtasks: readonly Subtask[]
  readonly ambiguities: readonly Ambiguity[]
  readonly outOfScope: readonly OutOfScopeItem[]
  /** Why it failed, for status PARSING_FAILED. */
  readonly failureReason: string | null
  /** Something the requester should know, such as that the catalog decomposer stood in for the model. */
  readonly notice: string | null
  /** Usage that is still to be booked; a metered decomposer books its own and answers none. */
  readonly usage: readonly ModelUsage[]
}

/** An answer of a person to an earlier question. */
export type ClarificationAnswer = { readonly ambiguity: Ambiguity; readonly answer: string }

export type DecompositionInput = {
  readonly text: string
  /** All answers so far, oldest first, with the decomposition they refer to in `previous`. */
  readonly answers: readonly ClarificationAnswer[]
  /** How many of them, at the end, `previous` does not know yet; all where absent. */
  readonly newAnswers?: number
  readonly previous: Decomposition | null
  /** Request and user whose quota a paid call counts against; a metered decomposer needs both. */
  readonly requestId?: string
  readonly userId?: string
}

export type RequestDecomposer = {
  /** `catalog` or `openai`: stored with the request. */
  readonly name: string
  /** True where an answer takes milliseconds and costs nothing, so that it may be awaited inside the caller's request. */
  readonly immediate: boolean
  /**
   * Throws only when it cannot work at all (the request then becomes PARSING_FAILED with the reason of the error's
   * message); what it does not understand is an answer, not an error.
   */
  decompose(input: DecompositionInput, signal?: AbortSignal): Promise<Decomposition>
}
