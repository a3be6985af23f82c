/** Which path is answered by whom; refusals come before anything is read. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { printedSchema } from '../schema/printed-schema.ts'
import { checkForm, checkSource, isConfiguredOrigin, type GuardRules } from './request-guard.ts'
import { answerHealth, answerMetrics, type Health, type RenderMetrics } from './probes.ts'
import { endUnreadBody, respondRefusal, respondText, restPrefix } from './respond.ts'
import type { ServeRest } from './rest/serve-rest.ts'
import { serverLimits } from './server-limits.ts'
import { limitSlowClient } from './slow-clients.ts'

export type RouteOptions = {
  readonly rules: GuardRules
  readonly introspection: boolean
  readonly graphiql: boolean
  readonly health: () => Promise<Health>
  /** Null: not on this port. */
  readonly metrics: RenderMetrics | null
  readonly serveGraphql: (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void> | void
  readonly serveRest: ServeRest
}

export type Routes = {
  /** `requestId` names the request in log lines. */
  handle(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void>
}

/** The path of a request without its query. */
export const pathOf = ({ url }: IncomingMessage): string => (url ?? '/').split('?', 1)[0]!

export function createRoutes({ rules, introspection, graphiql, health, metrics, serveGraphql, serveRest }: RouteOptions): Routes {
  async function graphql(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const refusal = checkForm(request.method, request, serverLimits.bodyBytes)
    if (refusal) return respondRefusal(response, refusal)
    await serveGraphql(request, response, requestId)
  }

  return {
    async handle(request, response, requestId) {
      endUnreadBody(response)
      limitSlowClient(request, response)
      setSafeHeaders(response)
      const path = pathOf(request)
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      if (await answerHealth(path, health, request, response)) return
      const refusal = checkSource(request, rules)
      if (refusal) return respondRefusal(response, refusal)
      if (allowOrigin(request, response, rules)) return
      if (path === '/graphql') return graphql(request, response, requestId)
      if (path.startsWith(restPrefix)) return serveRest(request, response, path, requestId)
      if (await answerMetrics(path, metrics, request, response)) return
      if (isRead && path === '/schema.graphql' && introspection) {
        return respondText(response, 200, 'text/plain; charset=utf-8', printedSchema)
      }
      if (isRead && path === '/' && graphiql) {
        response.setHeader('location', '/graphql')
        return respondText(response, 302, 'text/plain; charset=utf-8', 'See /graphql.\n')
      }
      respondRefusal(response, { status: 404, code: 'NOT_FOUND', message: 'Nothing is served here. The API is at /graphql.' })
    },
  }
}

function setSafeHeaders(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('x-frame-options', 'DENY')
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('cache-control', 'no-store')
}

/** Tells a configured origin that it may read the answer, without credentials; true where a preflight is answered. */
function allowOrigin(request: IncomingMessage, response: ServerResponse, rules: GuardRules): boolean {
  if (rules.allowedOrigins.length > 0) response.setHeader('vary', 'Origin')
  const { origin } = request.headers
  if (!isConfiguredOrigin(origin, rules)) return false
  response.setHeader('access-control-allow-origin', origin!)
  response.setHeader('access-control-expose-headers', 'x-request-id, retry-after')
  if (request.method !== 'OPTIONS') return false
  response.setHeader('access-control-allow-methods', 'GET, POST')
  response.setHeader('access-control-allow-headers', 'authorization, content-type, x-request-id, traceparent, idempotency-key')
  response.setHeader('access-control-max-age', '600')
  response.writeHead(204).end()
  return true
}
