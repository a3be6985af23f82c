import type { ModelUsage } from './request-decomposer.ts'

/** Why a model gave no usable answer. */
export type ModelFailure =
  | 'refusal' | 'wrong shape' | 'truncated' | 'rate limit' | 'server error' | 'rejected' | 'credentials refused'
  | 'timeout' | 'connection refused' | 'connection lost'

const sentences: Readonly<Record<ModelFailure, string>> = {
  refusal: 'The model refused to answer.',
  'wrong shape': 'The model answered in a wrong shape.',
  truncated: 'The model answer was truncated.',
  'rate limit': 'The model endpoint did not answer (rate limit).',
  'server error': 'The model endpoint did not answer (server error).',
  rejected: 'The model endpoint rejected the call.',
  'credentials refused': 'The model endpoint refused the credentials.',
  timeout: 'The model endpoint did not answer (timeout).',
  'connection refused': 'The model endpoint did not answer (connection refused).',
  'connection lost': 'The model endpoint did not answer (connection lost).',
}

/**
 * A call of a model endpoint that led to no usable answer. The message is ours and may be shown: it holds nothing of
 * what the endpoint said, which may repeat the request or the key.
 */
export class ModelCallError extends Error {
  override readonly name = 'ModelCallError'
  readonly reason: ModelFailure
  /** HTTP status, where there was one. */
  readonly status: number | null
  /** What the failed calls used nevertheless. */
  readonly usage: readonly ModelUsage[]
  constructor(reason: ModelFailure, { status = null, usage = [] }: { status?: number | null; usage?: readonly ModelUsage[] } = {}) {
    super(sentences[reason])
    this.reason = reason
    this.status = status
    this.usage = usage
  }
}
