/**
 * Understands requests with a language model behind any endpoint that speaks chat completions. The answer is limited to
 * the catalog by a strict schema, and read as data: see openai/read-answer.ts for what of it counts.
 */
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai'
import { z } from 'zod'
import type { Catalog } from '../../catalog/capability.ts'
import type { Logger } from '../../logger.ts'
import type { Settings } from '../../settings.ts'
import { ModelCallError } from './model-call-error.ts'
import type { ModelFailure } from './model-call-error.ts'
import { answerSchema } from './openai/answer-schema.ts'
import { boundedFetch } from './openai/bounded-fetch.ts'
import { estimateCall, usageOf } from './openai/model-price.ts'
import type { CallEstimate } from './openai/model-price.ts'
import { buildMessages } from './openai/prompt.ts'
import { readAnswer } from './openai/read-answer.ts'
import type { ReadAnswer } from './openai/read-answer.ts'
import { createCapabilityRetrieval } from './openai/retrieve-capabilities.ts'
import { tryAgain } from './openai/try-again.ts'
import type { FailedCall } from './openai/try-again.ts'
import type { Decomposition, DecompositionInput, ModelUsage, RequestDecomposer } from './request-decomposer.ts'

export type OpenAiDecomposerOptions = {
  readonly catalog: Catalog
  readonly settings: Pick<
    Settings,
    | 'OPENAI_API_KEY' | 'OPENAI_BASE_URL' | 'OPENAI_MODEL' | 'OPENAI_INPUT_MICRO_USD_PER_1K' | 'OPENAI_OUTPUT_MICRO_USD_PER_1K'
    | 'OPENAI_TIMEOUT_SECONDS'
  >
  /** Checks the answer against the catalog; the same for every decomposer. */
  readonly validate: (answer: Decomposition) => Decomposition
  readonly logger: Pick<Logger, 'debug'>
}

export type OpenAiDecomposer = RequestDecomposer & {
  /** What understanding this may use at most; reserved before the call. */
  estimate(input: DecompositionInput): CallEstimate
}

/** Capabilities that one call may choose from; of a larger catalog those nearest to the request. */
const mostCapabilities = 40
/** A long request has dozens of subtasks of some 60 tokens each. */
const maxOutputTokens = 8_000
const tries = 2
/** For all tries and waits together. */
const totalMs = 45_000

/** Throws ModelCallError where the endpoint gives no usable answer, and the signal's reason where that ended the call. */
export function createOpenAiDecomposer({ catalog, settings, validate, logger }: OpenAiDecomposerOptions): OpenAiDecomposer {
  const retrieval = createCapabilityRetrieval(catalog.capabilities)
  // Everything explicit: the client would read the environment otherwise, and repeat calls on its own.
  const client = new OpenAI({
    apiKey: settings.OPENAI_API_KEY || 'none',
    baseURL: settings.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    timeout: settings.OPENAI_TIMEOUT_SECONDS * 1_000,
    maxRetries: 0,
    logLevel: 'off',
    fetch: boundedFetch,
  })

  function prepare(input: DecompositionInput) {
    const text = [input.text, ...input.answers.map(({ answer }) => answer)].join('\n')
    const before = input.previous?.subtasks.map((subtask) => subtask.intent) ?? []
    const asked = input.answers.flatMap(({ ambiguity }) => ambiguity.choices)
    const capabilities = retrieval.retrieve(text, mostCapabilities, [...new Set([...before, ...asked])])
    return { messages: buildMessages(capabilities, input), schema: answerSchema(capabilities) }
  }

  async function call({ messages, schema }: ReturnType<typeof prepare>, signal: AbortSignal): Promise<Answer | FailedCall> {
    try {
      const completion: unknown = await client.chat.completions.create(
        {
          model: settings.OPENAI_MODEL,
          messages: [...messages],
          max_completion_tokens: maxOutputTokens,
          response_format: { type: 'json_schema', json_schema: { name: 'decomposition', strict: true, schema } },
        },
        { signal },
      )
      const read = completionShape.safeParse(completion)
      if (!read.success) return { error: new ModelCallError('wrong shape', { usage: usageBeside(completion, { messages, schema }) }), retryAfterMs: null }
      const { usage, choices } = read.data
      const { message, finish_reason } = choices[0]!
      const content = message.content ?? ''
      const used = usageOf(settings, usage, { messages, schema }, content || message.refusal || '')
      const fault = faultOf(finish_reason, message)
      if (fault) return { error: new ModelCallError(fault, { usage: [used] }), retryAfterMs: null }
      return { content, usage: used }
    } catch (error) {
      return failureOf(error)
    }
  }

  /** A call without a readable answer is paid for where the endpoint says what it used. */
  function usageBeside(completion: unknown, sent: Pick<ReturnType<typeof prepare>, 'messages' | 'schema'>): ModelUsage[] {
    const reported = usageShape.safeParse(completion)
    return reported.success ? [usageOf(settings, reported.data.usage, sent, '')] : []
  }

  return {
    name: 'openai',
    immediate: false,
    estimate(input) {
      const { messages, schema } = prepare(input)
      return estimateCall(settings, messages, schema, maxOutputTokens)
    },
    async decompose(input, signal) {
      signal?.throwIfAborted()
      const prepared = prepare(input)
      const deadline = AbortSignal.timeout(totalMs)
      const both = signal ? AbortSignal.any([signal, deadline]) : deadline
      const started = performance.now()
      const { content, usage } = await tryAgain(() => call(prepared, both), { tries, signal: both }).catch((error: unknown) => {
        signal?.throwIfAborted()
        throw deadline.aborted ? new ModelCallError('timeout') : error
      })
      logger.debug({ ...usage, ms: Math.round(performance.now() - started) }, 'A request was read by a model.')
      const answer = readAnswer(catalog, input, content)
      if (!answer) throw new ModelCallError('wrong shape', { usage: [usage] })
      return validate(toDecomposition(answer, usage))
    },
  }
}

function toDecomposition({ subtasks, ambiguities, outOfScope, leftOut }: ReadAnswer, usage: ModelUsage): Decomposition {
  const failed = subtasks.length === 0 && ambiguities.length === 0
  return {
    status: failed ? 'PARSING_FAILED' : ambiguities.length > 0 ? 'REQUIRES_CLARIFICATION' : 'PARSING_COMPLETE',
    subtasks,
    ambiguities,
    outOfScope,
    failureReason: failed ? 'Nothing in the request is something this installation can do.' : null,
    notice: leftOut === 0 ? null : `Left out of the model's answer, because neither the catalog nor the request has it: ${leftOut}.`,
    usage: [usage],
  }
}

type Answer = { readonly content: string; readonly usage: ModelUsage }

const tokenCounts = z.object({ prompt_tokens: z.unknown(), completion_tokens: z.unknown() })
const usageShape = z.object({ usage: tokenCounts })
const completionShape = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: tokenCounts.nullish().catch(null),
})
type Choice = z.infer<typeof completionShape>['choices'][number]

function faultOf(finishReason: Choice['finish_reason'], message: Choice['message']): ModelFailure | null {
  if (message.refusal || finishReason === 'content_filter') return 'refusal'
  if (finishReason === 'length') return 'truncated'
  return message.content ? null : 'wrong shape'
}

/** Why a call failed. An end by the signal is thrown on: it is no answer of the endpoint. */
function failureOf(error: unknown): FailedCall {
  if (error instanceof APIUserAbortError) throw error
  if (error instanceof APIConnectionTimeoutError) return { error: new ModelCallError('timeout'), retryAfterMs: null }
  if (error instanceof APIConnectionError) {
    const refused = hasCode(error, 'ECONNREFUSED')
    return { error: new ModelCallError(refused ? 'connection refused' : 'connection lost'), retryAfterMs: null }
  }
  if (error instanceof APIError && typeof error.status === 'number') {
    const reason = reasonOfStatus(error.status)
    return { error: new ModelCallError(reason, { status: error.status }), retryAfterMs: retryAfterOf(error.headers) }
  }
  // No JSON.
  if (error instanceof SyntaxError) return { error: new ModelCallError('wrong shape'), retryAfterMs: null }
  throw error
}

function reasonOfStatus(status: number): ModelFailure {
  if (status === 429) return 'rate limit'
  if (status === 401 || status === 403) return 'credentials refused'
  return status >= 500 || status === 408 ? 'server error' : 'rejected'
}

/** Seconds or a date, in milliseconds from now. */
function retryAfterOf(headers: Headers | undefined): number | null {
  const value = headers?.get('retry-after')
  if (!value) return null
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

function hasCode(error: unknown, code: string, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false
  return ('code' in error && error.code === code) || hasCode(error.cause, code, depth + 1)
}
