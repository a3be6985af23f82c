/** The OpenAPI document of the REST routes, made from the same data that serves them. */
import { z } from 'zod'
import { serverLimits } from '../server-limits.ts'
import { restRoutes, type RestRoute } from './routes.ts'
import { errorAnswer } from './shapes.ts'

type Json = Readonly<Record<string, unknown>>

/** OpenAPI 3.1; without credentials in it where the service asks for none. */
export function describeRest({ authenticated }: { authenticated: boolean }): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of restRoutes) {
    paths[route.path] ??= {}
    paths[route.path]![route.method.toLowerCase()] = operation(route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Planwright',
      version: '1',
      description: 'For scripts: the same operations, rules and errors as the GraphQL API at /graphql.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: authenticated ? { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } } : {},
    security: authenticated ? [{ token: [] }] : [],
  }
}

/** Refusals that any route may answer. */
const always: Readonly<Record<number, string>> = {
  401: 'No valid credentials were sent where they are needed.',
  403: 'The caller may not do this, or another web site is the cause.',
  421: 'The service is not served under that host name.',
  429: 'Too many operations; Retry-After says when to try again.',
  500: 'Something failed unexpectedly.',
  503: 'Something needed is down; Retry-After says when to try again.',
}

/** Refusals of what comes with a body. */
const ofBodies: Readonly<Record<number, string>> = {
  408: 'The body came too slowly.',
  413: `The body has more than ${serverLimits.bodyBytes} bytes.`,
  415: 'The body is not declared as application/json.',
}

function operation({ path, operationId, summary, description, body, answer, refusals }: RestRoute): Json {
  const [, parameter] = /\{(\w+)\}/.exec(path) ?? []
  const key = { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 200 } }
  const parameters = [
    ...(parameter ? [{ name: parameter, in: 'path', required: true, schema: { type: 'string' } }] : []),
    ...(description?.includes(key.name) ? [key] : []),
  ]
  const refused = Object.entries({ ...refusals, ...(body && ofBodies), ...always }).map(([status, meaning]) => [status, { description: meaning, content: json(errorAnswer, 'output') }])
  return {
    operationId,
    summary,
    ...(description && { description }),
    parameters,
    ...(body && { requestBody: { required: true, content: json(body, 'input') } }),
    responses: { 200: { description: 'Done.', content: json(answer, 'output') }, ...Object.fromEntries(refused) },
  }
}

function json(shape: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io })
  return { 'application/json': { schema } }
}
