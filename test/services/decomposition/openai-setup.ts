import { fileURLToPath } from 'node:url'
import type { Catalog } from '../../../src/catalog/capability.ts'
import { loadCatalog } from '../../../src/catalog/load-catalog.ts'
import { createOpenAiDecomposer } from '../../../src/services/decomposition/openai-decomposer.ts'
import type { OpenAiDecomposer, OpenAiDecomposerOptions } from '../../../src/services/decomposition/openai-decomposer.ts'
import type { DecompositionInput } from '../../../src/services/decomposition/request-decomposer.ts'
import { silentLogger } from '../../harness/silent-logger.ts'

export const apiKey = 'sk-test-0123456789abcdefghij'

export const homelab = (): Promise<Catalog> =>
  loadCatalog(fileURLToPath(new URL('../../../evaluation/heldout/homelab/catalog.yaml', import.meta.url)))

/**
 * A decomposer that asks the endpoint at `url`; 1,000 tokens cost 250 in and 2,000 out. Without the checks that follow
 * for every decomposer: what these tests see is what the reading of the answer alone lets through.
 */
export const decomposerAt = (
  url: string,
  catalog: Catalog,
  over: Partial<OpenAiDecomposerOptions['settings']> = {},
  validate: OpenAiDecomposerOptions['validate'] = (unchecked) => unchecked,
): OpenAiDecomposer =>
  createOpenAiDecomposer({
    catalog,
    validate,
    logger: silentLogger,
    settings: {
      OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: url, OPENAI_MODEL: 'scripted', OPENAI_INPUT_MICRO_USD_PER_1K: 250,
      OPENAI_OUTPUT_MICRO_USD_PER_1K: 2_000, OPENAI_TIMEOUT_SECONDS: 20, ...over,
    },
  })

export const ask = (text: string, over: Partial<DecompositionInput> = {}): DecompositionInput => ({ text, answers: [], previous: null, ...over })

/** A subtask as the model answers it. */
export const said = (intent: string, parameters: Record<string, unknown>, over: Record<string, unknown> = {}) => ({
  intent, parameters, unknownValues: [], dependsOn: [], certainty: 'clear', ...over,
})
export const answer = (subtasks: readonly unknown[], over: Record<string, unknown> = {}) => ({
  kind: 'answer' as const, content: { subtasks, unclear: [], outOfScope: [], ...over },
})
