import type { RunSpec } from '../../catalog/capability.ts'
import { TaskFailure } from '../task-failure.ts'
import { fillJson, fillText } from './fill-template.ts'
import type { RunJob } from './run-environment.ts'

const maxResponseBytes = 200_000

/** Sends a request; the output is the status and the body, as JSON where it is. Redirects are not followed. */
export async function runHttp(job: RunJob, spec: Extract<RunSpec, { kind: 'http' }>): Promise<unknown> {
  const { context, values } = job
  const headers = new Headers({ 'idempotency-key': context.idempotencyKey, accept: 'application/json, */*;q=0.5' })
  if (context.traceparent) headers.set('traceparent', context.traceparent)
  if (context.requestId) headers.set('x-request-id', context.requestId)
  const body = fillJson(spec.body, values)
  if (body !== undefined && typeof body !== 'string') headers.set('content-type', 'application/json')
  const response = await request(
    job,
    spec,
    headers,
    typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
  )
  const { text, truncated } = await readBody(response)
  if (!response.ok) {
    const retryable = response.status === 408 || response.status === 429 || response.status >= 500
    const said = text.replaceAll(/\s+/g, ' ').trim().slice(0, 300)
    throw new TaskFailure(
      `HTTP_${response.status}`,
      said || `The server answered ${response.status} ${response.statusText}.`,
      retryable,
    )
  }
  return { status: response.status, body: truncated ? text : jsonOrText(text), ...(truncated && { truncated }) }
}

async function request(
  job: RunJob,
  spec: Extract<RunSpec, { kind: 'http' }>,
  headers: Headers,
  body: string | undefined,
): Promise<Response> {
  const { context, values } = job
  const url = fillText(spec.url, values, encodeURIComponent)
  if (!URL.canParse(url)) throw new TaskFailure('REQUEST_REFUSED', 'The address of the request is not a URL.')
  try {
    for (const [name, template] of Object.entries(spec.headers ?? {})) headers.set(name, fillText(template, values))
    return await fetch(url, { method: spec.method, headers, body, redirect: 'manual', signal: context.signal })
  } catch (error) {
    context.signal.throwIfAborted()
    const cause =
      error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : null
    if (cause) throw new TaskFailure('HTTP_UNREACHABLE', `${new URL(url).host} cannot be reached (${cause}).`, true)
    throw new TaskFailure(
      'REQUEST_REFUSED',
      `The request cannot be sent: ${error instanceof Error ? error.message : 'unknown reason'}.`,
    )
  }
}

async function readBody(response: Response): Promise<{ text: string; truncated: boolean }> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk.subarray(0, maxResponseBytes - bytes), { stream: true })
    bytes += chunk.length
    if (bytes > maxResponseBytes) return { text, truncated: true }
  }
  return { text: text + decoder.decode(), truncated: false }
}

function jsonOrText(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return text
  }
}
