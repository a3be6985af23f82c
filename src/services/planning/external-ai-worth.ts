/** When external AI is worth its price for a plan, and what that price will be. */
import type { Complexity } from '../../lifecycle/states.ts'

/**
 * Confidence (lowest among the subtasks, calibrated) below which external AI is worth its price. A complex plan always
 * is. In a medium plan one subtask in four being wrong costs more than a model. A simple plan is quickly judged by the
 * person who approves it, unless it is more likely wrong than right.
 */
export const worthBelowConfidence: Readonly<Record<Complexity, number>> = { SIMPLE: 0.5, MEDIUM: 0.75, COMPLEX: Infinity }

export const isWorthItsPrice = (complexity: Complexity, confidence: number): boolean =>
  confidence < worthBelowConfidence[complexity]

/** Tokens of one task without its parameters: instructions, inputs from earlier tasks and an answer of usual length. */
const tokensPerTask = 3_000

/** A token is rarely less than three bytes of UTF-8, in any language: this counts rather too many. */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3)

const largestInteger = 2_147_483_647

/** What the agents of a plan are expected to use; parameters are read and repeated in the answer. */
export function estimatePlanTokens(tasks: readonly { readonly parameters: Readonly<Record<string, unknown>> }[]): number {
  const tokens = tasks.reduce((sum, task) => sum + tokensPerTask + 2 * estimateTokens(JSON.stringify(task.parameters)), 0)
  return Math.min(tokens, largestInteger)
}

/** Price in integer micro-dollars, rounded up. */
export const priceOf = (tokens: number, microUsdPer1K: number): number => Math.ceil((tokens * microUsdPer1K) / 1_000)
