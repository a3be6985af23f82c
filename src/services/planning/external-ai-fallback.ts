/**
 * Decides for each plan whether its agents may use external AI: from complexity, confidence, quota and price. The
 * room is reserved in the transaction that stores the plan and the decision; it is released when the plan ends or is
 * sent back.
 */
import { isConflict } from '../../database/database-errors.ts'
import type { Complexity } from '../../lifecycle/states.ts'
import type { Settings } from '../../settings.ts'
import type { Queryable, Row } from '../recording/rows.ts'
import { estimatePlanTokens, isWorthItsPrice, priceOf } from './external-ai-worth.ts'
import type { ReservationAnswer } from './grant-reservations.ts'
import type { QuotaLedger } from './quota-ledger.ts'

export type FallbackQuestion = {
  readonly planId: string
  readonly requestId: string
  /** Whose quota it counts against, beside the installation's. */
  readonly userId: string
  readonly complexity: Complexity
  /** Lowest confidence among the subtasks, 0..1. */
  readonly confidence: number
  readonly tasks: readonly { readonly intent: string; readonly parameters: Readonly<Record<string, unknown>> }[]
}

export type FallbackAnswer = {
  /** A row of `fallback_decision`, to be inserted after its plan. */
  readonly row: Row
  readonly useExternalAi: boolean
  readonly reason: string
  /** Why the quota could not be checked, for the log; the plan goes on without external AI. */
  readonly failure: Error | null
}

export type ExternalAiFallback = {
  /** Answers each question, in order. A failed check spoils neither the plan nor the caller's transaction. */
  decideAll(client: Queryable, questions: readonly FallbackQuestion[], now: Date): Promise<FallbackAnswer[]>
  /** The same for one plan. */
  decide(client: Queryable, question: FallbackQuestion, now: Date): Promise<FallbackAnswer>
}

export type ExternalAiFallbackOptions = {
  readonly settings: Pick<Settings, 'EXTERNAL_AI' | 'EXTERNAL_AI_MICRO_USD_PER_1K'>
  readonly ledger: Pick<QuotaLedger, 'reserve'>
  readonly newId: () => string
}

/** The key of what a plan reserves; its end releases it. */
export const planReservation = (planId: string): string => `plan:${planId}`

export function createExternalAiFallback({ settings, ledger, newId }: ExternalAiFallbackOptions): ExternalAiFallback {
  const isCandidate = ({ complexity, confidence }: FallbackQuestion) =>
    settings.EXTERNAL_AI && isWorthItsPrice(complexity, confidence)

  const price = (question: FallbackQuestion) => {
    const tokens = estimatePlanTokens(question.tasks)
    return { tokens, costMicroUsd: priceOf(tokens, settings.EXTERNAL_AI_MICRO_USD_PER_1K) }
  }

  async function decideAll(client: Queryable, questions: readonly FallbackQuestion[], now: Date): Promise<FallbackAnswer[]> {
    const candidates = questions.filter(isCandidate)
    const requests = candidates.map((question) => ({
      key: planReservation(question.planId), userId: question.userId, ...price(question),
    }))
    const reserved = candidates.length > 0 ? await reserveSafely(client, () => ledger.reserve(client, requests, now)) : []
    const answers = new Map(candidates.map((question, index) => [question.planId, Array.isArray(reserved) ? reserved[index]! : reserved]))
    return questions.map((question) => toAnswer(newId(), question, price(question), reasonOf(question, answers.get(question.planId)), now))
  }

  function reasonOf(question: FallbackQuestion, answer: ReservationAnswer | Error | undefined): Verdict {
    const left = { tokensLeft: null, costLeftMicroUsd: null, failure: null }
    const kind = `${question.complexity.toLowerCase()} plan, confidence ${question.confidence.toFixed(2)}`
    if (!settings.EXTERNAL_AI) return { ...left, useExternalAi: false, reason: 'External AI is not configured.' }
    if (answer === undefined) return { ...left, useExternalAi: false, reason: `Not worth its price: ${kind}.` }
    if (answer instanceof Error) {
      return { ...left, useExternalAi: false, failure: answer, reason: 'The quota could not be checked; external AI is not used.' }
    }
    const reason = answer.granted
      ? `Worth its price: ${kind}; the quota has room.`
      : `Worth its price (${kind}), but the quota of the ${answer.refusedBy} is exhausted.`
    return { ...answer, failure: null, useExternalAi: answer.granted, reason }
  }

  return {
    decideAll,
    async decide(client, question, now) {
      const [answer] = await decideAll(client, [question], now)
      return answer!
    },
  }
}

type Verdict = Pick<FallbackAnswer, 'useExternalAi' | 'reason' | 'failure'> &
  Pick<ReservationAnswer, 'tokensLeft' | 'costLeftMicroUsd'>

function toAnswer(
  id: string,
  { planId, complexity, confidence }: FallbackQuestion,
  price: { tokens: number; costMicroUsd: number },
  { useExternalAi, reason, failure, tokensLeft, costLeftMicroUsd }: Verdict,
  now: Date,
): FallbackAnswer {
  const row = {
    id,
    plan_id: planId,
    use_external_ai: useExternalAi,
    complexity,
    confidence,
    estimated_tokens: price.tokens,
    estimated_cost_micro_usd: price.costMicroUsd,
    tokens_left: tokensLeft,
    cost_left_micro_usd: costLeftMicroUsd,
    reason,
    decided_at: now.toISOString(),
  }
  return { row, useExternalAi, reason, failure }
}

/**
 * A statement that fails would spoil the whole transaction, so the check has a savepoint. A conflict is thrown on: the
 * transaction is to be run again, and so is an error where the connection itself is gone.
 */
async function reserveSafely(client: Queryable, reserve: () => Promise<ReservationAnswer[]>): Promise<ReservationAnswer[] | Error> {
  const run = (name: string, text: string) => client.query({ name, text, values: [] })
  await run('quota_savepoint', 'savepoint quota_check')
  try {
    const answers = await reserve()
    await run('quota_keep', 'release savepoint quota_check')
    return answers
  } catch (error) {
    if (isConflict(error)) throw error
    await run('quota_undo', 'rollback to savepoint quota_check')
    return error instanceof Error ? error : new Error(String(error))
  }
}
