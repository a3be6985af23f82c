/** Spans of the root fields of queries and mutations, where the operation has one. */
import { trace } from '@opentelemetry/api'
import { createOpenTelemetryWrapper } from '@pothos/tracing-opentelemetry'
import type { GraphQLFieldResolver } from 'graphql'
import type { OperationContext } from '../operation-context.ts'

type Resolver = GraphQLFieldResolver<unknown, OperationContext, Record<string, unknown>>

// Errors may hold what nobody should read in a trace, and so may arguments: neither is recorded.
const withSpan = createOpenTelemetryWrapper<unknown>(trace.getTracer('planwright'), { ignoreError: true, includeArgs: false, includeSource: false })

/** The same resolver; without traces it costs one look for a present span. */
export function traceField(resolver: Resolver, options: unknown): Resolver {
  const traced = withSpan(resolver, options)
  return (parent, args, context, info) => (trace.getActiveSpan() ? traced(parent, args, context, info) : resolver(parent, args, context, info))
}
