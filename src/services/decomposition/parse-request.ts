/**
 * Parsing that may take long: a request in PARSING is leased to the replica that asks the decomposer, outside any
 * transaction. A lease that ran out is taken up by any replica; after three tries the request has failed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Request } from '../../entities/request.ts'
import { UnavailableError } from '../../errors.ts'
import type { Logger } from '../../logger.ts'
import type { Queryable } from '../recording/rows.ts'
import { failureReason } from './failure-reason.ts'
import { failedDecomposition, parsed } from './parsing-outcome.ts'
import type { Decomposition, DecompositionInput, RequestDecomposer } from './request-decomposer.ts'
import type { RequestWriter } from './request-writer.ts'

/** Tries of one request until it counts as failed. */
export const parsingTries = 3

export type RequestParser = {
  /** UnavailableError when too many requests are being parsed; to be asked before a request is stored. */
  checkRoom(): void
  /** Parses a request leased to this replica. Answers it as stored afterwards, or as it is after `waitMs`. */
  parse(request: Request, waitMs: number): Promise<Request>
  /** Begins to take up requests whose lease ran out. */
  start(): void
  /** Ends the search and the calls under way; their requests are taken up again. May be called twice. */
  stop(): Promise<void>
}

export type RequestParserDeps = {
  readonly decomposer: RequestDecomposer
  readonly writer: RequestWriter
  readonly database: Queryable
  readonly logger: Logger
  /** The same as the writer's. */
  readonly leaseSeconds: number
  /** Between searches for requests whose lease ran out (5,000). */
  readonly searchEveryMs?: number
  /** Requests parsed at a time (256). */
  readonly maxInFlight?: number
}

type Understood = Pick<Request, 'id' | 'submittedBy' | 'text' | 'answers' | 'subtasks' | 'ambiguities' | 'outOfScope' | 'notice'>

/** What the decomposer is given: the text, and after questions all answers with what was understood before them. */
function decompositionInput({ id, submittedBy, text, answers, subtasks, ambiguities, outOfScope, notice }: Understood): DecompositionInput {
  const who = { requestId: id, userId: submittedBy }
  if (answers.length === 0) return { ...who, text, answers: [], previous: null }
  return {
    ...who,
    text,
    answers: answers.map(({ ambiguity, answer }) => ({ ambiguity, answer })),
    // Those of one call share their time.
    newAnswers: answers.filter(({ at }) => at === answers.at(-1)!.at).length,
    previous: { status: 'REQUIRES_CLARIFICATION', subtasks, ambiguities, outOfScope, failureReason: null, notice: notice ?? null, usage: [] },
  }
}

/** Asks the decomposer; a failure is an answer. Rejects only when `signal` ended the call. */
export async function decompose(
  { decomposer, logger }: Pick<RequestParserDeps, 'decomposer' | 'logger'>,
  request: Understood,
  signal?: AbortSignal,
): Promise<Decomposition> {
  try {
    return await decomposer.decompose(decompositionInput(request), signal)
  } catch (error) {
    signal?.throwIfAborted()
    logger.warn({ err: error, requestId: request.id, decomposer: decomposer.name }, 'decomposer failed')
    return failedDecomposition(request, failureReason(error, 'The decomposer failed. Submit the request again, or tell the operator.'))
  }
}

export function createRequestParser(deps: RequestParserDeps): RequestParser {
  const { writer, logger, leaseSeconds, searchEveryMs = 5_000, maxInFlight = 256 } = deps
  const stopping = new AbortController()
  const inFlight = new Set<Promise<Request>>()
  let searching: Promise<void> | null = null

  async function parseLeased(request: Request): Promise<Request> {
    // Ending a little before the lease does keeps two replicas from paying for the same call.
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(leaseSeconds * 900)])
    const decomposition = await unlessAborted(decompose(deps, request, signal), signal)
    const stored = await writer.change({
      requestId: request.id,
      apply: (present) => (isSameTry(present, request) ? parsed(present, decomposition) : null),
    })
    return stored.request
  }

  function begin(request: Request): Promise<Request> {
    const parsing = parseLeased(request).catch((error: unknown) => {
      logger.warn({ err: error, requestId: request.id, try: request.parsingTries }, 'parsing did not finish; it will be tried again')
      return request
    })
    inFlight.add(parsing)
    void parsing.finally(() => inFlight.delete(parsing))
    return parsing
  }

  async function takeUp(requestId: string): Promise<void> {
    const { request, changed } = await writer.change({ requestId, apply: (present, now) => nextTry(present, now, leaseSeconds) })
    if (changed && request.status === 'PARSING') void begin(request)
  }

  async function search(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const room = maxInFlight - inFlight.size
        if (room > 0) await Promise.all((await readLapsed(deps.database, room)).map(takeUp))
      } catch (error) {
        logger.warn({ err: error }, 'the search for unfinished requests failed; it goes on')
      }
      const pause = searchEveryMs * (0.75 + Math.random() / 2)
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  return {
    checkRoom() {
      if (inFlight.size >= maxInFlight) throw new UnavailableError('Too many requests are being read. Try again shortly.', 5)
    },
    async parse(request, waitMs) {
      const done = new AbortController()
      const parsing = begin(request).finally(() => done.abort())
      return Promise.race([parsing, sleep(waitMs, request, { signal: done.signal }).catch(() => parsing)])
    },
    start() {
      searching ??= search()
    },
    async stop() {
      stopping.abort()
      await searching
      await Promise.all(inFlight)
    },
  }
}

/** True while nobody else took the request over since. */
const isSameTry = (present: Request, mine: Request): boolean =>
  present.status === 'PARSING' && present.parsingTries === mine.parsingTries && present.answers.length === mine.answers.length

function nextTry(request: Request, now: Date, leaseSeconds: number) {
  if (request.status !== 'PARSING' || (request.parsingLeaseUntil && request.parsingLeaseUntil > now)) return null
  if (request.parsingTries >= parsingTries) {
    return parsed(request, failedDecomposition(request, `Reading the request did not finish in ${parsingTries} tries. Submit it again.`))
  }
  const next = request.parsingTries + 1
  return {
    request: { ...request, parsingTries: next, parsingLeaseUntil: new Date(now.getTime() + leaseSeconds * 1_000) },
    log: [{
      stream: request.id, streamKind: 'REQUEST', kind: 'PARSING_RETRIED', actor: 'service',
      message: `Reading the request did not finish; try ${next} of ${parsingTries}.`,
    }] as const,
  }
}

/** A decomposer that does not heed its signal must not hold the request either. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function readLapsed(database: Queryable, limit: number): Promise<string[]> {
  const { rows } = await database.query({
    name: 'read_lapsed_requests',
    text: `select id from request where status = 'PARSING' and parsing_lease_until <= clock_timestamp()
      order by parsing_lease_until limit $1`,
    values: [limit],
  })
  return (rows as { id: string }[]).map(({ id }) => id)
}
