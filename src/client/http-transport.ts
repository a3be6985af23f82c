/** Operations by POST, and subscriptions as server-sent events where WebSockets do not get through. */
import { ConnectionLostError, errorOf, PlanwrightApiError } from './api-error.ts'
import { createSseReader } from './sse-reader.ts'
import type { Endpoint, GraphqlResult, Operation, ResultStream } from './transport.ts'

const answerLimitMs = 30_000
/** The service sends a comment every 12 s; a stream that is silent for longer is dead. */
const silenceLimitMs = 30_000

/** Runs one query or mutation; its result may have errors. */
export async function post(endpoint: Endpoint, operation: Operation, outer?: AbortSignal): Promise<GraphqlResult> {
  const late = AbortSignal.timeout(answerLimitMs)
  const signal = outer ? AbortSignal.any([outer, late]) : late
  const response = await send(endpoint, operation, 'application/graphql-response+json, application/json', signal)
  try {
    const answer: unknown = await response.json()
    if (isResult(answer)) return answer
  } catch (error) {
    outer?.throwIfAborted()
    if (!(error instanceof SyntaxError)) throw lost(error)
  }
  throw notGraphql(response)
}

/** Opens a subscription as server-sent events. */
export async function openEventStream(endpoint: Endpoint, operation: Operation): Promise<ResultStream> {
  const leaving = new AbortController()
  const response = await send(endpoint, operation, 'text/event-stream', leaving.signal)
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
    const answer: unknown = await response.json().catch(() => null)
    if (isResult(answer) && answer.errors) throw errorOf(answer.errors)
    throw notGraphql(response)
  }
  const events = createSseReader(response.body)
  return {
    async next() {
      let timer: ReturnType<typeof setTimeout> | undefined
      try {
        for (;;) {
          timer = setTimeout(() => leaving.abort(), silenceLimitMs)
          const event = await events.next()
          clearTimeout(timer)
          if (event === null) throw new ConnectionLostError('The event stream broke off.')
          if (event.name === 'complete') return null
          if (event.name === 'next' && event.data !== '') return JSON.parse(event.data) as GraphqlResult
        }
      } catch (error) {
        throw lost(error)
      } finally {
        clearTimeout(timer)
      }
    },
    cancel: () => leaving.abort(),
  }
}

async function send({ url, authorization, fetch }: Endpoint, operation: Operation, accept: string, signal: AbortSignal): Promise<Response> {
  const credentials = await authorization()
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...(credentials !== null && { authorization: credentials }) },
      body: JSON.stringify(operation),
      signal,
    })
  } catch (error) {
    throw lost(error)
  }
}

const isResult = (answer: unknown): answer is GraphqlResult =>
  typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer)

/** Proxies answer with pages of their own while the service behind them is away. */
const notGraphql = ({ status }: Response): Error =>
  status >= 500 || status === 429
    ? new ConnectionLostError(`The service answered ${status}.`)
    : new PlanwrightApiError({ code: 'BAD_REQUEST', message: `No GraphQL service answers there (${status}). Check the url.` })

const lost = (cause: unknown): Error =>
  cause instanceof ConnectionLostError ? cause : new ConnectionLostError('The service cannot be reached.', { cause })
