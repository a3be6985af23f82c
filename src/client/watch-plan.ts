import { ConnectionLostError } from './api-error.ts'
import type { Connection, FollowOptions } from './connection.ts'
import { WatchPlanDocument, type WatchPlanSubscription } from './generated/graphql.ts'
import { textOf, type TypedDocument } from './transport.ts'

/** What the document of a watch has to select; more is welcome. */
export type WatchPlanResult = { planStatus: { sequence: number } }
export type WatchPlanVariables = { planId: string; afterSequence?: number | null | undefined }

export type WatchPlanOptions<Result extends WatchPlanResult = WatchPlanSubscription> = FollowOptions & {
  /** Replay every entry of the plan's log after this number first; left out: begin with the present state. */
  readonly afterSequence?: number
  /** A subscription of your own, on `planStatus` with these two variables. */
  readonly document?: TypedDocument<Result, WatchPlanVariables>
}

/**
 * What happens to a plan, each entry of its log once and in order whatever becomes of connections and replicas; ends by
 * itself when the plan can change no more. Throws PlanwrightApiError with NOT_FOUND for a plan that is none and with
 * INVALID_INPUT for a number beyond its log.
 */
export async function* watchPlan<Result extends WatchPlanResult = WatchPlanSubscription>(
  { follow }: Pick<Connection, 'follow'>,
  planId: string,
  { afterSequence, document, ...options }: WatchPlanOptions<Result> = {},
): AsyncGenerator<Result['planStatus'], void> {
  const query = textOf(document ?? WatchPlanDocument)
  let seen = afterSequence
  for (let isComplete = false; !isComplete && !options.signal?.aborted; ) {
    isComplete = true
    const events = follow(() => ({ query, variables: { planId, afterSequence: seen } satisfies WatchPlanVariables }), options)
    for await (const event of events) {
      const { planStatus } = event as Result
      const { sequence } = planStatus
      if (seen !== undefined && sequence <= seen) continue
      if (seen !== undefined && sequence > seen + 1) {
        options.onInterruption?.({ error: new ConnectionLostError(`Entry ${seen + 1} did not arrive.`), retryInMs: 0 })
        isComplete = false
        break
      }
      seen = sequence
      yield planStatus
    }
  }
}
