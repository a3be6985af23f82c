import type { Logger } from '../../logger.ts'
import { ModelCallError } from './model-call-error.ts'
import type { Decomposition, RequestDecomposer } from './request-decomposer.ts'

export type FallbackDecomposerOptions = {
  readonly primary: RequestDecomposer
  /** Stands in where the primary fails. */
  readonly fallback: RequestDecomposer
  readonly logger: Pick<Logger, 'warn'>
}

/**
 * Asks the model; where its endpoint fails the catalog decomposer answers, the answer says so, and what the failed
 * calls used is kept. Any other fault of the primary, and the end of the caller's signal, is thrown on.
 */
export function createFallbackDecomposer({ primary, fallback, logger }: FallbackDecomposerOptions): RequestDecomposer {
  return {
    name: primary.name,
    immediate: primary.immediate && fallback.immediate,
    async decompose(input, signal) {
      try {
        return await primary.decompose(input, signal)
      } catch (error) {
        signal?.throwIfAborted()
        if (!(error instanceof ModelCallError)) throw error
        const { reason, status, usage } = error
        logger.warn({ reason, status, requestId: input.requestId }, 'The catalog decomposer stands in for the model.')
        const answer = await fallback.decompose(input, signal)
        const sentence = `${error.message.replace(/\.$/, '')}; understood from the catalog alone.`
        return { ...withNotice(answer, sentence), usage: [...usage, ...answer.usage] }
      }
    },
  }
}

/** The decomposition with one more thing that the requester should know. */
export const withNotice = (decomposition: Decomposition, sentence: string): Decomposition => ({
  ...decomposition,
  notice: decomposition.notice ? `${sentence} ${decomposition.notice}` : sentence,
})
