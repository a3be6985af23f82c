/** Runs operations: cost and time are bounded, errors masked, and each event of a subscription gets fresh reads. */
import {
  createSourceEventStream, execute, executeSubscriptionEvent, mapSourceToResponseEvent, validateSubscriptionArgs,
  GraphQLError, type ExecutionArgs, type ExecutionResult,
} from 'graphql'
import type { Logger } from '../logger.ts'
import type { OperationContext } from '../operation-context.ts'
import { checkCost } from '../schema/limits/operation-cost.ts'
import { createErrorMask, maskResult, type ErrorMask } from './client-error.ts'

export type ExecutionSettings = {
  readonly logger: Pick<Logger, 'error' | 'warn'>
  /** Milliseconds after which an operation is answered with an error. */
  readonly timeoutMs: number
  readonly hideSuggestions: boolean
}

export type EventStream = AsyncGenerator<ExecutionResult, void, void>

type Args = ExecutionArgs & { readonly contextValue: OperationContext }

export type Execution = {
  execute(args: ExecutionArgs): Promise<ExecutionResult>
  /** A stream of results, or one result where it could not begin. */
  subscribe(args: ExecutionArgs): Promise<EventStream | ExecutionResult>
}

export function createExecution(settings: ExecutionSettings): Execution {
  const { logger, timeoutMs, hideSuggestions } = settings
  return {
    async execute(given) {
      const args = given as Args
      const mask = createErrorMask({ logger }, args.contextValue.requestId)
      const tooMuch = checkCost(args)
      if (tooMuch) return { errors: [tooMuch] }
      return withTimeout(timeoutMs, mask, (abortSignal) => execute({ ...args, hideSuggestions, abortSignal }))
    },
    async subscribe(given) {
      const args = given as Args
      const mask = createErrorMask({ logger }, args.contextValue.requestId)
      const tooMuch = checkCost(args)
      if (tooMuch) return { errors: [tooMuch] }
      const valid = validateSubscriptionArgs({ ...args, hideSuggestions })
      if (!('schema' in valid)) return { errors: valid.map(mask) }
      const source = await createSourceEventStream(valid)
      if (!(Symbol.asyncIterator in source)) return maskResult(mask, source)
      const events = mapSourceToResponseEvent(valid, source, (event) =>
        executeSubscriptionEvent({ ...valid, ...event, contextValue: renewed(args.contextValue) }))
      return maskEvents(mask, events)
    },
  }
}

/** Loaders answer from memory: with those of an earlier event, a later one would show old rows for ever. */
const renewed = (context: OperationContext): OperationContext => ({ ...context, ...context.renew() })

async function withTimeout(
  timeoutMs: number,
  mask: ErrorMask,
  run: (signal: AbortSignal) => ExecutionResult | Promise<ExecutionResult>,
): Promise<ExecutionResult> {
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<ExecutionResult>((resolve) => {
    timer = setTimeout(() => {
      resolve({ errors: [tooLate(timeoutMs)] })
      stop.abort()
    }, timeoutMs)
  })
  const result = Promise.resolve(run(stop.signal)).then(
    (done) => maskResult(mask, done),
    (error: unknown) => ({ errors: [stop.signal.aborted ? tooLate(timeoutMs) : mask(error)] }),
  )
  try {
    return await Promise.race([result, late])
  } finally {
    clearTimeout(timer)
  }
}

const tooLate = (timeoutMs: number): GraphQLError =>
  new GraphQLError(
    `The operation took longer than ${timeoutMs / 1_000} s. A query can be repeated with smaller pages; after a mutation, read what became of it.`,
    { extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 2 } },
  )

/** A fault of the stream itself becomes its last event. */
function maskEvents(mask: ErrorMask, events: EventStream): EventStream {
  let failed = false
  const stream: EventStream = {
    async next() {
      if (failed) return { done: true, value: undefined }
      try {
        const { done, value } = await events.next()
        return done ? { done, value: undefined } : { done: false, value: maskResult(mask, value) }
      } catch (error) {
        failed = true
        return { done: false, value: { errors: [mask(error)] } }
      }
    },
    return: () => events.return(),
    throw: (error) => events.throw(error),
    [Symbol.asyncIterator]: () => stream,
    [Symbol.asyncDispose]: async () => {
      await events.return()
    },
  }
  return stream
}
