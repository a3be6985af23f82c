/** Spans as the parts of Planwright begin them; tracing.ts makes them real where traces are sent somewhere. */

export type SpanKind = 'server' | 'producer' | 'consumer'

export type OpenSpan = {
  /** W3C trace context to hand on. */
  readonly traceparent: string
  /** Ends it; `fault` is a code or name, never a message, which may hold what is nobody's business. */
  end(fault?: string): void
  /** Runs `work` inside it, for libraries that look for the present span. */
  run<Result>(work: () => Result): Result
}

export type SpanDraft = {
  readonly kind: SpanKind
  /** W3C trace context of what caused it; absent: a trace of its own. */
  readonly parent?: string | undefined
  /** Ids, names and counts; no content. */
  readonly attributes?: Readonly<Record<string, string | number>>
}

export type StartSpan = (name: string, draft: SpanDraft) => OpenSpan
