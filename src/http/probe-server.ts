/** A server of health and metrics alone: while a replica starts, all that one without the API has, and what METRICS_PORT opens. */
import { createServer } from 'node:http'
import type { Logger } from '../logger.ts'
import { listen } from './listen.ts'
import { answerHealth, answerMetrics, type Health, type RenderMetrics } from './probes.ts'
import { endUnreadBody, respondJson, respondRefusal } from './respond.ts'
import { checkSource, type GuardRules, type Refusal } from './request-guard.ts'
import { pathOf } from './routes.ts'
import { serverLimits } from './server-limits.ts'

export type ProbeServerOptions = {
  readonly host: string
  readonly port: number
  readonly health: () => Promise<Health>
  /** Null: not on this port. */
  readonly metrics: RenderMetrics | null
  /** Where given, metrics are for these hosts and origins only. */
  readonly rules: GuardRules | null
  /** Where given, another server takes the port soon: no connection is kept, and everything else is answered this. */
  readonly givesWay?: Refusal
  readonly logger: Pick<Logger, 'error'>
}

const notHere: Refusal = { status: 404, code: 'NOT_FOUND', message: 'Nothing is served here but health and, where it is open, metrics.' }

export type ProbeServer = {
  start(): Promise<{ url: string; port: number }>
  stop(): Promise<void>
}

export function createProbeServer({ host, port, health, metrics, rules, givesWay, logger }: ProbeServerOptions): ProbeServer {
  const { headersMs: headersTimeout, requestMs: requestTimeout } = serverLimits
  const server = createServer({ maxHeaderSize: 8_192, headersTimeout, requestTimeout, connectionsCheckingInterval: 1_000 }, (request, response) => {
    endUnreadBody(response)
    if (givesWay) response.shouldKeepAlive = false
    response.setHeader('x-content-type-options', 'nosniff')
    const path = pathOf(request)
    const answer = async () => {
      if (await answerHealth(path, health, request, response)) return
      const refusal = rules && checkSource(request, rules)
      if (refusal) respondRefusal(response, refusal)
      else if (!(await answerMetrics(path, metrics, request, response))) respondRefusal(response, givesWay ?? notHere)
    }
    answer().catch((error: unknown) => {
      logger.error({ err: error, path }, 'a probe could not be answered')
      if (!response.headersSent) respondJson(response, 503, { ready: false })
      else response.destroy()
    })
  })
  return {
    start: () => listen(server, host, port),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
