/** Answers the REST routes; refusals that concern HTTP only come before anything is read. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import { InvalidInputError } from '../../errors.ts'
import { asInputIssue } from '../../schema/input-issue.ts'
import { readBody } from '../read-body.ts'
import { checkForm } from '../request-guard.ts'
import { respondJson, respondRefusal, restPrefix } from '../respond.ts'
import { serverLimits } from '../server-limits.ts'
import { describeRest } from './openapi.ts'
import type { Operations } from './operations.ts'
import { RestError } from './rest-error.ts'
import { restRoutes, type RestRoute } from './routes.ts'

const documentPath = `${restPrefix}openapi.json`

export type RestOptions = {
  readonly authenticated: boolean
  /** The operations of the caller; rejects with a RestError for one that may do nothing. */
  readonly operations: (request: IncomingMessage, requestId: string) => Promise<Operations>
}

export type ServeRest = (request: IncomingMessage, response: ServerResponse, path: string, requestId: string) => Promise<void>

export function createRest({ authenticated, operations }: RestOptions): ServeRest {
  const document = describeRest({ authenticated })
  const matchers = restRoutes.map((route) => ({ route, pattern: new RegExp(`^${route.path.replace(/\{\w+\}/, '([^/]{1,200})')}$`) }))

  async function answer(request: IncomingMessage, requestId: string, route: RestRoute, id: string): Promise<unknown> {
    const caller = await operations(request, requestId)
    const body = route.body ? parseBody(route.body, await readJson(request)) : null
    const key = request.headers['idempotency-key']
    return route.run(caller, { id, body, idempotencyKey: typeof key === 'string' ? key : null })
  }

  return async (request, response, path, requestId) => {
    if (path === documentPath && request.method === 'GET') return respondJson(response, 200, document)
    const found = matchers.flatMap(({ route, pattern }) => {
      const match = pattern.exec(path)
      return match ? [{ route, id: match[1] ?? '' }] : []
    })
    const matched = found.find(({ route }) => route.method === request.method)
    if (found.length === 0) return respondRefusal(response, { status: 404, code: 'NOT_FOUND', message: `Nothing is served here. ${documentPath} lists the routes.` })
    if (!matched) {
      response.setHeader('allow', found.map(({ route }) => route.method).join(', '))
      return respondRefusal(response, { status: 405, code: 'METHOD_NOT_ALLOWED', message: `Use ${found.map(({ route }) => route.method).join(' or ')}.` })
    }
    const { route } = matched
    if (route.hasEffect && request.headers['sec-fetch-site'] === 'cross-site') {
      return respondRefusal(response, { status: 403, code: 'ORIGIN_NOT_ALLOWED', message: 'Other web sites may not call the service.' })
    }
    const refusal = checkForm(request.method, request, serverLimits.bodyBytes)
    if (refusal) return respondRefusal(response, refusal)
    try {
      respondJson(response, 200, await answer(request, requestId, route, matched.id))
    } catch (error) {
      if (!(error instanceof RestError)) throw error
      const { status, body } = error
      if (body.retry_after_seconds !== undefined) response.setHeader('retry-after', String(Math.ceil(body.retry_after_seconds)))
      if (status === 401) response.setHeader('www-authenticate', 'Bearer')
      respondJson(response, status, body)
    }
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, serverLimits.bodyBytes)
  if (body === null) throw invalid('', 'max_length', `Send at most ${serverLimits.bodyBytes} bytes.`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw invalid('', 'json', 'Send a JSON object in UTF-8.')
  }
}

function parseBody<Body>(shape: z.ZodType<Body>, body: unknown): Body {
  const parsed = shape.safeParse(body)
  if (parsed.success) return parsed.data
  throw new RestError(new InvalidInputError(parsed.error.issues.map(asInputIssue)))
}

const invalid = (path: string, rule: string, message: string) => new RestError(new InvalidInputError([{ path, rule, message }]))
