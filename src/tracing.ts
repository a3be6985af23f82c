/** OpenTelemetry: the only file that knows its API and, once traces are wanted, loads its SDK. */
import { context, ROOT_CONTEXT, SpanKind as ApiSpanKind, SpanStatusCode, trace, type SpanContext, type Tracer } from '@opentelemetry/api'
import type { SpanDraft, SpanKind, StartSpan } from './span.ts'

export type Tracing = {
  readonly startSpan: StartSpan
  /** Sends what is left. */
  stop(): Promise<void>
}

const kinds: Readonly<Record<SpanKind, ApiSpanKind>> = {
  server: ApiSpanKind.SERVER, producer: ApiSpanKind.PRODUCER, consumer: ApiSpanKind.CONSUMER,
}

export type TracingOptions = {
  /** Base URL of an OTLP collector (HTTP); `/v1/traces` is added. */
  readonly endpoint: string
  readonly serviceName: string
}

/** Loads the SDK, sends spans to the collector in batches, and serves libraries that use the global API. */
export async function startTracing({ endpoint, serviceName }: TracingOptions): Promise<Tracing> {
  const [{ BatchSpanProcessor, TracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }, { AsyncLocalStorageContextManager }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/context-async-hooks'),
  ])
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  return {
    startSpan: spansOf(provider.getTracer('planwright')),
    async stop() {
      await provider.shutdown()
      trace.disable()
      context.disable()
    },
  }
}

/** Spans of a tracer, tied together by traceparent alone. */
export function spansOf(tracer: Tracer): StartSpan {
  return (name: string, { kind, parent, attributes }: SpanDraft) => {
    const remote = readTraceparent(parent)
    const within = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT
    const span = tracer.startSpan(name, { kind: kinds[kind], attributes: { ...attributes } }, within)
    const { traceId, spanId, traceFlags } = span.spanContext()
    return {
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
      end(fault) {
        if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: fault })
        span.end()
      },
      run: (work) => context.with(trace.setSpan(context.active(), span), work),
    }
  }
}

function readTraceparent(traceparent: string | undefined): SpanContext | null {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? []
  return traceId && spanId && flags ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true } : null
}
