/** What calls of the model cost, in tokens and integer micro-dollars. */
import type { Settings } from '../../../settings.ts'
import { estimateTokens } from '../../planning/external-ai-worth.ts'
import type { ModelUsage } from '../request-decomposer.ts'
import type { ChatMessage } from './prompt.ts'

export type ModelPrice = Pick<Settings, 'OPENAI_MODEL' | 'OPENAI_INPUT_MICRO_USD_PER_1K' | 'OPENAI_OUTPUT_MICRO_USD_PER_1K'>

/** What a call may use at most. */
export type CallEstimate = { readonly tokens: number; readonly costMicroUsd: number }

const costOf = (price: ModelPrice, inputTokens: number, outputTokens: number): number =>
  Math.ceil((inputTokens * price.OPENAI_INPUT_MICRO_USD_PER_1K + outputTokens * price.OPENAI_OUTPUT_MICRO_USD_PER_1K) / 1_000)

/** The input by its length, the output by its limit. */
export function estimateCall(price: ModelPrice, messages: readonly ChatMessage[], schema: unknown, maxOutputTokens: number): CallEstimate {
  const input = inputTokensOf(messages, schema)
  return { tokens: input + maxOutputTokens, costMicroUsd: costOf(price, input, maxOutputTokens) }
}

/** What the endpoint says it used; estimated where it does not say or talks nonsense. */
export function usageOf(
  price: ModelPrice,
  reported: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown } | null | undefined,
  sent: { readonly messages: readonly ChatMessage[]; readonly schema: unknown },
  content: string,
): ModelUsage {
  const inputTokens = countOf(reported?.prompt_tokens) ?? inputTokensOf(sent.messages, sent.schema)
  const outputTokens = countOf(reported?.completion_tokens) ?? estimateTokens(content)
  return { model: price.OPENAI_MODEL, inputTokens, outputTokens, costMicroUsd: costOf(price, inputTokens, outputTokens) }
}

const inputTokensOf = (messages: readonly ChatMessage[], schema: unknown): number =>
  estimateTokens(messages.map((message) => message.content).join('\n')) + estimateTokens(JSON.stringify(schema))

/** No call uses so many; a larger figure is a fault of the endpoint. */
const mostTokens = 10_000_000

const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostTokens ? value : undefined
