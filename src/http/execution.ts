/**
 * Runs operations: cost and time are bounded, errors masked, each event of a subscription gets fresh reads, and equal
 * subscriptions are executed once.
 */
import {
  createSourceEventStream, validateExecutionArgs, validateSubscriptionArgs, GraphQLError, type ExecutionArgs, type ExecutionResult,
} from 'graphql'
import { NotFoundError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { OperationContext } from '../operation-context.ts'
import { checkCost } from '../schema/limits/operation-cost.ts'
import { createErrorMask, maskResult, type ErrorMask } from './client-error.ts'
import { executeEvent, executeOperation } from './operation-executor.ts'
import { readByPulling, type EventStream } from './queue-reader.ts'
import type { Source } from './read-ahead.ts'
import { createSharedStreams, type Membership, type Reader } from './shared-streams.ts'
import { guardReader, mayWatch, watchedPlan } from './shared-audience.ts'
import { createSharingKeys } from './sharing-key.ts'
import { withoutTransport } from './with-extensions.ts'

export type ExecutionSettings = {
  readonly logger: Pick<Logger, 'error' | 'warn'>
  /** Milliseconds after which an operation is answered with an error. */
  readonly timeoutMs: number
  readonly hideSuggestions: boolean
}

type Args = ExecutionArgs & { readonly contextValue: OperationContext }

export type Execution = {
  execute(args: ExecutionArgs): Promise<ExecutionResult>
  /** A stream of results, or one result where it could not begin. */
  subscribe(args: ExecutionArgs): Promise<EventStream | ExecutionResult>
  /** The same for a reader that is handed the events as they come. */
  join(args: ExecutionArgs, reader: Reader): Promise<Membership | ExecutionResult>
  /** Subscribers now, and the streams that serve them. */
  subscriptions(): { readonly subscribers: number; readonly streams: number }
}

export function createExecution(settings: ExecutionSettings): Execution {
  const { logger, timeoutMs, hideSuggestions } = settings
  const shared = createSharedStreams()
  const keys = createSharingKeys()

  async function join(args: Args, reader: Reader): Promise<Membership | ExecutionResult> {
    const tooMuch = checkCost(args)
    if (tooMuch) return { errors: [tooMuch] }
    const mask = createErrorMask({ logger }, args.contextValue.requestId)
    const valid = validateSubscriptionArgs({ ...args, hideSuggestions })
    if (!('schema' in valid)) return { errors: valid.map(mask) }
    const caller = args.contextValue
    const sharing = keys.of(args)
    const planId = watchedPlan(valid)
    // Who may not begin is refused by a stream of their own, like one of a plan that does not exist.
    const isShared = sharing !== null && (await mayWatch(caller, planId))
    const contextValue = isShared ? caller.forOthers() : caller
    const contextOf = contextOfPages(contextValue, sharing?.of.positions?.pageOf)
    const open = async (): Promise<Source | ExecutionResult> => {
      const source = await createSourceEventStream({ ...valid, contextValue })
      if (!(Symbol.asyncIterator in source)) return maskResult(mask, source)
      return {
        events: source[Symbol.asyncIterator](),
        execute: async (rootValue) => maskResult(mask, await executeEvent({ ...valid, rootValue, contextValue: contextOf(rootValue) })),
        fault: (error) => ({ errors: [mask(error)] }),
        audienceOf: isShared && caller.viewer !== null ? (event) => caller.services.audienceOf(sharing.of.planIdOf(event)) : null,
        pageOf: sharing?.of.positions?.pageOf ?? null,
        positionOf: sharing?.of.positions?.positionOf ?? null,
        serialize,
      }
    }
    if (!isShared || caller.viewer === null) return shared.join(isShared ? sharing.name : null, open, reader)
    const refusal: ExecutionResult | null = planId === null ? null : { errors: [mask(new NotFoundError('plan', planId))] }
    const guarded = guardReader(reader, caller.viewer, refusal && { result: refusal, text: serialize(refusal) })
    const membership = await shared.join(sharing.name, open, guarded.reader)
    if ('leave' in membership) guarded.onRefused(membership.leave)
    return membership
  }

  return {
    async execute(given) {
      const args = given as Args
      const mask = createErrorMask({ logger }, args.contextValue.requestId)
      const tooMuch = checkCost(args)
      if (tooMuch) return { errors: [tooMuch] }
      return withTimeout(timeoutMs, mask, (abortSignal) => {
        const valid = validateExecutionArgs({ ...args, hideSuggestions, abortSignal })
        return 'schema' in valid ? executeOperation(valid) : { errors: valid }
      })
    },
    subscribe: (given) => readByPulling((reader) => join(given as Args, reader)),
    join: (given, reader) => join(given as Args, reader),
    subscriptions: () => ({ subscribers: shared.readers, streams: shared.streams }),
  }
}

/** Loaders answer from memory: with those of an earlier page of events, a later one would show old rows for ever. */
function contextOfPages(context: OperationContext, pageOf?: (event: unknown) => object | undefined): (event: unknown) => OperationContext {
  let last: { readonly page: object; readonly context: OperationContext } | null = null
  return (event) => {
    const page = pageOf?.(event)
    if (page && last?.page === page) return last.context
    const renewed = context.renew()
    last = page ? { page, context: renewed } : null
    return renewed
  }
}

/** What concerns HTTP only stays out of events. */
const serialize = ({ errors, ...result }: ExecutionResult): string =>
  JSON.stringify(errors ? { ...result, errors: errors.map(withoutTransport) } : result)

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
